"""Makes requests side by side, in threads: they wait for the network, not for the processor."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from threading import local
from typing import Protocol, TypeVar

THREADS = 32
"""584 puts a second at 25 ms each, with one thread 36 (measured). The clients keep as many
connections."""

T = TypeVar("T")
R = TypeVar("R")


class InParallel(Protocol):
    """Calls `function` with each of `items`; its results in their order. Raises what it raises."""

    def __call__(self, function: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """Calls them all, even if one raises."""


def in_threads(function: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """The InParallel of a deployed function. From inside one of its threads it calls one after the
    other: if all threads waited for others to be free, none ever would be.
    """
    todo = list(items)
    if len(todo) < 2 or getattr(_here, "is_one_of_them", False):
        return [function(item) for item in todo]
    futures = [_threads.submit(function, item) for item in todo]
    wait(futures)
    return [future.result() for future in futures]


_here = local()


def _begin() -> None:
    _here.is_one_of_them = True


_threads = ThreadPoolExecutor(THREADS, initializer=_begin)
