"""Records events in the table of run history, beside the task and in bounded time.

An event that cannot be recorded is dropped: a line in the log says so, it is counted, and the next
process of this machine that reaches the table tells it the count.
"""

import logging
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import asdict
from datetime import UTC, datetime
from threading import Lock
from typing import NamedTuple, TypeVar

from dagc_run_table import Event, RunTable, timestamp
from dagc_run_trouble import FAILURES, PAUSE_SECONDS, TroubleFile
from dagc_run_worker import Deadline, Worker

log = logging.getLogger(__name__)
T = TypeVar("T")

LATE = "no answer in time"
PAUSED = f"it failed {FAILURES} times in a row, and is left alone for {PAUSE_SECONDS:.0f} seconds"
FULL = "too many events wait for it"


class Pending(NamedTuple):
    """A request that was given to the worker."""

    about: str
    outcome: "Future[None]"
    is_event: bool
    """Otherwise nothing is lost without it."""


class Recorder:
    """What the hooks of one process use. It never raises for what AWS does, and never waits for it
    longer than until a deadline. What is logged is so by the threads that call the hooks.
    """

    def __init__(self, table: RunTable) -> None:
        self._table = table
        self._worker = Worker()
        self._trouble = TroubleFile(table.name)
        self._lock = Lock()
        self._pending: list[Pending] = []
        self._lost: list[tuple[str, str]] = []
        """The events that are not recorded, and why."""
        self._overdue: set[Future[None]] = set()
        """What was pending already when a hook before ended."""

    def record(self, event: Event) -> None:
        """Has an event recorded."""
        self._give(_name(event), lambda: self._table.record(event), is_event=True)

    def add(self, event: Event, fuller: Callable[[], Event | None]) -> None:
        """Has an event recorded again, with what takes a request to know, if there is more."""

        def request() -> None:
            if more := fuller():
                self._table.record(more)

        self._give(_name(event), request, is_event=False)

    def recorded_tries(
        self, dag_id: str, run_id: str, deadline: Deadline
    ) -> dict[str, datetime | None] | None:
        """As RunTable has them; None if the table does not tell in time."""
        outcome = self._begun(lambda: self._table.recorded_tries(dag_id, run_id))
        if outcome is None:
            return None
        try:
            return outcome.result(deadline.left)
        except Exception as error:  # noqa: BLE001 - whatever it is: the scheduler goes on
            outcome.cancel()
            log.warning(
                "Run history: tries of %s %s whose end Airflow did not report stay as they are: "
                "%s. Airflow's role needs dynamodb:Query on the table %r.",
                *(dag_id, run_id, _text(error), self._table.name),
            )
            return None

    def settle(self, deadline: Deadline) -> None:
        """Waits for what was given, and looks what came of it. What is not done yet goes on."""
        answered, failed = self._outcomes(deadline)
        if failed:
            known = self._trouble.change(lambda trouble: trouble.failed(time.monotonic()))
            if known.pauses(time.monotonic()):
                self._drop_rest()
        elif answered:
            self._tell_dropped()
            self._outcomes(deadline)
        self._count_lost()

    def end(self, deadline: Deadline) -> None:
        """Waits once more for events, and drops those that are not recorded then: the process
        ends.
        """
        waits = any(each.is_event for each in self._pending)
        self._outcomes(deadline if waits else Deadline(0))
        if self._drop_rest():
            self._trouble.change(lambda trouble: trouble.failed(time.monotonic()))
        self._count_lost()

    def _give(self, about: str, request: Callable[[], None], *, is_event: bool) -> None:
        if not self._table.name:
            return
        outcome = self._begun(request)
        if outcome is not None:
            with self._lock:
                self._pending.append(Pending(about, outcome, is_event))
        elif is_event:
            self._lost.append((about, PAUSED if self._is_paused() else FULL))

    def _begun(self, request: Callable[[], T]) -> "Future[T] | None":
        if not self._table.name or self._is_paused():
            return None
        # Here, so that nothing is imported beside the imports of a task.
        import botocore.session  # noqa: F401

        return self._worker.give(request)

    def _is_paused(self) -> bool:
        return self._trouble.read().pauses(time.monotonic())

    def _outcomes(self, deadline: Deadline) -> tuple[bool, bool]:
        """Whether the table answered, and whether it failed: by an error, or by no answer to any
        event since the hook before. (To make a client may take a busy machine longer than a hook.)
        """
        seconds = 0 if self._is_paused() else deadline.left
        wait([each.outcome for each in self._pending], seconds)
        with self._lock:
            done = [each for each in self._pending if each.outcome.done()]
            self._pending = [each for each in self._pending if each not in done]
            late = {each.outcome for each in self._pending if each.is_event}
        answered = failed = False
        for about, outcome, is_event in done:
            error = outcome.exception()
            if error is None:
                answered = True
            elif is_event:
                failed = True
                self._lost.append((about, _text(error)))
            else:
                log.info("Run history: less is known of %s: %s", about, _text(error))
        hangs = not answered and not late.isdisjoint(self._overdue)
        self._overdue = late
        return answered, failed or hangs

    def _drop_rest(self) -> bool:
        """Drops what is pending, and says whether there were events. The request that hangs, if one
        does, may still be executed.
        """
        with self._lock:
            rest, self._pending = self._pending, []
        for about, outcome, is_event in rest:
            outcome.cancel()
            if is_event:
                self._lost.append((about, LATE))
        self._worker.leave()
        return any(each.is_event for each in rest)

    def _tell_dropped(self) -> None:
        known = self._trouble.read()
        if known.failures:
            known = self._trouble.change(lambda trouble: trouble.recovered())
        if known.dropped:

            def tell() -> None:
                self._table.tell_dropped(asdict(known), socket.gethostname())
                self._trouble.change(lambda trouble: trouble.told(known))

            self._give("what was dropped", tell, is_event=False)

    def _count_lost(self) -> None:
        with self._lock:
            lost, self._lost = self._lost, []
        if not lost:
            return
        about, why = lost[0]
        now = timestamp(datetime.now(UTC))
        self._trouble.change(lambda trouble: trouble.after_drop(len(lost), why, now))
        log.warning(
            "Run history: %s was not recorded in the table %r (events dropped now: %d): %s. Check "
            "that the table is there, that Airflow's role may dynamodb:UpdateItem and "
            "dynamodb:Query on it, and its name in Airflow's configuration ([dagc] run_table). The "
            "task is not affected.",
            *(about, self._table.name, len(lost), why),
        )


def _name(event: Event) -> str:
    return f"{event.dag_id} {event.sort_key}"


def _text(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error) or LATE}"
