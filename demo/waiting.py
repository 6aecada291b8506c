"""Waiting for the world to become as expected, for a bounded time."""

import time
from collections.abc import Callable
from typing import TypeVar

from demo.unexpected import UnexpectedError

T = TypeVar("T")

BOUND_SECONDS = 90.0
"""Generous: a loaded two-core machine still gets there, and a step that works ends at once."""

POLL_SECONDS = 0.01


def wait_until(
    read: Callable[[], T],
    holds: Callable[[T], bool],
    expected: str,
    show: Callable[[T], str] = str,
    *,
    every: float = POLL_SECONDS,
    bound: float = BOUND_SECONDS,
) -> T:
    """Read again and again until `holds`; return what was read, or say what it was like last."""
    deadline = time.monotonic() + bound
    while not holds(seen := read()):
        if time.monotonic() > deadline:
            raise UnexpectedError(expected, f"after {bound:.0f} s: {show(seen)}")
        time.sleep(every)
    return seen
