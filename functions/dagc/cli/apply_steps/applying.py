"""Applies a plan: checks the live rows, writes those that are open, waits for the streams."""

import threading
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dagc.aws import INFRASTRUCTURE
from dagc.aws.clock import Clock
from dagc.aws.row_writes import write_row
from dagc.aws.threads import in_threads
from dagc.changes.writing.plan_file import SavedPlan
from dagc.changes.writing.writing_order import in_writing_order
from dagc.cli.apply_steps.interruption import interruptible
from dagc.cli.apply_steps.live_check import Checked, check_live_rows
from dagc.cli.apply_steps.row_writing import Written, write_rows
from dagc.cli.apply_steps.stream_wait import Arrival, wait_for
from dagc.cli.deployed_stack import DeployedStack
from dagc.cli.progress import Bar, progress
from dagc.cli.refusal import stderr, without_dot
from dagc.plan.record import Record


class Applied(NamedTuple):
    """What was done of a plan. `arrivals` are what became of its DAGs: empty where nobody waited,
    which `waited` says, or where not all rows could be written. `unread`: why that could not be
    read, if so. `interrupted`: by Ctrl-C.
    """

    plan: SavedPlan
    checked: Checked
    written: Written
    arrivals: Sequence[Arrival] = ()
    waited: bool = False
    unread: str = ""
    interrupted: bool = False

    @property
    def is_written(self) -> bool:
        """Whether all rows are as the plan wants them."""
        return not (self.checked.moved or any(self.written[1:]))


def apply_plan(plan: SavedPlan, deployed: DeployedStack, wait_seconds: float) -> Applied:
    """Writes the rows of `plan`, unless one has moved; and waits for so many seconds until its DAGs
    are what it says. Raises botocore's errors where something cannot be read.
    """
    checked = check_live_rows(plan.rows, deployed.tables)
    nothing = Applied(plan, checked, Written([], [], [], []))
    if checked.moved:
        return nothing
    dag_ids = [entry.dag_id for entry in plan.dags]
    before = deployed.dags.get_all(dag_ids, in_threads) if wait_seconds else {}
    with interruptible() as stop:
        written = _write(checked, deployed, stop)
        applied = nothing._replace(written=written)
        if wait_seconds and applied.is_written and not stop.is_set():
            try:
                known = before if checked.open else None
                arrivals = _wait(plan, known, deployed, wait_seconds, stop)
                applied = applied._replace(arrivals=arrivals, waited=True)
            except INFRASTRUCTURE as error:
                applied = applied._replace(unread=without_dot(error))
        # A row that cannot be written stops the others, too.
        by_a_row = bool(written.moved or written.failed)
        return applied._replace(interrupted=stop.is_set() and not by_a_row)


def _write(checked: Checked, deployed: DeployedStack, stop: threading.Event) -> Written:
    with progress("Writing rows", len(checked.open)) as bar:
        return write_rows(
            in_writing_order(checked.open),
            lambda change: write_row(deployed.tables, *change),
            stop=stop,
            told=_Told(bar),
        )


class _Told:
    """Moves the bar on; says once that AWS wants to be asked more slowly."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._is_throttled = False

    def __call__(self, what: str) -> None:
        if what == "written":
            self._bar.advance()
        elif not self._is_throttled:
            self._is_throttled = True
            stderr.print("DynamoDB takes no more writes for now: going on more slowly.")


def _wait(
    plan: SavedPlan,
    before: Mapping[str, Record] | None,
    deployed: DeployedStack,
    seconds: float,
    stop: threading.Event,
) -> list[Arrival]:
    with progress("Waiting for the compiler", len(plan.dags)) as bar:
        return wait_for(
            plan.dags,
            before,
            lambda dag_ids: deployed.dags.get_all(dag_ids, in_threads),
            seconds=seconds,
            clock=Clock(time.monotonic, stop.wait),
            told=lambda known: bar.reached(known, len(plan.dags)),
        )
