"""The next runs of a DAG before and after, side by side."""

from datetime import UTC, datetime
from itertools import zip_longest

from rich.console import Console

from dagc.changes.kinds.dag_facts import DagFacts
from dagc.changes.kinds.next_runs import NextRuns
from dagc.cli.indented_lines import print_indented, print_line

_COLUMN = 42
"""Characters of the first column, at least."""


def print_runs(console: Console, facts: DagFacts) -> None:
    """The next runs, and those across a change of the clock. Nothing, where the DAG has no schedule
    or keeps it.
    """
    before, after = facts.runs
    if before is None and after is None:
        return
    at_times = any(runs.at_times for runs in facts.runs if runs)
    words = "each when it begins" if at_times else "each begins at the end of its data interval"
    print_indented(console, f"next runs ({words})", 4)
    if facts.before is None:
        _print_columns(console, [_side("", after)])
    else:
        _print_columns(console, [_side("before", before), _side("after", after)])
    if facts.at_once is not None:
        end = _moment(facts.at_once)
        print_indented(console, f"Airflow also starts one at once: its interval ended {end}", 6)


def _side(title: str, runs: NextRuns | None) -> list[str]:
    """A column: a title, the runs, and those across a change of the clock."""
    if runs is None:
        return [title, "no schedule"]
    lines = [f"{title} ({runs.zone})".strip(), *map(_moment, runs.runs)]
    if runs.words:
        lines.append(runs.words)
    if runs.across:
        lines += ["when the clock changes:", *map(_moment, runs.across)]
    return lines


def _print_columns(console: Console, columns: list[list[str]]) -> None:
    first, *others = columns
    width = max(_COLUMN, *(len(line) + 2 for line in first)) if others else 0
    for cells in zip_longest(*columns, fillvalue=""):
        print_line(console, f"{cells[0]:{width}}{''.join(cells[1:])}".rstrip(), 6)


def _moment(moment: datetime) -> str:
    """A moment on the clock of its zone, and in UTC."""
    clock = "%H:%M:%S" if moment.second else "%H:%M"
    local = f"{moment:%a %Y-%m-%d {clock}}"
    in_utc = moment.astimezone(UTC)
    if in_utc.replace(tzinfo=None) == moment.replace(tzinfo=None):
        return local
    form = clock if in_utc.date() == moment.date() else f"%Y-%m-%d {clock}"
    return f"{local} ({in_utc:{form}} UTC)"
