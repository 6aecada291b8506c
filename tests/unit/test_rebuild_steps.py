"""What a rebuild decides takes steps in proportion to the rows. Steps are counted, not timed: each
look into a set or dictionary of rows or inputs hashes their names.
"""

from typing import Any

import pytest

from dagc.compiler import (
    JOB,
    KEYS,
    NO_OTHERS,
    SCHEDULER,
    TASK,
    RowKey,
    Snapshot,
    dag_fingerprint,
    row_key,
    shared_jobs,
)
from dagc.plan import inventory
from dagc.plan.inputs import input_of, inputs_of, job_input
from dagc.plan.inventory import Inventory, gone_job_rows, new_job_rows, stale, unknown_files
from dagc.plan.record import Record, State, sources_of
from dagc.plan.removals import removals
from dagc.plan.request import JobRows
from dagc.plan.row_index import RowIndex, indexed
from tests.properties.compiling import toolchain


class _Counted(str):
    """A text that counts how often one of its kind is hashed."""

    __slots__ = ()
    hashed = 0

    def __hash__(self) -> int:
        _Counted.hashed += 1
        return super().__hash__()


def _rows(jobs: int) -> dict[RowKey, Any]:
    """So many jobs of three tasks, which others have, too; a scheduler for each ten jobs, of which
    it shares two with the next one.
    """
    items: dict[str, list[dict[str, Any]]] = {table: [] for table in KEYS}
    for number in range(jobs):
        listed = ",".join(str((number + step) % jobs) for step in range(3))
        items[TASK].append({"task_id": str(number), "task_type": "EMPTY", "task_name": "t"})
        items[JOB].append(
            {"job_id": f"{number}", "job_type": "a", "job_name": f"j{number}", "task_list": listed}
        )
    for first in range(0, jobs, 10):
        listed = ",".join(str((first + step) % jobs) for step in range(12))
        items[SCHEDULER].append(
            {"schedule_id": str(first), "schedule_name": f"s{first}", "job_list": listed}
        )
    return {row_key(table, item): item for table, found in items.items() for item in found}


def _inventory(jobs: int, *, toolchain_of_records: str) -> Inventory:
    """All rows, compiled with that toolchain; nothing was edited since."""
    items = _rows(jobs)
    snapshot = Snapshot(items, toolchain().types)
    shared = shared_jobs(snapshot.claims())
    others = NO_OTHERS._replace(shared=shared)
    shared_inputs = set(map(job_input, shared))
    records: dict[str, Record] = {
        _Counted(dag_id): Record(
            dag_id,
            state=State.PUBLISHED,
            sources=sources_of(rows),
            inputs={_Counted(name): 1 for name in inputs_of(rows)},
            shared_jobs=inputs_of(rows) & shared_inputs,
            fingerprint=dag_fingerprint(toolchain_of_records, rows, snapshot, snapshot, others),
            etag="e",
        )
        for dag_id, rows in snapshot.claims().items()
    }
    return Inventory(
        {dag_id: dict(record.inputs) for dag_id, record in records.items()},
        {
            _Counted(input_of(row)): JobRows(_Counted(input_of(row)), frozenset([row]), 1)
            for row in items
            if row.table == JOB
        },
        records,
        dict.fromkeys(records, "e"),
        RowIndex.of(indexed(row, item) for row, item in items.items()),
    )


def _steps(jobs: int, *, toolchain_of_records: str, compiled: int) -> int:
    found = _inventory(jobs, toolchain_of_records=toolchain_of_records)
    _Counted.hashed = 0
    requests = list(stale(found, "toolchain"))
    assert len(requests) == compiled
    assert list(gone_job_rows(found)) == []
    assert new_job_rows(found) == {}
    assert unknown_files(found) == []
    assert removals(found, requests).dag_ids == ()
    return _Counted.hashed


@pytest.fixture(autouse=True)
def _counted_inputs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The names of inputs that are made of job ids count as well."""
    monkeypatch.setattr(inventory, "job_input", lambda job_id: _Counted(job_input(job_id)))


def test_ten_times_the_rows_are_ten_times_the_steps() -> None:
    few = _steps(1_000, toolchain_of_records="toolchain", compiled=0)
    many = _steps(10_000, toolchain_of_records="toolchain", compiled=0)
    assert few >= 1_000
    assert many <= 11 * few


def test_ten_times_the_rows_that_are_to_be_compiled_are_ten_times_the_steps() -> None:
    few = _steps(200, toolchain_of_records="another", compiled=220)
    many = _steps(2_000, toolchain_of_records="another", compiled=2_200)
    assert many <= 11 * few
