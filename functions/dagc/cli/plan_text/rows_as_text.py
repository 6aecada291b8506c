"""The rows of a plan, for people."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from dagc.changes.differences.row_difference import ValueChange, row_difference, row_name
from dagc.changes.differences.text_difference import folded
from dagc.changes.kinds.word_lists import counted, some
from dagc.changes.plan import Plan
from dagc.changes.plan_summary import CHANGED, DELETED, NEW, row_words, what_becomes
from dagc.changes.row_change import RowChange
from dagc.cli.diagnostic_listing import visible
from dagc.cli.indented_lines import print_indented, print_line
from dagc.cli.plan_text.diff_lines import plain_texts

_MOST = 20
"""Rows, or groups of rows that change alike."""
_VALUES = 8
"""Values of a row."""
_LINES = 100
"""Lines of all text diffs together; a long one has at least `_FEW`."""
_FEW = 4
_MARKS = {NEW: ("+", "green"), CHANGED: ("~", "yellow"), DELETED: ("-", "red")}

Group = tuple[list[RowChange], tuple[ValueChange, ...]]


def print_rows(console: Console, plan: Plan, *, full: bool) -> None:
    """The rows that differ, attribute by attribute; those that change alike, once. Many are
    counted, unless `full`.
    """
    if not plan.rows and not plan.kept:
        return
    console.print(Text("Rows", "bold"))
    groups = _groups(plan.rows)
    shown, left_out = folded(groups, None if full else _MOST)
    lines = None if full else max(_FEW, _LINES // max(1, len(shown)))
    for changes, values in shown:
        _print_group(console, changes, values, lines, full=full)
    if left_out:
        rest = [change for changes, _ in groups[len(shown) :] for change in changes]
        print_indented(console, f"… and {_counted(rest)}: dagc plan --full shows them", 0)
    if plan.kept:
        names = some([row_words(row) for row in plan.kept])
        what = counted(len(plan.kept), "live row")
        verbs = (
            "is not in the proposal, and stays"
            if len(plan.kept) == 1
            else ("are not in the proposal, and stay")
        )
        print_indented(console, f"= {what} {verbs}: {names}", 0)
    console.print()


def _groups(rows: Sequence[RowChange]) -> list[Group]:
    """The rows, those of a table together whose values change alike."""
    groups: dict[object, Group] = {}
    for change in rows:
        values = row_difference(change)
        alone = change.row if what_becomes(change) != CHANGED else None
        mark = (change.row.table, values, alone)
        groups.setdefault(mark, ([], values))[0].append(change)
    return list(groups.values())


def _counted(rows: Sequence[RowChange]) -> str:
    kinds = Counter(map(what_becomes, rows))
    words = ", ".join(f"{number:,} {what}" for what, number in kinds.items())
    return f"{counted(len(rows), 'more row')} ({words})"


def _print_group(
    console: Console,
    changes: Sequence[RowChange],
    values: Sequence[ValueChange],
    lines: int | None,
    *,
    full: bool,
) -> None:
    what = what_becomes(changes[0])
    mark, style = _MARKS[what]
    title = Text.assemble((f"{mark} ", style), (visible(_title(changes)), "bold"))
    title.append(f" is {what}" if len(changes) == 1 else f" are {what} alike")
    print_indented(console, title, 0)
    shown, left_out = folded(values, None if full else _VALUES)
    for value in shown:
        _print_value(console, value, lines)
    if left_out:
        print_indented(console, f"… and {left_out:,} more values", 4)


def _title(changes: Sequence[RowChange]) -> str:
    if len(changes) == 1:
        [change] = changes
        name = row_name(change.after or change.before or {})
        return " ".join(filter(None, [row_words(change.row), name]))
    names = some([row_words(change.row) for change in changes])
    return f"{counted(len(changes), 'row')} ({names})"


def _print_value(console: Console, value: ValueChange, lines: int | None) -> None:
    place = " ".join(filter(None, [value.attribute, value.path]))
    print_indented(console, f"{place}: {value.words}", 4)
    shown, left_out = folded(value.lines, lines)
    for line in plain_texts(shown):
        print_line(console, line, 6)
    if left_out:
        print_line(console, f"… {counted(left_out, 'line')} more", 6, "dim")
