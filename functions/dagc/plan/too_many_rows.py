"""Answers for a name that more rows claim than a record can keep track of: it is in error."""

from collections.abc import Sequence

from dagc.compiler import JOB, Code, Dag, DagRow, Problem, RowKey, claiming_table, duplicate_names
from dagc.plan.inputs import inputs_of


def undecided(dag_id: str) -> Dag:
    """A DAG that more rows claimed than a record holds, and perhaps others do than are known."""
    table = claiming_table(dag_id)
    problem = Problem(
        Code.DUPLICATE_NAME,
        "more rows have, or had, this name than can be kept track of",
        "Rename or disable all but one; the next rebuild then compiles it.",
    )
    diagnostic = problem.at(RowKey(table, ()), "job_name" if table == JOB else "schedule_name")
    return Dag(dag_id, enabled=True, text=None, diagnostics=(diagnostic,))


def unread(dag_id: str, rows: Sequence[DagRow]) -> Dag | None:
    """The DAG of several enabled rows that name more inputs together than a record holds: each is
    in error for its name, and what they name is not read. None if `rows` are no such.
    """
    enabled = [row for row in rows if row.enabled]
    if len(enabled) < 2 or inputs_of(enabled):
        return None
    clashes = duplicate_names(enabled)
    diagnostics = [
        diagnostic for row in enabled for diagnostic in (*row.diagnostics, *clashes[row.row])
    ]
    return Dag(dag_id, enabled=True, text=None, diagnostics=tuple(diagnostics))
