"""Reads the live rows of a plan again, and says which are still as the plan saw them."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dagc.aws.row_tables import RowTables
from dagc.aws.row_writes import differing, is_same
from dagc.aws.threads import in_threads
from dagc.changes.row_change import RowChange
from dagc.compiler import Item, RowKey


class Moved(NamedTuple):
    """A row that is neither as the plan saw it nor as the plan wants it, and how that shows."""

    row: RowKey
    what: str


class Checked(NamedTuple):
    """The changes of a plan that are `open`; those that are `done` already; the rows that `moved`,
    so that nothing can be written.
    """

    open: Sequence[RowChange]
    done: Sequence[RowChange]
    moved: Sequence[Moved]


def check_live_rows(changes: Sequence[RowChange], tables: RowTables) -> Checked:
    """Compares the live rows, read strongly consistent, with those of `changes`."""
    live = tables.get_all((change.row for change in changes), in_threads)
    return _compared([(change, live.get(change.row)) for change in changes])


def _compared(rows: Iterable[tuple[RowChange, Item | None]]) -> Checked:
    checked: tuple[list[RowChange], list[RowChange], list[Moved]] = [], [], []
    for change, now in rows:
        if is_same(change.row, now, change.after):
            checked[1].append(change)
        elif is_same(change.row, now, change.before):
            checked[0].append(change)
        else:
            checked[2].append(Moved(change.row, what_moved(change, now)))
    return Checked(*checked)


def what_moved(change: RowChange, now: Item | None) -> str:
    """How a row differs from what the plan saw."""
    if now is None:
        return "is gone"
    if change.before is None:
        return "is there, and was not when the plan was made"
    names = differing(change.row, change.before, now)
    return f"has another {', '.join(names)} than the plan saw"
