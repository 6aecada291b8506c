"""Says whether a DAG is up to date, as a build system does: made of what there is now. Pure."""

import hashlib
from collections.abc import Collection, Iterable, Sequence

from dagc.compiler import DagRow, OtherDags, Snapshot
from dagc.plan.record import Record, State


def dag_fingerprint(
    toolchain: str,
    rows: Sequence[DagRow],
    claims: Snapshot,
    members: Snapshot,
    others: OtherDags,
) -> str:
    """The fingerprint of the DAG of `rows`, as they stood in `claims`; what they name stood so in
    `members`.
    """
    return fingerprint(
        toolchain,
        claims.digests(row.row for row in rows),
        members.digests(members.named_by(rows)),
        {(job.dag_id, job.job_id) for job in members.started(rows)},
        others,
    )


def fingerprint(
    toolchain: str,
    rows: Iterable[bytes],
    members: Iterable[bytes],
    started: Collection[tuple[str, str]],
    others: OtherDags,
) -> str:
    """The digest of all that a DAG is made of: of the toolchain (its own fingerprint), of its rows
    in the order of their keys, of the rows that they name, and of what `others` says of the jobs
    that schedulers start (`started`: the DAG id and the job id of each). Of rows, it takes the
    digests.

    A DAG with the same fingerprint has the same file. And it names the same rows: that is said in
    its own.
    """
    parts = [
        toolchain,
        hashlib.sha256(b"".join(rows)).hexdigest(),
        hashlib.sha256(b"".join(sorted(members))).hexdigest(),
    ]
    for dag_id, job_id in sorted(started):
        if dag_id in others.unpublished:
            parts.append(f"{dag_id} {others.unpublished[dag_id].value}")
        if job_id in others.shared:
            parts.append(f"job {job_id} shared")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def is_up_to_date(record: Record, fingerprint: str, etag: str, settled: int) -> bool:
    """Whether `record` is still true, and was told: the same inputs, the same object ("" for none),
    no event owed, and revision `settled` was the last that ended, so that no compile was left
    unfinished.
    """
    return (
        record.settled == settled
        and record.fingerprint == fingerprint
        and record.etag == etag
        and not record.unannounced
        and record.state not in ("", State.BLOCKED)
        # A foreign object was in the place of a disabled DAG's file: is it there still?
        and not (record.state == State.DISABLED and record.diagnostics)
    )
