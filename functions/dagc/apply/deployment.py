"""All that following edits and rebuilding work with, as `template.yaml` deploys it."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple, TypeVar

from dagc.aws.bucket import Bucket
from dagc.aws.dag_table import DagTable
from dagc.aws.dependency_table import DependencyTable
from dagc.aws.event_bus import EventBus
from dagc.aws.row_tables import RowTables
from dagc.aws.threads import InParallel
from dagc.compiler import Toolchain

T = TypeVar("T")


class Deployment(NamedTuple):
    """Where rows come from, where files and records go, what compiles, what the time is.

    `pause` waits before an attempt, given its number: others may have disturbed the one before.
    """

    tables: RowTables
    dags: DagTable
    dependencies: DependencyTable
    bucket: Bucket
    bus: EventBus
    toolchain: Toolchain
    in_parallel: InParallel
    now: Callable[[], datetime]
    pause: Callable[[int], None]


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """`items` in lists of at most `size`, for requests that take no more."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
