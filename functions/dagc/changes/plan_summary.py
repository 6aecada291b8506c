"""A plan in one line."""

from collections import Counter
from collections.abc import Mapping

from dagc.changes.dag_change import Effect
from dagc.changes.kinds.word_lists import counted
from dagc.changes.plan import Plan
from dagc.changes.row_change import RowChange
from dagc.compiler import JOB, SCHEDULER, TASK, RowKey, Severity

NEW, CHANGED, DELETED = "new", "changed", "deleted"

_TABLES = {TASK: "task", JOB: "job", SCHEDULER: "scheduler"}
_EFFECTS: Mapping[Effect, tuple[str, str]] = {
    Effect.CREATED: ("created", "created"),
    Effect.CHANGED: ("changed", "changed"),
    Effect.VALID_AGAIN: ("valid again", "valid again"),
    Effect.REMOVED: ("removed", "removed"),
    Effect.INVALID: ("becomes invalid", "become invalid"),
    Effect.STILL_INVALID: ("stays invalid", "stay invalid"),
    Effect.BLOCKED: ("is blocked", "are blocked"),
}
"""In the order of the line, for one DAG and for several."""


def what_becomes(change: RowChange) -> str:
    """What becomes of a row, in a word."""
    if change.before is None:
        return NEW
    return DELETED if change.after is None else CHANGED


def row_words(row: RowKey) -> str:
    """A row as people call it: `task 301`, `job mart/20`."""
    return f"{_TABLES[row.table]} {'/'.join(value for _, value in row.key)}"


def summary(plan: Plan) -> str:
    """`3 rows: 1 new, 2 changed. 5 DAGs: 1 created, 4 changed; 12 stay as they are. 2 errors.`"""
    parts = [_rows(plan), _dags(plan)]
    severities = Counter(diagnostic.severity for diagnostic in plan.diagnostics)
    parts.append(", ".join(counted(severities[it], str(it)) for it in Severity if severities[it]))
    return " ".join(f"{part}." for part in parts if part)


def _rows(plan: Plan) -> str:
    if not plan.rows:
        return "Nothing to do: no row differs"
    kinds = Counter(map(what_becomes, plan.rows))
    words = ", ".join(f"{kinds[it]:,} {it}" for it in (NEW, CHANGED, DELETED) if kinds[it])
    return f"{counted(len(plan.rows), 'row')}: {words}"


def _dags(plan: Plan) -> str:
    effects = Counter(dag.effect for dag in plan.dags)
    same = effects.pop(Effect.UNCHANGED, 0)
    stay = f"{same:,} {'stays as it is' if same == 1 else 'stay as they are'}" if same else ""
    if not effects:
        if not plan.rows:
            return ""
        return f"No DAG changes; {stay}" if stay else "No DAG changes"
    number = effects.total()
    words = [
        f"{effects[effect]:,} {forms[effects[effect] > 1]}"
        for effect, forms in _EFFECTS.items()
        if effects[effect]
    ]
    return "; ".join(filter(None, [f"{counted(number, 'DAG')}: {', '.join(words)}", stay]))
