"""What a rebuild decides takes steps in proportion to the rows. Steps are counted, not timed: each
look into a set or dictionary of rows hashes their keys.
"""

from typing import Any

from dagc.compiler import JOB, RowKey
from dagc.compiler.snapshot import Snapshot
from dagc.plan.inputs import job_input
from dagc.plan.inventory import Inventory, gone_job_rows, new_job_rows, stale, unknown_files
from dagc.plan.removals import removals
from dagc.plan.request import JobRows
from tests.properties.compiling import toolchain


class _Counted(str):
    """A text that counts how often one of its kind is hashed."""

    __slots__ = ()
    hashed = 0

    def __hash__(self) -> int:
        _Counted.hashed += 1
        return super().__hash__()


def _inventory(jobs: int) -> Inventory:
    """So many job rows, each stored under its job id; nothing is compiled yet."""
    items: dict[RowKey, Any] = {}
    for number in range(jobs):
        key = (("job_id", _Counted(f"j{number}")), ("job_type", "daily"))
        items[RowKey(JOB, key)] = {"job_id": f"j{number}", "job_type": "daily", "job_name": "n"}
    rows = Snapshot(items, toolchain().types)
    stored = {
        name: JobRows(name, frozenset([row]), 1)
        for row in items
        for name in [job_input(row.value("job_id"))]
    }
    return Inventory({}, stored, {}, {}, rows, rows.claims())


def _steps(jobs: int) -> int:
    inventory = _inventory(jobs)
    _Counted.hashed = 0
    requests = list(stale(inventory, "toolchain"))
    assert list(gone_job_rows(inventory)) == []
    assert new_job_rows(inventory) == {}
    assert unknown_files(inventory) == []
    assert removals(inventory, requests).dag_ids == ()
    return _Counted.hashed


def test_ten_times_the_rows_are_ten_times_the_steps() -> None:
    few, many = _steps(500), _steps(5_000)
    assert few >= 500
    assert many <= 11 * few
