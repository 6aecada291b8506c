"""Finds the DAG ids that more than one row claims."""

from collections.abc import Iterable

from dagc.compiler.diagnostics import Code, Diagnostic, Problem, RowKey
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.keys import NAMES
from dagc.compiler.rows.scheduler_row import SchedulerRow

_MAX_LISTED = 20
"""Of the other claimants of a name, a message lists so many: with all, it grows by the square."""


def duplicate_names(
    rows: Iterable[JobRow | SchedulerRow],
) -> dict[RowKey, tuple[Diagnostic, ...]]:
    """Returns a diagnostic for each enabled row whose DAG id another enabled row claims as well.

    Every claimant is in error: none wins by luck.
    """
    claimants: dict[str, list[JobRow | SchedulerRow]] = {}
    for row in rows:
        if row.enabled and row.dag_id:
            claimants.setdefault(row.dag_id, []).append(row)
    return {
        row.row: (_clash(row, same),)
        for same in (sorted(rows, key=lambda row: row.row) for rows in claimants.values())
        if len(same) > 1
        for row in same
    }


def _clash(row: JobRow | SchedulerRow, same: list[JobRow | SchedulerRow]) -> Diagnostic:
    others = [str(other.row) for other in same[: _MAX_LISTED + 1] if other.row != row.row][
        :_MAX_LISTED
    ]
    more = len(same) - 1 - len(others)
    if more:
        others.append(f"{more:,} more")
    problem = Problem(
        Code.DUPLICATE_NAME,
        f"the name {row.name!r} is also that of {', '.join(others)}",
        "Rename or disable all but one; until then the last good file stays.",
    )
    return problem.at(row.row, NAMES[row.row.table])
