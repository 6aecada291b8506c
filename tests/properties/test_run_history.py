"""Events of runs may come twice and in any order: what the table says in the end is right."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.emulator.aws import Aws
from tests.emulator.run_table import TABLE, create_table, load

run_table = load()
START = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
ENDS = st.sampled_from(["success", "failed", "up_for_retry", "skipped"])


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    aws = Aws()
    create_table(aws.dynamodb)
    yield aws
    aws.reset()


def event(state: str, start: int, end: int | None = None, **more: Any) -> Any:
    """What happens at these minutes."""
    ended_at = None if end is None else START + timedelta(minutes=end)
    return run_table.Event("d", "r", state, START + timedelta(minutes=start), ended_at, **more)


def shuffled(events: list[Any]) -> st.SearchStrategy[list[Any]]:
    """All of them, some twice, in any order."""
    return st.lists(st.sampled_from(events), max_size=3).flatmap(
        lambda twice: st.permutations([*events, *twice])
    )


def recorded(aws: Aws, events: list[Any]) -> dict[str, Any]:
    """The item in the end."""
    for event in events:
        try:
            aws.dynamodb.update_item(**run_table.update(TABLE, event, 90))
        except aws.dynamodb.exceptions.ConditionalCheckFailedException:
            continue
    (item,) = aws.rows(TABLE)
    aws.dynamodb.delete_item(
        TableName=TABLE, Key={key: {"S": item[key]} for key in ("dag_id", "run")}
    )
    return item


def alone(aws: Aws, last: Any) -> dict[str, Any]:
    """The item that this event leaves when there is no other."""
    return recorded(aws, [last])


@st.composite
def tries(draw: st.DrawFn) -> tuple[list[Any], Any]:
    """The events of a try, and the one that counts."""
    of: dict[str, Any] = {"task_id": "t", "try_number": 1}
    events = [event("running", 0, **of)]
    counts = events[0]
    if draw(st.booleans()):  # the scheduler noticed that it is gone
        counts = event("failed", 0, draw(st.integers(1, 5)), assumed=True, **of)
        events.append(counts)
    for minute in draw(st.sets(st.integers(1, 5), max_size=2)):  # its own end; a person's word
        end = event(draw(ENDS), 0, minute, **of)
        counts = end if counts.assumed or (counts.ended_at or START) < end.ended_at else counts
        events.append(end)
    return draw(shuffled(events)), counts


@given(case=tries())
def test_a_try_ends_as_it_ended(aws: Aws, case: tuple[list[Any], Any]) -> None:
    events, counts = case
    assert recorded(aws, events) == alone(aws, counts)


@st.composite
def dag_runs(draw: st.DrawFn) -> tuple[list[Any], Any]:
    """The events of a DAG run, cleared some times; the last of them counts."""
    events = []
    for begin in range(0, 20 * draw(st.integers(1, 3)), 20):
        events.append(event("running", begin))
        events.append(event(draw(st.sampled_from(["success", "failed"])), begin, begin + 10))
    if draw(st.booleans()):
        events.pop()  # it still runs
    return draw(shuffled(events)), events[-1]


@given(case=dag_runs())
def test_a_dag_run_is_as_it_was_reported_last(aws: Aws, case: tuple[list[Any], Any]) -> None:
    events, last = case
    assert recorded(aws, events) == alone(aws, last)


def test_a_try_that_waited_began_when_it_first_ran(aws: Aws) -> None:
    """Of the process that goes on, 3.0 and 3.1 report when that began."""
    of: dict[str, Any] = {"task_id": "t", "try_number": 1}
    table = run_table.RunTable(TABLE, 90)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_table, "_client", lambda: aws.dynamodb)
        for change in (
            event("running", 0, **of), event("running", 40, **of), event("failed", 40, 50, **of),
        ):  # fmt: skip
            table.record(change)
    first = replace(event("failed", 0, 50, **of))
    assert recorded(aws, []) == alone(aws, first)
