"""Reads all that there is, for a rebuild or for a plan: rows, records, dependencies, the files."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, product
from typing import Any, TypeVar

from dagc.aws.bucket import Bucket
from dagc.aws.dag_table import DagTable
from dagc.aws.dependency_table import DependencyTable
from dagc.aws.row_tables import RowTables
from dagc.aws.threads import InParallel
from dagc.compiler import KEYS, Item, RowKey, Snapshot, Toolchain, row_key
from dagc.plan.inventory import Inventory
from dagc.plan.record import Record, brief
from dagc.plan.request import Dependency, DeployedToolchain, JobRows
from dagc.plan.row_index import RowIndex, indexed

T = TypeVar("T")

SEGMENTS = 4
"""In which each table is read, side by side."""


def read_inventory(
    *,
    tables: RowTables,
    dags: DagTable,
    dependencies: DependencyTable,
    bucket: Bucket,
    in_parallel: InParallel,
) -> Inventory:
    """Everything, as brief as a rebuild needs it. The rows last: what they lack is gone, and was
    not just added. Raises botocore's errors where not everything could be read.
    """
    inventory = _read_all_but_rows(dags, dependencies, bucket, in_parallel, brief)
    rows = _read_rows(tables, in_parallel, indexed)
    return inventory(rows=RowIndex.of(rows))


def read_with_rows(
    *,
    tables: RowTables,
    dags: DagTable,
    dependencies: DependencyTable,
    bucket: Bucket,
    toolchain: Toolchain,
    in_parallel: InParallel,
) -> tuple[Inventory, Snapshot]:
    """The same, and the rows and records with all that they say, for a plan."""
    inventory = _read_all_but_rows(dags, dependencies, bucket, in_parallel, lambda record: record)
    rows = dict(_read_rows(tables, in_parallel, lambda row, item: (row, item)))
    index = RowIndex.of(indexed(row, item) for row, item in rows.items())
    return inventory(rows=index), Snapshot(rows, toolchain.types)


def _read_all_but_rows(
    dags: DagTable,
    dependencies: DependencyTable,
    bucket: Bucket,
    in_parallel: InParallel,
    kept: Callable[[Record], Record],
) -> Callable[..., Inventory]:
    """An inventory that still lacks its `rows`; of each record, it has what is to be `kept`."""
    reads: list[Callable[[], Any]] = [bucket.listing]
    for part in range(SEGMENTS):
        reads.append(partial(_all_of, dependencies.scan, part))
        reads.append(partial(_all_of, lambda *place: map(kept, dags.scan(*place)), part))
    files, *parts = in_parallel(lambda read: read(), reads)
    by_dag: dict[str, dict[str, int]] = {}
    job_rows: dict[str, JobRows] = {}
    records: dict[str, Record] = {}
    toolchain = ""
    for item in chain.from_iterable(parts):
        match item:
            case Dependency():
                by_dag.setdefault(item.dag_id, {})[item.input] = item.revision
            case JobRows():
                job_rows[item.input] = item
            case Record():
                records[item.dag_id] = item
            case DeployedToolchain():
                toolchain = item.fingerprint
    return partial(Inventory, by_dag, job_rows, records, files, toolchain=toolchain)


def _read_rows(
    tables: RowTables, in_parallel: InParallel, kept: Callable[[RowKey, Item], T]
) -> Iterator[T]:
    """What is `kept` of each row, once it is read."""

    def read(place: tuple[str, int]) -> list[T]:
        table, part = place
        return [kept(row_key(table, item), item) for item in tables.scan(table, part, SEGMENTS)]

    return chain.from_iterable(in_parallel(read, product(KEYS, range(SEGMENTS))))


def _all_of(scan: Callable[..., Iterable[T]], part: int) -> list[T]:
    """All of a part, here and now: a scan reads while it is walked through."""
    return list(scan(part, SEGMENTS))
