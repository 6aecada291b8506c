"""Describes a row of `mwaa_dag`: the state of one DAG, for people and for other compiles of it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from sys import intern
from typing import Any, NamedTuple

from dagc.compiler import (
    JOB,
    Code,
    DagRow,
    Diagnostic,
    JobFile,
    Severity,
    claiming_table,
    is_named,
    key_text,
)
from dagc.plan.row_index import Claim


class State(StrEnum):
    """What has become of a DAG."""

    PUBLISHED = "published"
    """Its file is what its row says."""
    INVALID = "invalid"
    """Its row is in error; the last good file, if there was one, stays."""
    DISABLED = "disabled"
    """Its row has status 0; there is no file."""
    REMOVED = "removed"
    """No row claims it any more; there is no file. DynamoDB drops the row at `expires_at`."""
    BLOCKED = "blocked"
    """Its row is right, but an object that is not the compiler's stands where the file belongs."""


_COMPILED = (State.PUBLISHED, State.INVALID, State.BLOCKED)


class Record(NamedTuple):
    """One row of `mwaa_dag`. Texts are empty where there is nothing to say.

    `revision` counts the compiles that began. `settled` is the revision of the last one that ended:
    what the other attributes say, that one found. `sources` are the keys of the rows that may claim
    the id, as `key_text` writes them; `cut` is 1 where there may be more of them than these.
    `inputs` are what else the DAG reads, each with the revision that put that dependency into
    `mwaa_dag_dependency`. Of these, `shared_jobs` are the jobs that other schedulers start as well;
    `leaving` are jobs that the scheduler has given up, until the others that start them are
    compiled. `file` to `published_at` describe the file
    that is in the bucket. `unannounced` is the kind of the event that is owed: one was due, and
    EventBridge did not take it.
    """

    dag_id: str
    revision: int = 0
    settled: int = 0
    cut: int | None = None
    state: str = ""
    sources: frozenset[str] = frozenset()
    inputs: Mapping[str, int] = {}
    shared_jobs: frozenset[str] = frozenset()
    leaving: frozenset[str] = frozenset()
    diagnostics: tuple[Mapping[str, Any], ...] = ()
    fingerprint: str = ""
    file: str = ""
    version: str = ""
    etag: str = ""
    sha256: str = ""
    published_at: str = ""
    edit_to_file_ms: int | None = None
    compiled_at: str = ""
    unannounced: str = ""
    expires_at: int | None = None

    def as_item(self) -> dict[str, Any]:
        """The record as plain data, without what is empty: DynamoDB stores no empty set."""
        content = {**self._asdict(), "diagnostics": list(self.diagnostics)}
        return {name: value for name, value in content.items() if value or value == 0}


def is_compiled(record: Record | None) -> bool:
    """Whether an enabled row of the DAG was compiled, so that its record says what became of it."""
    return record is not None and record.state in _COMPILED


def is_at_rest(record: Record | None) -> bool:
    """Whether no compile of the DAG is under way."""
    return record is None or record.settled == record.revision


def was_cut_off(begun: Record) -> bool:
    """Whether the compile before the one that has `begun` has not ended."""
    return begun.settled != begun.revision - 1


def unfinished(begun: Record, but: Collection[int] = ()) -> set[int]:
    """The revisions of the compiles before the one that has `begun` that have not ended, or did not
    settle; `but` for these.
    """
    return set(range(begun.settled + 1, begun.revision)).difference(but)


def unpublished(records: Iterable[Record]) -> dict[str, JobFile]:
    """Those of the jobs' DAGs that are not published as their rows are now, by DAG id."""
    files = {record.dag_id: _unpublished_file(record) for record in records}
    return {dag_id: file for dag_id, file in files.items() if file is not None}


def concerns_schedulers(before: Record, after: Record) -> bool:
    """Whether the schedulers that start a job's DAG have to be compiled after a step of its record.

    They have to where they say something else of it now. Also where an earlier compile of the DAG
    was cut off: it may have stored a record, and not have come to its schedulers. Where no enabled
    row claims the DAG any more, they are compiled for the edit of that row.
    """
    if claiming_table(after.dag_id) != JOB or not is_compiled(after) or not is_named(after.dag_id):
        return False
    return was_cut_off(before) or _unpublished_file(before) != _unpublished_file(after)


def _unpublished_file(record: Record) -> JobFile | None:
    """The file that stands though the DAG is in error, or that is missing; None if all is well, or
    if nothing is known.
    """
    if record.state not in (State.INVALID, State.BLOCKED):
        return None
    return JobFile.LAST_GOOD if record.file else JobFile.MISSING


def brief(record: Record) -> Record:
    """The record without what only people read; of its diagnostics, whether there are any. A
    rebuild holds those of all DAGs. Names of inputs, which are in many of them, are there once.
    """
    return record._replace(
        inputs={intern(name): revision for name, revision in record.inputs.items()},
        diagnostics=({},) if record.diagnostics else (),
        version="",
        sha256="",
        published_at="",
        compiled_at="",
    )


def record_of(item: Mapping[str, Any]) -> Record:
    """The record in `item`, plain data; attributes that are not known are left out."""
    known = {name: value for name, value in item.items() if name in Record._fields}
    return Record(**known | {"diagnostics": tuple(item.get("diagnostics", ()))})


def sources_of(rows: Iterable[DagRow | Claim]) -> frozenset[str]:
    """The keys of the rows that claim a DAG id, as many as a record holds: of the enabled ones
    first, since two of these decide.
    """
    ordered = sorted(rows, key=lambda row: (not row.enabled, row.row))
    return first_keys(key_text(row.row) for row in ordered)


def first_keys(keys: Iterable[str]) -> frozenset[str]:
    """As many of the rows' keys, in this order, as a record holds as its `sources`."""
    room = _MAX_KEYS_SIZE
    kept = []
    for key in keys:
        room -= len(key.encode())
        if room < 0:
            break
        kept.append(key)
    return frozenset(kept)


def timestamp(moment: datetime) -> str:
    """A moment as `mwaa_dag` shows it: `2026-11-22T19:43:52.123Z`."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def listed(diagnostics: tuple[Diagnostic, ...]) -> tuple[Mapping[str, Any], ...]:
    """Diagnostics as a record holds them: as many as fit, long texts cut."""
    items: list[Mapping[str, Any]] = []
    room = _MAX_DIAGNOSTICS_SIZE
    for number, diagnostic in enumerate(diagnostics):
        content = {name: _cut(value) for name, value in diagnostic.as_dict().items()}
        room -= len(repr(content).encode())
        if room < 0:
            more = f"{len(diagnostics) - number:,} more diagnostics: run `dagc validate --from-aws`"
            items.append({**content, "message": more, "hint": "They do not fit into this row."})
            break
        items.append(content)
    return tuple(items)


def diagnostic_of(content: Mapping[str, Any]) -> Diagnostic:
    """The diagnostic that a record lists so."""
    known = {**content, "key": tuple(content["key"].items())}
    return Diagnostic(
        **known | {"code": Code(known["code"]), "severity": Severity(known["severity"])}
    )


_MAX_DIAGNOSTICS_SIZE = 60_000
"""Bytes."""
_MAX_KEYS_SIZE = 40_000
"""Bytes."""
_MAX_TEXT_LENGTH = 1000


def _cut(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _cut(text) for name, text in value.items()}
    # A lone surrogate, which a row's JSON can spell, has no place in DynamoDB.
    text = str(value).encode(errors="backslashreplace").decode()
    return text if len(text) <= _MAX_TEXT_LENGTH else f"{text[:_MAX_TEXT_LENGTH]}…"
