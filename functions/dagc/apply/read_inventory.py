"""Reads all that there is, for a rebuild or for a plan: rows, records, dependencies, the files."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import product
from typing import Any, TypeVar

from dagc.aws.bucket import Bucket
from dagc.aws.dag_table import DagTable
from dagc.aws.dependency_table import DependencyTable
from dagc.aws.row_tables import RowTables
from dagc.aws.threads import InParallel
from dagc.compiler import KEYS, Snapshot, Toolchain, row_key
from dagc.plan.inventory import Inventory
from dagc.plan.record import Record
from dagc.plan.request import Dependency, DeployedToolchain, JobRows

T = TypeVar("T")

SEGMENTS = 4
"""In which each table is read, side by side."""


def read_inventory(
    *,
    tables: RowTables,
    dags: DagTable,
    dependencies: DependencyTable,
    bucket: Bucket,
    toolchain: Toolchain,
    in_parallel: InParallel,
) -> Inventory:
    """Everything. The rows last: what they lack is gone, and was not just added. Raises botocore's
    errors where not everything could be read.
    """
    reads: list[Callable[[], Any]] = [bucket.listing]
    for table in (dependencies, dags):
        reads += [partial(_list, table.scan, part, SEGMENTS) for part in range(SEGMENTS)]
    files, *parts = _side_by_side(reads, in_parallel)
    items = [item for part in parts for item in part]
    by_dag: dict[str, dict[str, Dependency]] = {}
    for item in items:
        if isinstance(item, Dependency):
            by_dag.setdefault(item.dag_id, {})[item.input] = item
    rows = _read_rows(tables, toolchain, in_parallel)
    stored = [item.fingerprint for item in items if isinstance(item, DeployedToolchain)]
    return Inventory(
        by_dag,
        job_rows={item.input: item for item in items if isinstance(item, JobRows)},
        records={item.dag_id: item for item in items if isinstance(item, Record)},
        files=files,
        rows=rows,
        claims=rows.claims(),
        toolchain="".join(stored),
    )


def _read_rows(tables: RowTables, toolchain: Toolchain, in_parallel: InParallel) -> Snapshot:
    places = list(product(KEYS, range(SEGMENTS)))
    scans = [partial(_list, tables.scan, *place, SEGMENTS) for place in places]
    found = zip(places, _side_by_side(scans, in_parallel), strict=True)
    rows = {row_key(table, item): item for (table, _), items in found for item in items}
    return Snapshot(rows, toolchain.types)


def _side_by_side(calls: Iterable[Callable[[], T]], in_parallel: InParallel) -> list[T]:
    return in_parallel(lambda call: call(), calls)


def _list(scan: Callable[..., Iterator[Any]], *arguments: Any) -> list[Any]:
    """All of it, here and now: a scan reads while it is walked through."""
    return list(scan(*arguments))
