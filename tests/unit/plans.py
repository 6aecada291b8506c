"""Plans of rows alone, to be shown in one format or another."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dagc.changes.dag_facts import dag_facts
from dagc.changes.plan import Plan
from dagc.changes.planning import plan_changes
from dagc.changes.row_change import RowChange
from dagc.changes.worlds import assumed_world
from dagc.cli.plan_formats.plan_report import PlanReport
from dagc.compiler import Diagnostic, RowKey, Toolchain, read_rows, row_key
from dagc.row_files.placed_text import Location
from tests.properties.compiling import toolchain

Tables = Mapping[str, Sequence[Mapping[str, Any]]]
NOW = datetime(2026, 11, 27, tzinfo=UTC)


def plan_of(before: Tables, after: Tables, tools: Toolchain | None = None) -> Plan:
    """What it means that the rows `before` become those of `after`."""
    tools = tools or toolchain()
    old, new = _rows(before), _rows(after)
    changes = [
        RowChange(row, old.get(row), new.get(row))
        for row in sorted(old.keys() | new.keys())
        if old.get(row) != new.get(row)
    ]
    tasks, jobs, schedulers = (
        list(before.get(table, ())) for table in ("mwaa_task", "mwaa_job", "mwaa_scheduler")
    )
    world = assumed_world(read_rows(tasks, jobs, schedulers, tools))
    return plan_changes(changes, world, tools, now=NOW, read_files=lambda _: {})


def report_of(
    plan: Plan,
    place_of: Callable[[Diagnostic], Location | None] = lambda _: None,
    name: str = "dev",
) -> PlanReport:
    """All that a format is made of."""
    return PlanReport(
        plan=plan,
        dags=dag_facts(plan.dags, NOW),
        place_of=place_of,
        place_of_row=lambda _: None,
        root=Path("/repository"),
        name=name,
    )


def _rows(tables: Tables) -> dict[RowKey, Mapping[str, Any]]:
    return {row_key(table, item): item for table, items in tables.items() for item in items}
