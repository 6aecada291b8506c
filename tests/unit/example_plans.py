"""Plans of edits of the examples' rows, between two folders as it were."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from dagc.changes.forecast.worlds import assumed_world
from dagc.changes.plan import Plan
from dagc.changes.planning import plan_changes
from dagc.changes.row_change import RowChange
from dagc.compiler import read_rows, row_key
from tests.properties.compiling import toolchain
from tests.properties.example_rows import FOLDER, TABLES, example_tables

NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
Tables = dict[str, list[dict[str, Any]]]


def plan_of(edit: Callable[[Tables], None], rows: Tables | None = None) -> Plan:
    """The plan of what `edit` makes of `rows`, or else of those of the examples."""
    old = rows if rows is not None else example_tables()
    new = copy.deepcopy(old)
    edit(new)
    before, after = (
        {row_key(table, item): item for table in TABLES for item in tables[table]}
        for tables in (old, new)
    )
    changes = [
        RowChange(row, before.get(row), after.get(row))
        for row in sorted(before.keys() | after.keys())
        if before.get(row) != after.get(row)
    ]
    tools = toolchain(None, "dev", FOLDER)
    world = assumed_world(
        read_rows(old["mwaa_task"], old["mwaa_job"], old["mwaa_scheduler"], tools)
    )
    plan, _ = plan_changes(changes, world, tools, now=NOW, read_files=lambda _: {})
    return plan


def row_of(tables: Tables, table: str, id_: str) -> dict[str, Any]:
    """The row with this id."""
    name = {"mwaa_task": "task_id", "mwaa_job": "job_id", "mwaa_scheduler": "schedule_id"}[table]
    return next(row for row in tables[table] if row[name] == id_)
