"""What is said of a DAG while the streams bring rows to the compiler; the clock is the test's."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from dagc.aws.clock import Clock
from dagc.changes.writing.plan_file import Expected
from dagc.changes.writing.verdict import difference
from dagc.cli.apply_steps.stream_wait import REST, Arrival, Result, wait_for
from dagc.plan.record import Record, State

GOOD, OTHER = "a" * 64, "b" * 64
PLANNED = Expected("job-one", "changed", State.PUBLISHED, GOOD)


def record(
    revision: int = 1, sha256: str = GOOD, state: str = "published", settled: int | None = None
) -> Record:
    """A record, at rest unless `settled` says otherwise."""
    settled = revision if settled is None else settled
    return Record("job-one", revision=revision, settled=settled, state=state, sha256=sha256)


class Stack:
    """What there is to read, by time: a record from so many seconds on; and a clock."""

    def __init__(self, *moments: tuple[float, Record | None], interrupt_at: float = 1e9) -> None:
        self.now = 0.0
        self.reads = 0
        self._moments, self._interrupt_at = moments, interrupt_at

    def read(self, dag_ids: Sequence[str]) -> Mapping[str, Record]:
        """The record as it is now."""
        self.reads += 1
        found = [it for since, it in self._moments if since <= self.now]
        return {"job-one": found[-1]} if found and found[-1] and dag_ids else {}

    def pause(self, seconds: float) -> bool:
        """Time goes by."""
        self.now += seconds
        return self.now >= self._interrupt_at

    def wait(
        self,
        before: Record | None,
        planned: Expected = PLANNED,
        told: Callable[[int], None] = lambda _: None,
    ) -> Arrival:
        """What `wait_for` says; a record before means that rows were written."""
        (arrival,) = wait_for(
            [planned],
            None if before is None else {"job-one": before},
            self.read,
            seconds=120,
            clock=Clock(lambda: self.now, self.pause),
            told=told,
        )
        return arrival


def test_it_comes() -> None:
    told: list[int] = []
    stack = Stack((0, record(1, OTHER)), (3, record(2, OTHER, settled=1)), (4, record(2)))
    arrival = stack.wait(record(1, OTHER), told=told.append)
    assert (arrival.result, arrival.what) == (Result.AS_PLANNED, "")
    assert 4 <= stack.now < 7
    assert told == [1]


def test_it_is_there_already_and_nothing_had_to_be_written() -> None:
    stack = Stack((0, record(1)))
    assert stack.wait(None).result is Result.AS_PLANNED
    assert stack.now == 0


def test_what_was_as_planned_before_is_compiled_all_the_same() -> None:
    """Another toolchain makes another file, also of a DAG that should stay as it is."""
    stack = Stack((0, record(1)), (2, record(2, OTHER)))
    arrival = stack.wait(record(1))
    assert arrival.result is Result.DIFFERS
    assert arrival.what == "its file is another one (sha256 bbbbbbbbbbbb…, planned aaaaaaaaaaaa…)"


def test_what_is_as_planned_and_is_not_compiled_is_believed_after_a_while() -> None:
    stack = Stack((0, record(1)))
    assert stack.wait(record(1)).result is Result.AS_PLANNED
    assert REST <= stack.now < REST + 3


def test_what_is_compiled_and_stays_another_need_not_be_waited_for() -> None:
    invalid = record(2, OTHER, "invalid")._replace(diagnostics=({"message": "no such task"},))
    stack = Stack((0, record(1)), (1, invalid))
    arrival = stack.wait(record(1))
    assert arrival.result is Result.DIFFERS
    assert arrival.what == "is invalid, planned was published: no such task"
    assert stack.now < REST + 5


def test_what_is_right_only_after_the_second_edit() -> None:
    stack = Stack((0, record(1)), (1, record(2, OTHER)), (8, record(3)))
    assert stack.wait(record(1, OTHER)).result is Result.AS_PLANNED
    assert stack.now < 12


def test_as_long_as_others_change_a_dag_is_waited_for() -> None:
    """Many edits are on their way: that of this DAG may come last."""
    stack = Stack(
        *((second, record(second + 2, OTHER)) for second in range(30)), (30.0, record(99))
    )
    assert stack.wait(record(1, OTHER)).result is Result.AS_PLANNED
    assert 30 <= stack.now < 33


@pytest.mark.parametrize("last", [None, record(1, OTHER), record(2, settled=1)])
def test_what_does_not_come(last: Record | None) -> None:
    stack = Stack((0, last))
    arrival = stack.wait(record(1, OTHER))
    assert arrival.result is Result.NOT_SEEN
    assert stack.now == pytest.approx(120)
    assert stack.reads < 80


def test_somebody_stops_it() -> None:
    stack = Stack((0, record(1, OTHER)), interrupt_at=5)
    assert stack.wait(record(1, OTHER)).result is Result.NOT_SEEN
    assert stack.now < 10


@pytest.mark.parametrize(
    ("state", "found", "said"),
    [
        (State.INVALID, record(sha256=OTHER, state="invalid"), ""),
        (State.DISABLED, record(sha256="", state="disabled"), ""),
        (None, record(sha256="", state="removed"), ""),
        (None, None, ""),
        (None, Record("job-one", revision=1), ""),
        (None, record(), "is published, planned was removed"),
        (State.PUBLISHED, None, "is not there, planned was published"),
        (State.PUBLISHED, record(state="removed"), "is removed, planned was published"),
        (State.INVALID, record(), "is published, planned was invalid"),
    ],
)
def test_the_state_counts(state: State | None, found: Record | None, said: str) -> None:
    assert difference(Expected("job-one", "", state, ""), found) == said
