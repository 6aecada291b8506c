"""Writes the rows of a plan: group after group, a few side by side, until one cannot be written."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import NamedTuple

from dagc.aws import INFRASTRUCTURE
from dagc.aws.backoff import back_off
from dagc.aws.row_writes import RowMoved
from dagc.aws.throttling import until_admitted
from dagc.changes.row_change import RowChange

SIDE_BY_SIDE = 8
"""Rows of one table. More would only meet each other in DynamoDB's limits for a partition."""


class Written(NamedTuple):
    """What came of it: the rows that are `written`; those that had `moved` meanwhile; those whose
    request `failed`, of which it is not known whether they are written, each with the error; and
    those that are `left`. The last three are empty where all went well.
    """

    written: list[RowChange]
    moved: list[RowMoved]
    failed: list[tuple[RowChange, Exception]]
    left: list[RowChange]


class _Stopped(Exception):  # noqa: N818  an outcome
    """Another row could not be written, or somebody wants it to end."""


def write_rows(
    groups: Sequence[Sequence[RowChange]],
    write: Callable[[RowChange], None],
    *,
    stop: threading.Event,
    told: Callable[[str], None],
) -> Written:
    """Writes the rows with `write`, until `stop` is set; the first row that cannot be written sets
    it, too. Requests that are under way then are waited for.

    `told` is called for each row that is written ("written"), and where AWS wants to be asked more
    slowly ("throttled").
    """
    writing = _Writing(write, stop, told)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        for group in groups:
            done, _ = wait([pool.submit(writing.one, change) for change in group])
            for future in done:
                future.result()  # raises what is a bug
    return writing.outcome


class _Writing:
    """What is written so far. Threads share it."""

    def __init__(
        self,
        write: Callable[[RowChange], None],
        stop: threading.Event,
        told: Callable[[str], None],
    ) -> None:
        self.outcome = Written([], [], [], [])
        self._write, self._stop, self._told = write, stop, told

    def one(self, change: RowChange) -> None:
        """Writes a row, unless it is to stop."""
        if self._stop.is_set():
            self.outcome.left.append(change)
            return
        try:
            until_admitted(lambda: self._write(change), self._wait_turn)
        except _Stopped:
            self.outcome.left.append(change)
        except RowMoved as moved:
            self.outcome.moved.append(moved)
            self._stop.set()
        except INFRASTRUCTURE as error:
            self.outcome.failed.append((change, error))
            self._stop.set()
        else:
            self.outcome.written.append(change)
            self._told("written")

    def _wait_turn(self, attempt: int) -> None:
        self._told("throttled")
        back_off(attempt)
        if self._stop.is_set():
            raise _Stopped
