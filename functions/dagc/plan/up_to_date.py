"""Says whether a DAG is up to date, as a build system does: made of what there is now. Pure."""

import hashlib
from collections.abc import Sequence

from dagc.compiler import DagRow, OtherDags, Snapshot
from dagc.plan.record import Record, State


def dag_fingerprint(
    toolchain: str,
    rows: Sequence[DagRow],
    claims: Snapshot,
    members: Snapshot,
    others: OtherDags,
) -> str:
    """The digest of all that the DAG of `rows` is made of: of the toolchain (its own fingerprint),
    of `rows` as they stood in `claims`, of what they name as it stood in `members`, and of what
    `others` says of the jobs that schedulers start.

    A DAG with the same fingerprint has the same file.
    """
    started = sorted(members.started_by(rows).items())
    parts = [
        toolchain,
        claims.digest(row.row for row in rows),
        members.digest(members.named_by(rows)),
        *(
            f"{dag_id} {others.unpublished[dag_id].value}"
            for dag_id, _ in started
            if dag_id in others.unpublished
        ),
        *(f"{dag_id} shared" for dag_id, job in started if job.job_id in others.shared),
    ]
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
