"""Real concurrency, one step at a time: each invocation is a thread, and stops before each AWS call.

One thread runs at any time, and which one is drawn, so that a run repeats itself from its seed.
"""

import threading
from collections.abc import Callable, Iterable
from typing import Any, Self, TypeVar

from tests.emulator.aws import Answer

T = TypeVar("T")
R = TypeVar("R")
Choose = Callable[[int], int]
"""Draws a number below the given one, as `random.Random(seed).randrange` does."""

_WATCHDOG = 60.0
"""Seconds without a step: then something waits that nobody will wake."""


class Crash(BaseException):
    """The process is gone. Not an Exception, so that no handler's code can answer it."""


class Invocation:
    """One run of a function, in a thread of its own; `result` or `error` tell how it ended."""

    def __init__(self, name: str, function: Callable[[], Any]) -> None:
        self.name = name
        self.done = False
        self.dead = False
        """It crashed; whatever its code still does while it unwinds reaches AWS no more."""
        self.result: Any = None
        self.error: BaseException | None = None
        self.next_call: str | None = None
        """The operation before which it stands."""
        self._function = function
        self._turn = threading.Semaphore(0)
        self._stopped = threading.Semaphore(0)
        self.thread = threading.Thread(target=self._run, name=name, daemon=True)

    def advance(self) -> None:
        """Lets it run to its next AWS call, or to its end."""
        if self.thread.ident is None:
            self.thread.start()
        else:
            self._turn.release()
        if not self._stopped.acquire(timeout=_WATCHDOG):
            raise RuntimeError(f"{self.name} neither calls AWS nor ends: does it wait for others?")

    def stop(self, operation: str) -> None:
        """Called in its own thread: waits until it shall go on."""
        self.next_call = operation
        self._stopped.release()
        self._turn.acquire()
        self.next_call = None

    def _run(self) -> None:
        try:
            self.result = self._function()
        except BaseException as error:  # noqa: BLE001  for whoever started it
            self.error = error
        if self.dead:
            self.result, self.error = None, Crash(self.name)
        self.done = True
        self._stopped.release()


class Interleaving:
    """Runs invocations side by side; `around` belongs into `Aws.around`, before the faults."""

    def __init__(self, choose: Choose) -> None:
        self.choose = choose
        self.invocations: list[Invocation] = []
        self.trace: list[str] = []
        """Who did what, in order: "compile-1 dynamodb.Query"."""
        self._by_thread: dict[int, Invocation] = {}
        self._driver = threading.get_ident()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Ends what still runs, as a crash would."""
        for invocation in self.running:
            invocation.dead = True
            while invocation.thread.ident is not None and not invocation.done:
                invocation.advance()

    @property
    def running(self) -> list[Invocation]:
        """The invocations that have not ended."""
        return [invocation for invocation in self.invocations if not invocation.done]

    @property
    def current(self) -> Invocation | None:
        """The invocation in whose thread this is asked; None in the test's own."""
        return self._by_thread.get(threading.get_ident())

    def start(self, name: str, function: Callable[[], Any]) -> Invocation:
        """Adds an invocation, which does nothing until it is picked."""
        invocation = Invocation(name, self._registered(function))
        self.invocations.append(invocation)
        return invocation

    def step(self) -> Invocation | None:
        """Picks an invocation that runs and lets it do one AWS call; None if none runs."""
        running = self.running
        if not running:
            return None
        picked = self.pick(running)
        self.trace.append(f"{picked.name} {picked.next_call or 'begins'}")
        picked.advance()
        return picked

    def steps(self, count: int) -> None:
        """As many steps, or fewer if all have ended before."""
        for _ in range(count):
            self.step()

    def run_until_done(self) -> None:
        """Steps until every invocation has ended."""
        while self.step():
            pass

    def pick(self, items: list[T]) -> T:
        """One of `items`, drawn."""
        return items[self.choose(len(items)) if len(items) > 1 else 0]

    def around(self, operation: str, _: Answer, execute: Callable[[], Answer]) -> Answer:
        """Holds the call until the invocation is picked."""
        invocation = self.current
        if invocation is None:
            if threading.get_ident() != self._driver:
                raise RuntimeError(f"{operation} in a thread of its own: inject in_parallel.")
            return execute()
        if not invocation.dead:
            invocation.stop(operation)
        if invocation.dead:
            raise Crash(invocation.name)
        try:
            return execute()
        except Crash:
            invocation.dead = True
            raise

    def in_parallel(self, function: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """The results in the order of `items`, computed in a drawn order; all, even if one fails.

        Stands for an invocation's own threads: one thread is one invocation here.
        """
        results: dict[int, R] = {}
        errors: dict[int, Exception] = {}
        todo = list(enumerate(items))
        while todo:
            index, item = todo.pop(self.choose(len(todo)) if len(todo) > 1 else 0)
            try:
                results[index] = function(item)
            except Exception as error:  # noqa: BLE001  raised below, in the order of `items`
                errors[index] = error
        if errors:
            raise errors[min(errors)]
        return [results[index] for index in sorted(results)]

    def _registered(self, function: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:
            self._by_thread[threading.get_ident()] = self.invocations[-1]
            return function()

        return run
