"""Says what was done of a plan, and what became of its DAGs: to people, or as JSON."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console

from dagc.aws import is_refused
from dagc.aws.advice import known_advice
from dagc.aws.row_writes import RowMoved
from dagc.changes.kinds.word_lists import counted
from dagc.changes.row_change import RowChange
from dagc.cli.apply_steps.applying import Applied
from dagc.cli.apply_steps.interruption import INTERRUPTED
from dagc.cli.apply_steps.live_check import what_moved
from dagc.cli.apply_steps.stream_wait import Arrival, Result
from dagc.cli.diagnostic_listing import visible
from dagc.cli.refusal import without_dot
from dagc.cli.row_names import row_name

_WHY_ANOTHER = (
    "A DAG is another than planned where the stack was deployed from other templates, defaults or "
    "another dagc, or a row was edited meanwhile: `dagc plan` tells."
)
_WHY_NOTHING = (
    "A DAG is not compiled where a stream has stopped, or the function fails: docs/runbook.md says "
    "more under stream-stopped and edits-wait."
)
MOST_LISTED = 20
"""Rows, and DAGs that became what the plan said. All others are counted."""
_STYLES = {Result.AS_PLANNED: "green", Result.DIFFERS: "red", Result.NOT_SEEN: "yellow"}


def exit_code(applied: Applied) -> int:
    """0: all as planned, or nothing to do. 1: moved, failed, or another than planned."""
    if applied.interrupted:
        return INTERRUPTED
    arrived = all(arrival.result is Result.AS_PLANNED for arrival in applied.arrivals)
    return 0 if applied.is_written and arrived and not applied.unread else 1


def print_applied(applied: Applied, console: Console) -> None:
    """Tells people."""
    if applied.interrupted:
        console.print(_interrupted(applied))
    for line in _rows(applied):
        console.print(visible(line), markup=False, soft_wrap=True)
    if applied.unread:
        console.print(f"What became of the DAGs cannot be read: {applied.unread}.", markup=False)
    if applied.waited and applied.plan.dags:
        _print_arrivals(applied.arrivals, console, is_interrupted=applied.interrupted)


def as_json(applied: Applied) -> str:
    """Tells programs."""
    return json.dumps(
        {
            "stack": applied.plan.destination.stack,
            "result": _result(applied),
            "rows": [entry for _, entry in sorted(_row_entries(applied))],
            "dags": [_dag_entry(arrival) for arrival in applied.arrivals],
        },
        indent=2,
    )


def refused_json(stack: str, reason: str) -> str:
    """Tells programs that nothing was tried."""
    content = {"stack": stack, "result": "refused", "reason": reason, "rows": [], "dags": []}
    return json.dumps(content, indent=2)


def _result(applied: Applied) -> str:
    if applied.checked.moved or applied.written.moved:
        return "moved"
    if applied.written.failed or applied.unread:
        return "failed"
    if applied.interrupted:
        return "interrupted"
    if exit_code(applied):
        return "differs"
    if not applied.plan.rows:
        return "nothing to do"
    return "as planned" if applied.waited else "written"


def _rows(applied: Applied) -> Iterator[str]:
    """What became of the rows, line by line."""
    plan, checked, written = applied.plan, applied.checked, applied.written
    if not plan.rows:
        yield "Nothing to do."
        return
    if checked.moved:
        yield "Nothing was written. Since the plan was made, somebody changed:"
        yield from _listed([f"{row_name(row)} {what}" for row, what in checked.moved])
        yield "Plan again, and apply that plan."
        return
    already = f" {len(checked.done):,} had it already." if checked.done else ""
    if applied.is_written:
        yield f"{_done(written.written)}.{already}"
        return
    deletes = any(change.after is None for change in checked.open)
    done = f"{len(written.written):,} of {counted(len(checked.open), 'row')} written"
    yield f"{done}{' or deleted' if deletes else ''}.{already}"
    for moved in written.moved:
        yield f"Stopped: {row_name(moved.row)} {_what(applied, moved)}."
    for change, error in written.failed:
        what_to_do = f" {advice}." if (advice := known_advice(error)) else ""
        yield f"Stopped: {row_name(change.row)}: {without_dot(error)}.{what_to_do}"
        if not is_refused(error):
            yield "It is not known whether that row is written."
    if written.left:
        yield "Not written:"
        yield from _listed(sorted(row_name(change.row) for change in written.left))
    again = "Plan again, and apply that plan: what is written stays."
    yield again if written.moved else "Apply the same plan again: it goes on where it stopped."


def _done(changes: Sequence[RowChange]) -> str:
    """How many rows were written, and how many deleted."""
    deleted = sum(change.after is None for change in changes)
    written = len(changes) - deleted
    if not deleted:
        return f"{counted(written, 'row')} written"
    if not written:
        return f"{counted(deleted, 'row')} deleted"
    return f"{counted(written, 'row')} written, {deleted:,} deleted"


def _what(applied: Applied, moved: RowMoved) -> str:
    """How a row had moved when it was to be written."""
    change = next(change for change in applied.checked.open if change.row == moved.row)
    return what_moved(change, moved.now)


def _interrupted(applied: Applied) -> str:
    if applied.is_written:
        return "Interrupted. The compiler goes on, whether anybody waits or not."
    return "Interrupted."


def _listed(lines: list[str]) -> Iterator[str]:
    yield from (f"  {line}" for line in lines[:MOST_LISTED])
    if len(lines) > MOST_LISTED:
        yield f"  and {len(lines) - MOST_LISTED:,} more"


def _print_arrivals(arrivals: Sequence[Arrival], console: Console, *, is_interrupted: bool) -> None:
    by_result: dict[Result, list[Arrival]] = {result: [] for result in Result}
    for arrival in arrivals:
        by_result[arrival.result].append(arrival)
    planned, differ, not_seen = by_result.values()
    for arrival in [*differ, *not_seen, *(planned if len(planned) <= MOST_LISTED else [])]:
        text = f"  {arrival.expected.dag_id}: {arrival.expected.effect}, {_became(arrival)}"
        console.print(visible(text), style=_STYLES[arrival.result], markup=False, soft_wrap=True)
    console.print(f"{len(planned):,} of {counted(len(arrivals), 'DAG')} as planned.")
    if differ:
        console.print(_WHY_ANOTHER, soft_wrap=True)
    if not_seen and not is_interrupted:
        console.print(_WHY_NOTHING, soft_wrap=True)


def _became(arrival: Arrival) -> str:
    return arrival.result.value + (f": {arrival.what}" if arrival.what else "")


def _row_entries(applied: Applied) -> Iterator[tuple[str, dict[str, Any]]]:
    """An entry for each row of the plan, with its name."""
    checked, written = applied.checked, applied.written
    results = {change.row: "not written" for change in applied.plan.rows}
    results |= {change.row: "was as planned" for change in checked.done}
    results |= {
        change.row: "deleted" if change.after is None else "written" for change in written.written
    }
    results |= {change.row: "failed" for change, _ in written.failed}
    what = {change.row: str(error) for change, error in written.failed}
    moved = {it.row: it.what for it in checked.moved}
    moved |= {it.row: _what(applied, it) for it in written.moved}
    results |= dict.fromkeys(moved, "moved")
    for row, result in results.items():
        entry: dict[str, Any] = {"table": row.table, "key": dict(row.key), "result": result}
        said = {"what": (what | moved)[row]} if row in what | moved else {}
        yield row_name(row), entry | said


def _dag_entry(arrival: Arrival) -> dict[str, Any]:
    expected, record = arrival.expected, arrival.record
    return {
        "dag_id": expected.dag_id,
        "effect": expected.effect,
        "result": arrival.result.value,
        "what": arrival.what,
        "planned": {"state": expected.state or "removed", "sha256": expected.sha256},
        "became": {
            "state": record.state if record else "removed",
            "sha256": record.sha256 if record else "",
        },
    }
