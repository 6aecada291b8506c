"""Rebuilds: compares all rows with all records, dependencies and files; repairs what differs.

This is for what edits alone do not bring: tables that were there before the stack, new templates,
files that somebody changed, edits in the dead-letter queue. A DAG whose record is still right costs
no request; every other goes through the same compile as after an edit, which reads its rows again.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import takewhile
from typing import NamedTuple

from dagc.apply.compile_dags import compile_dags
from dagc.apply.deployment import Deployment
from dagc.apply.read_inventory import read_inventory
from dagc.apply.results import Failure, Outcome
from dagc.plan.file_change import is_ours
from dagc.plan.inventory import (
    Inventory,
    gone_job_rows,
    new_job_rows,
    stale,
    unknown_files,
)
from dagc.plan.record import Record
from dagc.plan.removals import removals
from dagc.plan.request import Request


class Rebuilt(NamedTuple):
    """What a rebuild did and saw.

    `records` are those of all DAGs, as they are now; `current` counts those that it left as they
    were. `refused` are the DAGs whose files it would not remove, so many at once. `unread` counts
    those for which no time was left.
    """

    outcomes: tuple[Outcome, ...]
    failures: tuple[Failure, ...]
    refused: tuple[str, ...]
    unread: int
    current: int
    records: Mapping[str, Record]


def rebuild(
    deployment: Deployment,
    *,
    max_removed_percent: int = 100,
    has_time: Callable[[], bool] = lambda: True,
) -> Rebuilt:
    """Repairs all that is not as the rows say. Raises botocore's errors where not everything could
    be read: then nothing has been touched.
    """
    inventory = _read(deployment)
    requests = list(stale(inventory, deployment.toolchain.fingerprint))
    requests += _ours_unknown(inventory, deployment)
    _repair_job_rows(inventory, deployment)
    removed = removals(inventory, requests)
    refused = removed.dag_ids if removed.exceed(max_removed_percent) else ()
    requests = [request for request in requests if request.dag_id not in set(refused)]
    unread = {request.dag_id for request in requests}

    def while_time_is_left() -> Iterator[Request]:
        for request in takewhile(lambda _: has_time(), requests):
            unread.remove(request.dag_id)
            yield request

    outcomes, failures = compile_dags(while_time_is_left(), deployment)
    compiled = {outcome.after.dag_id: outcome.after for outcome in outcomes}
    records = {**inventory.records, **compiled}
    failed = {failure.what for failure in failures}
    return Rebuilt(
        outcomes=outcomes,
        failures=failures,
        refused=refused,
        unread=len(unread - compiled.keys()),
        current=len(records.keys() - compiled.keys() - failed - unread),
        records=records,
    )


def _read(deployment: Deployment) -> Inventory:
    """Everything; and what compiles it is noted, for those who plan from elsewhere."""
    inventory = read_inventory(
        tables=deployment.tables,
        dags=deployment.dags,
        dependencies=deployment.dependencies,
        bucket=deployment.bucket,
        toolchain=deployment.toolchain,
        in_parallel=deployment.in_parallel,
    )
    if inventory.toolchain != deployment.toolchain.fingerprint:
        deployment.dependencies.put_toolchain(deployment.toolchain.fingerprint)
    return inventory


def _ours_unknown(inventory: Inventory, deployment: Deployment) -> list[Request]:
    """The files that nobody knows of, but that carry the compiler's mark."""
    bucket = deployment.bucket
    dag_ids = unknown_files(inventory)
    observed = zip(dag_ids, deployment.in_parallel(bucket.observe, dag_ids), strict=True)
    return [Request(dag_id) for dag_id, found in observed if is_ours(found, Record(dag_id))]


def _repair_job_rows(inventory: Inventory, deployment: Deployment) -> None:
    dependencies = deployment.dependencies
    gone = list(gone_job_rows(inventory))
    deployment.in_parallel(lambda stored: dependencies.remove_job_rows(*stored), gone)
    new = [(name, row) for name, rows in new_job_rows(inventory).items() for row in rows]
    deployment.in_parallel(lambda row: dependencies.add_job_row(*row), new)
