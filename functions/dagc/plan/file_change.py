"""Decides what to do with one DAG's file, and what `mwaa_dag` then says of it. Pure."""

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple

from dagc.compiler import Code, Dag, DagRow, Diagnostic, Problem, Severity
from dagc.plan.record import Record, State, listed, timestamp, unfinished, was_cut_off

REMEMBERED = timedelta(days=30)
"""How long `mwaa_dag` keeps the row of a DAG that was removed."""


class Observed(NamedTuple):
    """An object as it is. `digest` is the compiler's mark, the SHA-256 of what it wrote, or None;
    `generated` is whether an object without the mark begins as the compiler's files do.
    """

    etag: str
    digest: str | None
    version: str = ""
    generated: bool = False


class FileChange(NamedTuple):
    """What to do: write `text`, or `delete`, or neither; and the `record` of it.

    `drift` is whether somebody else changed or removed the file since it was published.
    """

    text: str | None
    delete: bool
    record: Record
    drift: bool


class Context(NamedTuple):
    """When and where: the moment, the moment of the edit if there was one, the file's URL.
    `attempts` are the revisions of this compile that it had to begin again.
    """

    now: datetime
    edited_at: datetime | None
    file: str
    attempts: frozenset[int] = frozenset()


def is_recorded(begun: Record, file: str) -> bool:
    """Whether the record tells what is in the place of the file `file`: the object that its last
    compile left there, or none. Not where a compile has not ended; where that one has seen there
    an object that is not the compiler's; and where the file was elsewhere.
    """
    if was_cut_off(begun) or begun.state == State.BLOCKED:
        return False
    if begun.state == State.DISABLED and begun.diagnostics:
        return False
    return not begun.etag or begun.file == file


def recorded(begun: Record) -> Observed | None:
    """The object that the record tells of, as if it had been looked at; None if there is none."""
    if not begun.etag:
        return None
    return Observed(begun.etag, begun.sha256 or None, begun.version, generated=True)


def is_ours(observed: Observed | None, record: Record) -> bool:
    """Whether the compiler wrote the object.

    It carries the mark; or the compiler published a file there and what replaced it still begins
    like one: somebody edited it, and their tool dropped the mark.
    """
    if observed is None:
        return False
    return observed.digest is not None or (observed.generated and bool(record.etag))


def change_for(dag: Dag, begun: Record, observed: Observed | None, context: Context) -> FileChange:
    """What to do for `dag`, whose record is `begun`, whose file is `observed`.

    Of a text yet to be written, the record lacks its ETag, its version and its moment: the bucket
    and `as_new` add them.
    """
    ours = observed if is_ours(observed, begun) else None
    drift = _drifted(begun, ours, context.attempts) and begun.file == context.file
    record = begun._replace(
        settled=begun.revision,
        diagnostics=listed(dag.diagnostics),
        compiled_at=timestamp(context.now),
        expires_at=None,
    )
    if not dag.enabled:
        return _removed(dag, record, observed, ours, context, drift=drift)
    if dag.text is None:
        kept = _with_file(record, ours, context.file)
        if ours and ours.etag == begun.etag:
            kept = kept._replace(sha256=begun.sha256)
        invalid = kept._replace(state=State.INVALID)
        return FileChange(None, delete=False, record=invalid, drift=drift)
    if observed and not ours:
        blocked = (*dag.diagnostics, _foreign(dag.rows[0], context.file, Severity.ERROR))
        record = _with_file(record, None, "")._replace(
            state=State.BLOCKED, diagnostics=listed(blocked)
        )
        return FileChange(None, delete=False, record=record, drift=drift)
    return _published(dag.text, begun, record, ours, context, drift=drift)


def as_new(record: Record, now: datetime, edited_at: datetime | None) -> Record:
    """The record of a file that is in the bucket since `now`, for an edit at `edited_at`."""
    latency = None if edited_at is None else round((now - edited_at).total_seconds() * 1000)
    return record._replace(published_at=timestamp(now), edit_to_file_ms=latency)


def digest(text: str) -> str:
    """The SHA-256 of a file's content, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _removed(
    dag: Dag,
    record: Record,
    observed: Observed | None,
    ours: Observed | None,
    context: Context,
    *,
    drift: bool,
) -> FileChange:
    """No file of the compiler's is to be there. Of a foreign one, a disabled row warns."""
    gone = _with_file(record, None, "")
    if dag.rows:
        foreign = observed is not None and ours is None
        warning = (_foreign(dag.rows[0], context.file, Severity.WARNING),) if foreign else ()
        gone = gone._replace(state=State.DISABLED, diagnostics=listed(warning))
    else:
        expiry = int((context.now + REMEMBERED).timestamp())
        gone = gone._replace(state=State.REMOVED, expires_at=expiry)
    return FileChange(None, ours is not None, gone, drift and ours is not None)


def _published(
    text: str,
    begun: Record,
    record: Record,
    ours: Observed | None,
    context: Context,
    *,
    drift: bool,
) -> FileChange:
    sha256 = digest(text)
    record = record._replace(state=State.PUBLISHED, file=context.file, sha256=sha256)
    if ours and _holds(ours, text, sha256, begun):
        if ours.etag == begun.etag and sha256 == begun.sha256:
            same = record._replace(version=ours.version)
            return FileChange(None, delete=False, record=same, drift=drift)
        # Written by a compile that ended before it stored its record; or that record was lost.
        adopted = _with_file(record, ours, context.file)._replace(sha256=sha256)
        new = as_new(adopted, context.now, context.edited_at)
        return FileChange(None, delete=False, record=new, drift=drift)
    return FileChange(text, delete=False, record=record, drift=drift)


def _holds(ours: Observed, text: str, sha256: str, begun: Record) -> bool:
    """Whether the object holds `text`: not only marked so, but certainly.

    Its ETag is that of when `text` was published; or the MD5 of `text`, as S3's ETags are, but for
    objects under a KMS key ("Checking object integrity"): one more write then does no harm.
    """
    if sha256 == begun.sha256:
        return ours.etag == begun.etag
    md5 = hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
    return ours.digest == sha256 and ours.etag.strip('"') == md5


def _drifted(begun: Record, ours: Observed | None, attempts: frozenset[int]) -> bool:
    """Whether the file is not the one of the record, though no other compile was cut off since."""
    etag = ours.etag if ours else ""
    return bool(begun.etag) and begun.etag != etag and not unfinished(begun, attempts)


def _with_file(record: Record, observed: Observed | None, file: str) -> Record:
    """`record` with what is known of the object that is there; of none, if None.

    Its SHA-256 is unknown: the mark may be that of a text which somebody has replaced since.
    """
    if observed is None:
        return record._replace(
            file="", version="", etag="", sha256="", published_at="", edit_to_file_ms=None
        )
    return record._replace(file=file, version=observed.version, etag=observed.etag, sha256="")


def _foreign(row: DagRow, file: str, severity: Severity) -> Diagnostic:
    """An error where the DAG's file belongs there; a warning where nothing should be."""
    hints = {
        Severity.ERROR: "the next rebuild writes the DAG's file.",
        Severity.WARNING: "Airflow may load it though the row is disabled.",
    }
    problem = Problem(
        Code.FOREIGN_OBJECT,
        f"{file} is an object that the compiler did not write, and will not touch",
        f"Move it out of the compiler's prefix; {hints[severity]}",
        severity=severity,
    )
    return problem.at(row.row, "")
