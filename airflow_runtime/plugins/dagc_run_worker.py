"""One thread that makes requests beside a task, so that no task waits for the network.

The timeouts of a request bound its connection and each read, not the whole: a resolver that hangs,
a search for credentials, or an answer that comes byte by byte takes far longer. A thread cannot be
stopped, so whoever gave it a request waits until a deadline, and then goes on without the answer.
"""

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread, current_thread
from typing import Any, TypeVar

T = TypeVar("T")

MOST_WAITING = 100
"""Requests that wait for the thread: more are refused."""
MOST_LEFT = 3
"""Threads that may be left behind, each with a request that never ends."""


class Deadline:
    """The moment from which on nobody waits any more. Clocks that are set do not move it."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds until then."""
        return max(0.0, self._end - time.monotonic())

    @property
    def is_over(self) -> bool:
        """Whether it has passed."""
        return not self.left


class Worker:
    """Makes requests in the order in which they are given, one at a time.

    Its thread is there only while there is something to do, so that a task that forks has no other
    thread then, and it keeps no process from ending. A request must use nothing that a task goes on
    with, like Airflow's connection to the process that supervises it.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._thread: Thread | None = None
        self._left: list[Thread] = []

    def give(self, request: Callable[[], T]) -> "Future[T] | None":
        """What `request` will return or raise. None: there is no room for it."""
        outcome: Future[T] = Future()
        with self._lock:
            if len(self._waiting) >= MOST_WAITING:
                return None
            if self._thread is None:
                self._left = [thread for thread in self._left if thread.is_alive()]
                if len(self._left) >= MOST_LEFT:
                    return None
                self._thread = Thread(target=self._work, name="dagc-run-history", daemon=True)
                self._thread.start()
            self._waiting.append((outcome, request))
        return outcome

    def leave(self) -> None:
        """Leaves a request that hangs to itself: another thread makes the next ones."""
        with self._lock:
            if self._thread is not None:
                self._left.append(self._thread)
                self._thread = None
            self._waiting.clear()

    def _work(self) -> None:
        while True:
            with self._lock:
                if self._thread is not current_thread():
                    return  # it was left
                if not self._waiting:
                    self._thread = None
                    return
                outcome, request = self._waiting.popleft()
            if outcome.set_running_or_notify_cancel():
                _fulfil(outcome, request)


def _fulfil(outcome: "Future[T]", request: Callable[[], T]) -> None:
    try:
        outcome.set_result(request())
    except Exception as error:  # noqa: BLE001 - raised where it is waited for
        outcome.set_exception(error)
