"""Rebuilds: compares all rows with all records, dependencies and files; repairs what differs.

This is for what edits alone do not bring: tables that were there before the stack, new templates,
files that somebody changed, edits in the dead-letter queue. A DAG whose record is still right costs
no request; every other goes through the same compile as after an edit, which reads its rows again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import product, takewhile
from typing import Any, NamedTuple, TypeVar

from dagc.apply.compile_dags import compile_dags
from dagc.apply.deployment import Deployment
from dagc.apply.results import Failure, Outcome
from dagc.compiler import KEYS, Snapshot, row_key
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
from dagc.plan.request import Dependency, JobRows, Request

T = TypeVar("T")

SEGMENTS = 4
"""In which each table is read, side by side."""


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
    inventory = _read_inventory(deployment)
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


def _read_inventory(deployment: Deployment) -> Inventory:
    """Everything. The rows last: what they lack is gone, and was not just added."""
    reads: list[Callable[[], Any]] = [deployment.bucket.listing]
    for table in (deployment.dependencies, deployment.dags):
        reads += [partial(_list, table.scan, part, SEGMENTS) for part in range(SEGMENTS)]
    files, *parts = _side_by_side(reads, deployment)
    items = [item for part in parts for item in part]
    dependencies: dict[str, dict[str, Dependency]] = {}
    for item in items:
        if isinstance(item, Dependency):
            dependencies.setdefault(item.dag_id, {})[item.input] = item
    rows = _read_rows(deployment)
    return Inventory(
        dependencies,
        job_rows={item.input: item for item in items if isinstance(item, JobRows)},
        records={item.dag_id: item for item in items if isinstance(item, Record)},
        files=files,
        rows=rows,
        claims=rows.claims(),
    )


def _read_rows(deployment: Deployment) -> Snapshot:
    places = list(product(KEYS, range(SEGMENTS)))
    scans = [partial(_list, deployment.tables.scan, *place, SEGMENTS) for place in places]
    found = zip(places, _side_by_side(scans, deployment), strict=True)
    rows = {row_key(table, item): item for (table, _), items in found for item in items}
    return Snapshot(rows, deployment.toolchain.types)


def _side_by_side(calls: Iterable[Callable[[], T]], deployment: Deployment) -> list[T]:
    return deployment.in_parallel(lambda call: call(), calls)


def _list(scan: Callable[..., Iterator[Any]], *arguments: Any) -> list[Any]:
    """All of it, here and now: a scan reads while it is walked through."""
    return list(scan(*arguments))


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
