"""What DynamoDB would refuse is found before anything is written, with its place."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from dagc.aws.row_writes import MOST_COMPARED
from dagc.changes.row_change import RowChange
from dagc.changes.writing.unstorable import MAX_SIZE, unstorable
from dagc.compiler import ATTRIBUTES, JOB, KEYS, TASK, read_rows, row_key
from tests.convergence.deployed import toolchain


def _found(item: dict[str, Any], kind: str = "S", before: Any = None) -> list[str]:
    change = RowChange(row_key(TASK, item), before, item)
    return [
        f"{found.code} {found.attribute} {found.path}".strip()
        for found in unstorable(change, {"task_id": kind})
    ]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (float("inf"), ["bad-number x"]),
        (Decimal("NaN"), ["bad-number x"]),
        (10**38 - 1, []),
        (10**38 + 1, ["bad-number x"]),
        (10**125, []),
        (10**126, ["bad-number x"]),
        (Decimal("1E-131"), ["bad-number x"]),
        (Decimal("0." + "1" * 39), ["bad-number x"]),
        (0.1, []),
        (0, []),
        ({"a": [1, 10**200]}, ["bad-number x $.a[1]"]),
        (frozenset(), ["bad-value x"]),
        (frozenset({1, 10**200}), ["bad-number x"]),
        ("\ud800", ["bad-text x"]),
        ("", []),
        (b"", []),
        (None, []),
        (True, []),
    ],
)
def test_values(value: Any, found: list[str]) -> None:
    assert _found({"task_id": "1", "x": value}) == found


def _nested(levels: int) -> Any:
    return [_nested(levels - 1)] if levels else "inside"


def test_depth() -> None:
    assert _found({"task_id": "1", "x": _nested(32)}) == []
    assert _found({"task_id": "1", "x": _nested(33)}) == ["too-large x $[0][0][0]"]


def test_size() -> None:
    item = {"task_id": "1", "sql": "", "note": "short"}
    room = MAX_SIZE - len("task_id1sqlnoteshort")
    assert _found(item | {"sql": "x" * room}) == []
    assert _found(item | {"sql": "ü" * (room // 2 + 1)}) == ["too-large sql"]


def test_keys() -> None:
    assert _found({"task_id": "x" * 2048}) == []
    assert _found({"task_id": "x" * 2049}) == ["too-large task_id"]
    assert _found({"task_id": "\ud800"}) == ["bad-text task_id"]
    assert _found({}) == ["missing-attribute task_id"]
    assert _found({"task_id": "12"}, "N") == []
    assert _found({"task_id": 12}, "N") == []
    assert _found({"task_id": "012"}, "N") == ["bad-type task_id"]
    job = RowChange(row_key(JOB, {"job_type": "a"}), None, {"job_type": "a"})
    (found,) = unstorable(job, {"job_type": "S", "job_id": "S"})
    assert found.place == "mwaa_job[job_type='a', job_id=''].job_id"


def test_too_many_attributes_at_once() -> None:
    before: Mapping[str, Any] = {"task_id": "1"}
    many = {f"note_{number}": 1 for number in range(MOST_COMPARED)}
    assert _found({"task_id": "1", **many}, before=before) == []
    assert _found({"task_id": "1", **many, "one": 1}, before=before) == ["too-large"]
    assert _found({"task_id": "1", **many, "one": 1}) == []


def test_the_attributes_that_mean_something_are_those_that_the_compiler_reads() -> None:
    class Recording(dict[str, Any]):
        def get(self, name: str, default: Any = None) -> Any:
            read.add(name)
            return super().get(name, default)

    for table in KEYS:
        read: set[str] = set()
        row = Recording(dict.fromkeys(ATTRIBUTES[table], "1"))
        tasks, jobs, schedulers = ([row] if table == name else [] for name in KEYS)
        rows = read_rows(tasks, jobs, schedulers, toolchain())
        list(rows.all_tasks())
        rows.claims()
        assert read == set(ATTRIBUTES[table])
