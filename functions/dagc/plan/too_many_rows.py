"""Answers for a name whose rows read more together than a record can list: it is in error."""

from collections.abc import Sequence

from dagc.compiler import Dag, DagRow, duplicate_names
from dagc.plan.inputs import inputs_of


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
