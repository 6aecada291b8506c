"""What there is to say of the DAGs of a plan: kinds of change, and next runs."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from dagc.changes.dag_change import DagChange, Effect
from dagc.changes.kinds.file_reading import read_file
from dagc.changes.kinds.kinds import FileDifference, Kind, compare_files
from dagc.changes.kinds.next_runs import NextRuns, next_runs, run_at_once
from dagc.changes.kinds.task_arguments import Taken
from dagc.changes.plan_summary import row_words

_NOT_WRITTEN = frozenset(
    {Effect.INVALID, Effect.STILL_INVALID, Effect.BLOCKED, Effect.REMOVED, Effect.UNCHANGED}
)
_NO_DIFFERENCE = FileDifference({})


class DagFacts(NamedTuple):
    """A DAG of a plan. `before` and `after` are the texts that are compared, where its file is
    written: of one that takes the place of another id, `before` is the other's file; None for none.
    `difference` are the kinds of change. Where its schedule changes, or it is new, `runs` are the
    next ones before and after (None: it has no schedule), and `at_once` is the end of the
    interval of one that Airflow starts at once.
    """

    change: DagChange
    before: str | None
    after: str | None
    difference: FileDifference
    runs: tuple[NextRuns | None, NextRuns | None] = (None, None)
    at_once: datetime | None = None


def dag_facts(
    changes: Iterable[DagChange], now: datetime, taken: Taken | None = None
) -> tuple[DagFacts, ...]:
    """The facts of each DAG, in the order in which a reader wants to know them. `taken` is as for
    `compare_files`.
    """
    by_id = {change.dag_id: change for change in changes}
    order = list(Effect)
    ordered = sorted(by_id.values(), key=lambda it: (order.index(it.effect), it.dag_id))
    return tuple(_facts(change, by_id, now, taken) for change in ordered)


def _facts(
    change: DagChange, by_id: dict[str, DagChange], now: datetime, taken: Taken | None
) -> DagFacts:
    if change.effect in _NOT_WRITTEN or change.after.text is None:
        return DagFacts(change, None, None, _NO_DIFFERENCE)
    after = change.after.text
    before = change.before.text
    if before is None and change.renamed in by_id:
        before = by_id[change.renamed].before.text
    if before is None:
        return DagFacts(change, None, after, _NO_DIFFERENCE, (None, next_runs(after, now)))
    difference = _with_other_row(compare_files(before, after, taken), change)
    facts = DagFacts(change, before, after, difference)
    if Kind.SCHEDULE not in difference.found:
        return facts
    runs = next_runs(before, now), next_runs(after, now, before)
    return facts._replace(runs=runs, at_once=run_at_once(before, after, now))


def _with_other_row(difference: FileDifference, change: DagChange) -> FileDifference:
    """The difference of a file that another row makes from now on, under the same id: two rows that
    swap their names, say. The history of runs is the other row's.
    """
    old, new = change.before.rows, change.after.rows
    if not old or not new or set(old) & set(new):
        return difference
    said = f"made of {row_words(new[0])} from now on, until now of {row_words(old[0])}"
    own = difference.found.get(Kind.IDENTITY, ())
    return FileDifference({Kind.IDENTITY: (), **difference.found, Kind.IDENTITY: (*own, said)})


def task_count(text: str | None) -> int | None:
    """The tasks in the text of a DAG file; None where they cannot be counted."""
    try:
        return len(read_file(text).tasks) if text else None
    except (SyntaxError, ValueError, RecursionError):
        return None
