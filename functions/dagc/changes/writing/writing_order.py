"""The order in which changed rows are written, so that none is in error on the way for it. Pure.

What appears is there before it is named: tasks, jobs, schedulers. What goes is named by nobody any
more: jobs after schedulers, tasks after jobs. A row that is enabled appears, one that is disabled
goes.

Where a name passes from one row to another, the row that is renamed is written before the row that
takes its name. Otherwise both would have it for a moment, and both be in error. (The DAG's file is
missing for that moment, and comes back.)

What is in error for a moment all the same, and keeps its last good file: two rows that swap their
names; a name that passes on from a row that goes (both have it); a job that gets another key under
the same id; a task and a job's settings for it that only fit together as they were, or as they will
be.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from dagc.changes.row_change import RowChange
from dagc.compiler import (
    JOB,
    SCHEDULER,
    TASK,
    Item,
    RowKey,
    is_enabled,
    job_dag_id,
    scheduler_dag_id,
    text_of,
)


class _Step(NamedTuple):
    """A change, and the names that its row gives up and takes."""

    change: RowChange
    given: frozenset[str]
    taken: frozenset[str]

    @property
    def row(self) -> RowKey:
        return self.change.row


def in_writing_order(changes: Iterable[RowChange]) -> list[list[RowChange]]:
    """`changes` in groups, to be written one after the other; those of a group in any order, or
    side by side. All rows of a group are of one table.
    """
    steps = [_step(change) for change in sorted(changes, key=lambda change: change.row)]
    coming = [step for step in steps if _stands(step.row, step.change.after)]
    going = [step for step in steps if not _stands(step.row, step.change.after)]
    stages = [
        _of(TASK, coming),
        _of(JOB, coming),
        # No row names a scheduler, so those that go may go at once, before their names are taken.
        _of(SCHEDULER, steps),
        _of(JOB, going),
        _of(TASK, going),
    ]
    return [[step.change for step in group] for stage in stages for group in _by_names(stage)]


def _step(change: RowChange) -> _Step:
    row, before, after = change
    old, new = _names(row, before), _names(row, after)
    return _Step(change, old - new, new - old)


def _of(table: str, steps: Iterable[_Step]) -> list[_Step]:
    return [step for step in steps if step.row.table == table]


def _by_names(steps: Sequence[_Step]) -> Iterator[list[_Step]]:
    """`steps` of one table in groups: those that take a name after those that give it up."""
    left = list(steps)
    while left:
        given = frozenset().union(*(step.given for step in left))
        group = [step for step in left if not step.taken & given]
        group = group or left[:1]  # names that are swapped: one row has to be the first
        yield group
        written = {step.row for step in group}
        left = [step for step in left if step.row not in written]


def _names(row: RowKey, item: Item | None) -> frozenset[str]:
    """The name that no other row should have beside this one; none, of one that is gone. It is a
    DAG id; of a task, its id in Airflow.
    """
    if item is None or not _stands(row, item):
        return frozenset()
    if row.table == TASK:
        name = text_of(item.get("task_name"))
    else:
        name = job_dag_id(item) if row.table == JOB else scheduler_dag_id(item)
    return frozenset({name} - {""})


def _stands(row: RowKey, item: Item | None) -> bool:
    """Whether others may name the row: it is there, and enabled."""
    return item is not None and is_enabled(row, item)
