"""What is said of rows that differ."""

import json
from typing import Any

import pytest

from dagc.changes.differences.row_difference import row_difference, row_name
from dagc.changes.row_change import RowChange
from dagc.compiler import Item, RowKey

TASK = RowKey("mwaa_task", (("task_id", "7"),))
JOB = RowKey("mwaa_job", (("job_type", "etl"), ("job_id", "7")))


def _said(before: Item | None, after: Item | None, row: RowKey = TASK) -> list[str]:
    return [
        f"{attribute} {path}: {words}".replace(" :", ":")
        for attribute, path, words, _ in row_difference(RowChange(row, before, after))
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("a", "b", ['x: "a" → "b"']),
        ("3", 3, ['x: "3" → 3 (text → number)']),
        (1, True, ["x: 1 → true (number → boolean)"]),
        (3, 3.0, []),
        (None, 3, ["x: null → 3"]),
        (b"abc", b"abcd", ["x: 3 bytes → 4 bytes"]),
        (frozenset({"a"}), frozenset({"b", "a"}), ['x: set of "a" → set of "a", "b"']),
        ({"a": 1}, {"a": 2}, ["x $.a: 1 → 2"]),
        ({"a": {"b c": 1}}, {"a": {"b c": 2}}, ["x $.a['b c']: 1 → 2"]),
        ({"a": 1, "b": 2}, {"b": 2, "c": 3}, ["x $.c: 3 is new", "x $.a: 1 is removed"]),
        ({"a": 1}, [1], ['x: {"a": 1} → [1] (map → list)']),
        ('{"a": 1}', '{"a":1}', ["x: only the form of the JSON text"]),
        ('{"a": 1}', '{"a":2}', ["x $.a: 1 → 2"]),
        ('{"a": 1}', {"a": 1}, ["x: a JSON text → map"]),
        ({"a": 1}, '{"a": 2}', ["x: map → a JSON text", "x $.a: 1 → 2"]),
        ('{"a": 1}', "{", ['x: "{\\"a\\": 1}" → "{"']),
        (["a", "b", "c"], ["a", "x", "b", "c"], ['x $[1]: "x" is new']),
        (["a", "b", "c"], ["a", "c"], ['x $[1]: "b" is removed']),
        (["a", "b"], ["a", "c"], ['x $[1]: "b" → "c"']),
        (
            [{"task_id": "1", "pid": "0"}, {"task_id": "2", "pid": "1"}],
            [{"task_id": "9", "pid": "0"}, {"task_id": "2", "pid": ["1", "9"]}],
            [
                'x $[0]: {"task_id": "1", "pid": "0"} is removed',
                'x $[0]: {"task_id": "9", "pid": "0"} is new',
                'x $[1].pid: "1" → ["1", "9"] (text → list)',
            ],
        ),
        (
            [{"task_id": "2", "pid": "1"}, {"task_id": "2", "pid": "3"}],
            [{"task_id": "2", "pid": "3"}],
            ['x $[0]: {"task_id": "2", "pid": "1"} is removed'],
        ),
        (
            [{"task_id": "1"}, {"task_id": "2"}],
            [{"task_id": "2"}, {"task_id": "1"}],
            ["x: its elements in another order"],
        ),
    ],
)
def test_a_value(before: Any, after: Any, said: list[str]) -> None:
    assert _said({"x": before}, {"x": after}) == said


def test_a_long_text_is_shown_where_it_differs() -> None:
    [said] = _said({"x": "a" * 200 + "b" + "c" * 200}, {"x": "a" * 200 + "d" + "c" * 200})
    assert said == f'x: "…{"a" * 20}b{"c" * 39}…" → "…{"a" * 20}d{"c" * 39}…"'


def test_sql_is_a_text_diff() -> None:
    before = {"task_params": {"sql": "SELECT 1,\n  2,\n  3,\n  4,\n  5\n"}}
    after = {"task_params": {"sql": "SELECT 1,\n  2,\n  3,\n  4,\n  6\n"}}
    [found] = row_difference(RowChange(TASK, before, after))
    assert found.path == "$.sql"
    assert found.words == "+1 −1 lines"
    assert found.lines == ("@@ -3,3 +3,3 @@", "   3,", "   4,", "-  5", "+  6")


def test_attributes_that_come_and_go() -> None:
    assert _said({"a": 1}, {"b": "x\ny"}) == ["a: 1 is removed", 'b: "x" … is new']


def test_a_new_row_shows_its_attributes() -> None:
    item = {"task_id": "7", "task_name": "load", "task_params": {"sql": "x" * 100}}
    assert _said(None, item) == [
        'task_name: "load"',
        f'task_params: {{"sql": "{"x" * 51}…',
    ]


def test_a_deleted_row_shows_name_and_type() -> None:
    item = {"task_id": "7", "task_name": "load", "task_type": "SQL", "task_params": {}}
    assert _said(item, None) == ['task_name: "load"', 'task_type: "SQL"']
    assert row_name(item) == "load"
    assert row_name({"job_name": 3}) == ""


def test_json_that_is_too_deep_is_a_text() -> None:
    deep = "[" * 5000 + "]" * 5000
    assert len(_said({"x": deep}, {"x": f"{deep} "})) == 1
    nested = json.dumps({"a": [[[[1]]]]})
    assert _said({"x": nested}, {"x": nested.replace("1", "2")}) == ["x $.a[0][0][0][0]: 1 → 2"]


def test_the_key_is_no_change() -> None:
    assert _said({"job_id": "7", "x": 1}, {"job_id": 7, "x": 2}, JOB) == ["x: 1 → 2"]
