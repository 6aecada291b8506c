"""Real concurrency, one step at a time: each invocation is a thread and stops before each AWS call.

One thread runs at any time, and which one is drawn, so that a run repeats itself from its seed.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Self, TypeVar

from tests.emulator.aws import Answer
from tests.emulator.invocation import Choose, Crash, Invocation

T = TypeVar("T")
R = TypeVar("R")


class Interleaving:
    """Runs invocations side by side. Its `around` belongs into `Aws.around`, before all others."""

    def __init__(self, choose: Choose) -> None:
        self.running: list[Invocation] = []
        self.trace: list[str] = []
        """Who did what, in order: "compile-1 dynamodb.Query"."""
        self._choose = choose
        self._driver = threading.get_ident()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for invocation in self.running:
            invocation.end()
        self.running.clear()

    def start(self, name: str, function: Callable[[], Any]) -> Invocation:
        """Adds an invocation, which does nothing until it is picked."""
        invocation = Invocation(name, function)
        self.running.append(invocation)
        return invocation

    def step(self) -> Invocation | None:
        """Picks an invocation that runs and lets it do one AWS call; None if none runs."""
        if not self.running:
            return None
        invocation = self.pick(self.running)
        self.advance(invocation)
        return invocation

    def steps(self, count: int) -> None:
        """As many steps, or fewer if all have ended before."""
        for _ in range(count):
            self.step()

    def run_until_done(self) -> None:
        """Steps until every invocation has ended."""
        while self.step():
            pass

    def advance(self, invocation: Invocation) -> None:
        """Lets this one do one AWS call."""
        self.trace.append(f"{invocation.name} {invocation.next_call or 'begins'}")
        invocation.advance(self._choose)
        if invocation.done:
            self.running.remove(invocation)

    def end(self, invocation: Invocation) -> None:
        """Ends this one where it stands, as a crash would."""
        invocation.end()
        self.running.remove(invocation)

    def draw(self, count: int) -> int:
        """A number below `count`, drawn in the test's thread: Hypothesis draws in no other."""
        if count == 1:
            return 0
        invocation = Invocation.current()
        return invocation.draw(count) if invocation else self._choose(count)

    def pick(self, items: Sequence[T]) -> T:
        """One of `items`, drawn."""
        return items[self.draw(len(items))]

    def around(self, operation: str, _: Answer, execute: Callable[[], Answer]) -> Answer:
        """Holds the call until its invocation is picked."""
        invocation = Invocation.current()
        if invocation is None:
            if threading.get_ident() != self._driver:
                raise RuntimeError(f"{operation} in a thread of its own: inject `in_parallel`.")
            return execute()
        invocation.stop(operation)
        try:
            return execute()
        except Crash:
            invocation.dead = True
            raise

    def in_parallel(self, function: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """The results in the order of `items`, computed in a drawn order; all, even if one fails.

        Stands for an invocation's own threads: one invocation is one thread here.
        """
        results: dict[int, R] = {}
        errors: dict[int, Exception] = {}
        waiting = list(enumerate(items))
        while waiting:
            index, item = waiting.pop(self.draw(len(waiting)))
            try:
                results[index] = function(item)
            except Exception as error:  # noqa: BLE001  raised below, in the order of `items`
                errors[index] = error
        if errors:
            raise errors[min(errors)]
        return [results[index] for index in sorted(results)]
