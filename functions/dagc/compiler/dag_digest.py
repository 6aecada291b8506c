"""The fingerprint of all that a DAG is made of: whoever has stored it sees whether it is made anew.

It is a part of the compiler, so that the compiler's own fingerprint changes with its form.
"""

import hashlib
from collections.abc import Collection, Iterable, Sequence

from dagc.compiler.analysis.other_dags import OtherDags
from dagc.compiler.rows.dag_ids import DagRow
from dagc.compiler.snapshot import Snapshot


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
