"""A plan as JSON, for programs. `docs/plan.schema.json` describes it."""

import json
from collections.abc import Sequence
from typing import Any

from dagc import __version__
from dagc.aws.dynamodb_json import json_item
from dagc.changes.dag_change import DagSide
from dagc.changes.kinds.dag_facts import DagFacts
from dagc.changes.kinds.next_runs import NextRuns
from dagc.changes.plan_summary import summary, what_becomes
from dagc.changes.row_change import RowChange
from dagc.cli.diagnostic_listing import sql_counts
from dagc.cli.plan_formats.plan_report import PlanReport, file_diff
from dagc.compiler import Diagnostic, Item, RowKey
from dagc.row_files.reading.placed_text import Location

FORMAT = 1
"""It is another number where a program that reads this one would go wrong."""


def as_json(report: PlanReport) -> str:
    """All of the plan; rows are in DynamoDB's own JSON, so that `1` and `"1"` differ."""
    plan = report.plan
    return json.dumps(
        {
            "format": FORMAT,
            "dagc": __version__,
            "name": report.name,
            "summary": summary(plan),
            "toolchain": list(plan.toolchain),
            "rows": [_row(change) for change in plan.rows],
            "kept": [_key(row) for row in plan.kept],
            "dags": [_dag(dag) for dag in report.dags],
            "diagnostics": [
                _diagnostic(diagnostic, dag_ids, report)
                for diagnostic, dag_ids in plan.diagnostics.items()
            ],
            "drift": [{"dag_id": it.dag_id, "what": it.what} for it in plan.drift],
            "waiting": list(plan.waiting),
            "sql": sql_counts(report.sql),
        },
        indent=2,
    )


def _key(row: RowKey) -> dict[str, Any]:
    return {"table": row.table, "key": dict(row.key)}


def _row(change: RowChange) -> dict[str, Any]:
    sides = {"before": _item(change.before), "after": _item(change.after)}
    return {**_key(change.row), "change": what_becomes(change), **sides}


def _item(item: Item | None) -> Any:
    return None if item is None else json_item(item)


def _dag(dag: DagFacts) -> dict[str, Any]:
    change = dag.change
    found = dag.difference.found.items()
    return {
        "dag_id": change.dag_id,
        "effect": str(change.effect),
        "changes": [{"kind": str(kind), "what": list(words)} for kind, words in found],
        "renamed": change.renamed or None,
        "before": _side(change.before),
        "after": _side(change.after),
        "ways": [{**_key(way.row), "steps": list(way.steps)} for way in change.ways],
        "next_runs": dict(zip(("before", "after"), map(_runs, dag.runs), strict=True)),
        "diff": file_diff(dag),
    }


def _runs(runs: NextRuns | None) -> list[str]:
    return [moment.isoformat() for moment in runs.runs] if runs else []


def _side(side: DagSide) -> dict[str, Any]:
    return {
        "state": None if side.state is None else str(side.state),
        "rows": [_key(row) for row in side.rows],
    }


def _diagnostic(
    diagnostic: Diagnostic, dag_ids: Sequence[str], report: PlanReport
) -> dict[str, Any]:
    proposal = {"proposal": json.loads(diagnostic.proposal)} if diagnostic.proposal else {}
    place = report.place_of(diagnostic)
    return {
        **diagnostic.as_dict(),
        **proposal,
        "dags": list(dag_ids),
        "location": _location(place, report) if place else None,
    }


def _location(place: Location, report: PlanReport) -> dict[str, Any]:
    return {"file": report.file_of(place), "line": place.line, "column": place.column}
