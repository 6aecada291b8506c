"""Holds all that `edits` and `rebuild` work with, as `template.yaml` deploys it."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from dagc.aws.bucket import Bucket
from dagc.aws.dag_table import DagTable
from dagc.aws.dependency_table import DependencyTable
from dagc.aws.event_bus import EventBus
from dagc.aws.row_tables import RowTables
from dagc.aws.threads import InParallel
from dagc.compiler import Toolchain


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
