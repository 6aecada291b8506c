"""Rows are written if they still are as they were seen; what dagc does not know survives."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from dagc.aws.dynamodb_json import item_text
from dagc.aws.row_tables import RowTables, TableNames
from dagc.aws.row_writes import MOST_COMPARED, RowMoved, write_row
from dagc.compiler import JOB, TASK, RowKey, row_key
from tests.convergence.deployed import job, task
from tests.emulator.aws import Answer, Aws
from tests.emulator.faults import Fault, Faults, at
from tests.emulator.interleaving import Interleaving

ROW = RowKey(TASK, (("task_id", "1"),))
OF_ALL_KINDS: dict[str, Any] = {
    "numbers": frozenset({1, 2.5}),
    "texts": frozenset({"a", "b"}),
    "binaries": frozenset({b"\x00", b"\xff"}),
    "binary": b"\x00\x01",
    "yes": True,
    "nothing": None,
    "number": Decimal("12345678901234567890.123456789012345678"),
    "float": 0.1,
    "nested": {"list": [1, "1", {"deep": [True, None, 1.5]}], "": {}, "map": {"a.b": [1]}},
    "empty": "",
    "a name.with [odd] #characters:": 1,
    "status": 1,
}


@pytest.fixture
def tables(aws: Aws) -> RowTables:
    """The three tables."""
    return RowTables(aws.dynamodb, TableNames())


def _live(tables: RowTables, row: RowKey = ROW) -> Any:
    return tables.get([row]).get(row)


def test_a_new_row_is_written_as_it_is(tables: RowTables) -> None:
    wanted = task("1") | OF_ALL_KINDS
    write_row(tables, ROW, None, wanted)
    assert item_text(_live(tables)) == item_text(wanted)


def test_a_row_of_all_kinds_of_values_is_compared_and_changed(tables: RowTables) -> None:
    write_row(tables, ROW, None, task("1") | OF_ALL_KINDS)
    seen = _live(tables)
    wanted = task("1", "false") | dict.fromkeys(OF_ALL_KINDS, "new") | {"more": frozenset({b"x"})}
    del wanted["nested"]
    write_row(tables, ROW, seen, wanted)
    assert item_text(_live(tables)) == item_text(wanted)


@pytest.mark.parametrize("name", sorted(OF_ALL_KINDS))
def test_any_other_value_stops_it(tables: RowTables, aws: Aws, name: str) -> None:
    seen = task("1") | OF_ALL_KINDS
    moved = seen | {name: {"another": seen[name]}}
    aws.put(TASK, {key: _boto3(value) for key, value in moved.items()})
    for wanted in (task("1"), None):
        with pytest.raises(RowMoved):
            write_row(tables, ROW, seen, wanted)
    assert item_text(_live(tables)) == item_text(moved)


def _boto3(value: Any) -> Any:
    """The value as boto3 takes it, which takes no float."""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, dict):
        return {name: _boto3(inner) for name, inner in value.items()}
    if isinstance(value, list | frozenset):
        return type(value)(map(_boto3, value))
    return value


def test_people_s_own_attributes_that_came_since_then_survive(tables: RowTables, aws: Aws) -> None:
    aws.put(TASK, task("1", team="sales"))
    seen = _live(tables)
    aws.put(TASK, task("1", team="sales", note="mine"))
    write_row(tables, ROW, seen, task("1", "false", team="sales"))
    assert _live(tables) == task("1", "false", team="sales", note="mine")


def test_an_attribute_of_the_compiler_s_that_came_stops_it(tables: RowTables, aws: Aws) -> None:
    aws.put(TASK, task("1"))
    seen = _live(tables)
    aws.put(TASK, task("1", status=0))
    with pytest.raises(RowMoved) as moved:
        write_row(tables, ROW, seen, task("1", "false"))
    assert moved.value.now == task("1", status=0)


def test_a_new_row_that_somebody_made_stops_it(tables: RowTables, aws: Aws) -> None:
    aws.put(TASK, task("1", "theirs"))
    with pytest.raises(RowMoved):
        write_row(tables, ROW, None, task("1"))
    assert _live(tables) == task("1", "theirs")


def test_a_row_that_is_gone_is_not_made_again(tables: RowTables) -> None:
    with pytest.raises(RowMoved) as moved:
        write_row(tables, ROW, task("1"), task("1", "false"))
    assert moved.value.now is None
    assert _live(tables) is None


def test_what_is_as_wanted_already_is_no_fault(tables: RowTables, aws: Aws) -> None:
    aws.put(TASK, task("1", "false"))
    write_row(tables, ROW, task("1"), task("1", "false"))
    write_row(tables, ROW, None, task("1", "false"))
    write_row(tables, ROW, task("1", "false"), None)
    assert _live(tables) is None
    write_row(tables, ROW, task("1"), None)


def test_a_lost_answer_is_no_fault(aws: Aws) -> None:
    """Botocore asks again by itself, and then the condition does not hold any more."""
    with Interleaving(lambda _: 0) as run:
        for wanted in (task("1"), None):
            tables = RowTables(aws.dynamodb, TableNames())
            tables.key_types(TASK)
            faults = Faults(run, at({("write", 1): Fault.TWICE}))
            aws.around[:] = [run.around, faults.around]
            seen = None if wanted else task("1")
            writing = run.start("write", lambda: write_row(tables, ROW, seen, wanted))  # noqa: B023
            while not writing.done:
                run.advance(writing)
            aws.around.clear()
            assert faults.injected
            assert writing.error is None
            assert _live(tables) == wanted


def test_very_many_attributes_are_compared_as_far_as_that_goes(tables: RowTables, aws: Aws) -> None:
    many = {f"note_{number:03}": number for number in range(400)}
    aws.put(TASK, task("1") | many)
    sent: list[Answer] = []

    def around(_: str, parameters: Answer, execute: Callable[[], Answer]) -> Answer:
        sent.append(parameters)
        return execute()

    seen = _live(tables)
    changed = {f"note_{number:03}": "new" for number in range(200, 200 + MOST_COMPARED - 1)}
    aws.around.append(around)
    write_row(tables, ROW, seen, task("1") | many | changed)
    for expression in ("ConditionExpression", "UpdateExpression"):
        text = sent[0][expression]
        assert len(text) <= 4096
        assert text.count("=") + text.count(" AND ") <= 300
    assert _live(tables) == task("1") | many | changed
    aws.put(TASK, task("1") | many | {"note_250": "theirs"})
    with pytest.raises(RowMoved):
        write_row(tables, ROW, seen, task("1") | many | changed)


def test_very_many_attributes_that_come_are_few_enough_for_an_expression(
    tables: RowTables, aws: Aws
) -> None:
    """Of each, the condition says at greatest length that it is not there yet."""
    aws.put(TASK, task("1"))
    sent: list[Answer] = []

    def around(_: str, parameters: Answer, execute: Callable[[], Answer]) -> Answer:
        sent.append(parameters)
        return execute()

    seen = _live(tables)
    aws.around.append(around)
    come = {f"note_{number:03}": "new" for number in range(MOST_COMPARED)}
    write_row(tables, ROW, seen, task("1") | come)
    texts = [sent[0][name] for name in ("ConditionExpression", "UpdateExpression")]
    assert max(map(len, texts)) <= 4096


def test_keys_of_two_attributes(tables: RowTables, aws: Aws) -> None:
    row = row_key(JOB, job("1", "one"))
    write_row(tables, row, None, job("1", "one"))
    write_row(tables, row, job("1", "one"), job("1", "two"))
    assert aws.rows(JOB) == [job("1", "two")]
    write_row(tables, row, job("1", "two"), None)
    assert aws.rows(JOB) == []
