"""One run of a function, in a thread of its own, which moves only when it is told to."""

import threading
from collections.abc import Callable
from typing import Any

Choose = Callable[[int], int]
"""Draws a number below the given one, as `random.Random(seed).randrange` does."""

_WATCHDOG = 60.0
"""Seconds without a stop: then it waits for something that nobody will bring."""

_here = threading.local()


class Crash(BaseException):
    """The process is gone. Not an Exception, so that no handler's code can answer it."""


class Invocation:
    """`result` or `error` tell how it ended; `error` is a Crash if it crashed."""

    def __init__(self, name: str, function: Callable[[], Any]) -> None:
        self.name = name
        self.done = False
        self.result: Any = None
        self.error: BaseException | None = None
        self.next_call: str | None = None
        """The operation before which it stands."""
        self.dead = False
        """It crashed: whatever its code does while it unwinds reaches nobody."""
        self._function = function
        self._question: int | None = None
        self._drawn = 0
        # Two batons, both taken at first: whoever releases one lets the other side run.
        self._turn, self._stopped = threading.Lock(), threading.Lock()
        self._turn.acquire()
        self._stopped.acquire()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @staticmethod
    def current() -> "Invocation | None":
        """The one in whose thread this is asked."""
        return getattr(_here, "invocation", None)

    def advance(self, choose: Choose) -> None:
        """Lets it run to its next AWS call, or to its end. What it draws is drawn here."""
        self._resume()
        while self._question is not None:
            self._drawn = choose(self._question)
            self._question = None
            self._resume()

    def end(self) -> None:
        """Ends it as a crash would, wherever it stands."""
        self.dead = True
        if self._thread.ident is None:
            self.done = True
        while not self.done:
            self._question = None
            self._resume()

    def stop(self, operation: str) -> None:
        """In its own thread: waits until it may call AWS."""
        self.next_call = operation
        self._wait()
        self.next_call = None

    def draw(self, count: int) -> int:
        """In its own thread: a number below `count`, which the test's thread draws."""
        self._question = count
        self._wait()
        return self._drawn

    def _wait(self) -> None:
        if not self.dead:
            self._stopped.release()
            self._turn.acquire()
        if self.dead:
            raise Crash(self.name)

    def _resume(self) -> None:
        if self._thread.ident is None:
            self._thread.start()
        else:
            self._turn.release()
        if not self._stopped.acquire(timeout=_WATCHDOG):
            self.done = True
            raise RuntimeError(f"{self.name} neither calls AWS nor ends: what does it wait for?")

    def _run(self) -> None:
        _here.invocation = self
        try:
            self.result = self._function()
        except BaseException as error:  # noqa: BLE001  for whoever started it
            self.error = error
        if self.dead:
            self.result, self.error = None, Crash(self.name)
        self.done = True
        self._stopped.release()
