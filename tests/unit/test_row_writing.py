"""Rows are written group after group; what is written and what not is known, whatever happens."""

import threading
from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from dagc.aws.row_writes import RowMoved
from dagc.changes.row_change import RowChange
from dagc.cli.apply_steps.row_writing import Written, write_rows
from dagc.compiler import task_key

CHANGES = [RowChange(task_key(str(number)), None, {"task_id": str(number)}) for number in range(9)]
GROUPS = [CHANGES[:3], CHANGES[3:6], CHANGES[6:]]


def refusal(code: str) -> ClientError:
    """AWS's."""
    return ClientError({"Error": {"Code": code, "Message": ""}}, "UpdateItem")


class Table:
    """Takes rows; does something else first where a test says so."""

    def __init__(self, **before: Callable[[], None]) -> None:
        self.rows: list[str] = []
        self.stop = threading.Event()
        self.told: list[str] = []
        self._before = before

    def write(self, change: RowChange) -> None:
        """Takes a row."""
        id_ = change.row.value("task_id")
        self._before.get(f"row_{id_}", lambda: None)()
        self.rows.append(id_)

    def run(self) -> Written:
        """Writes all."""
        return write_rows(GROUPS, self.write, stop=self.stop, told=self.told.append)


def ids(changes: list[RowChange]) -> list[str]:
    """The ids of tasks, in order."""
    return sorted(change.row.value("task_id") for change in changes)


def test_all_are_written_group_after_group() -> None:
    table = Table()
    written = table.run()
    assert ids(written.written) == [*"012345678"]
    assert [sorted(table.rows[at : at + 3]) for at in (0, 3, 6)] == [[*"012"], [*"345"], [*"678"]]
    assert written[1:] == ([], [], [])
    assert table.told == ["written"] * 9


def test_a_row_that_moved_stops_the_rest() -> None:
    def moved() -> None:
        raise RowMoved(task_key("4"), None)

    written = Table(row_4=moved).run()
    assert [moved.row for moved in written.moved] == [task_key("4")]
    assert {*ids(written.written)} >= {*"012"}
    assert {*ids(written.left)} >= {*"678"}
    assert len(written.written) + len(written.left) == 8


def test_throttled_rows_wait_and_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dagc.aws.backoff.time.sleep", lambda _: None)
    refusals = [refusal("ProvisionedThroughputExceededException"), refusal("ThrottlingException")]

    def throttled() -> None:
        if refusals:
            raise refusals.pop()

    table = Table(row_1=throttled)
    assert ids(table.run().written) == [*"012345678"]
    assert table.told.count("throttled") == 2


def test_other_errors_stop_it() -> None:
    def failing() -> None:
        raise refusal("AccessDeniedException")

    written = Table(row_2=failing).run()
    ((change, error),) = written.failed
    assert change.row == task_key("2")
    assert "AccessDenied" in str(error)
    assert {*ids(written.left)} >= {*"345678"}


def test_somebody_stops_it() -> None:
    table = Table()
    table._before = {"row_4": table.stop.set}
    written = table.run()
    assert {*ids(written.written)} >= {*"0124"}
    assert {*ids(written.left)} >= {*"678"}
    assert sorted(table.rows) == ids(written.written)


def test_somebody_stops_it_while_it_is_throttled(monkeypatch: pytest.MonkeyPatch) -> None:
    table = Table()
    monkeypatch.setattr("dagc.aws.backoff.time.sleep", lambda _: table.stop.set())

    def throttled() -> None:
        raise refusal("RequestLimitExceeded")

    table._before = {"row_0": throttled}
    written = table.run()
    assert "0" in ids(written.left)
    assert not written.failed


def test_a_bug_is_not_hidden() -> None:
    def bug() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Table(row_8=bug).run()
