"""Calls side by side: in their order, all of them, and never waiting for one another."""

from concurrent.futures import Future
from threading import Barrier, Thread

import pytest

from dagc.aws.threads import THREADS, in_threads


def test_results_come_in_the_order_of_the_items() -> None:
    assert in_threads(lambda number: number * 2, range(200)) == [2 * n for n in range(200)]


def test_what_one_raises_is_raised_once_all_were_called() -> None:
    called = []

    def call(number: int) -> None:
        called.append(number)
        if number == 1:
            raise ValueError("1")

    with pytest.raises(ValueError, match="1"):
        in_threads(call, range(4))
    assert sorted(called) == [0, 1, 2, 3]


def test_calls_inside_calls_end() -> None:
    """Each of the threads calls others side by side, all at the same moment."""
    together = Barrier(THREADS)

    def outer(number: int) -> list[int]:
        together.wait()
        return in_threads(lambda inner: number + inner, range(3))

    found: Future[list[list[int]]] = Future()
    thread = Thread(target=lambda: found.set_result(in_threads(outer, range(THREADS))), daemon=True)
    thread.start()
    assert found.result(timeout=60) == [[n, n + 1, n + 2] for n in range(THREADS)]
