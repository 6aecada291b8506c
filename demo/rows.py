"""Rows: reading them from a folder of YAML files, and putting them into the tables."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from demo.stack import Stack

Row = dict[str, Any]

KINDS = ("task", "job", "scheduler")
"""In the order of loading: what a row names is there before the row."""

KEYS = {"task": ("task_id",), "job": ("job_type", "job_id"), "scheduler": ("schedule_id",)}


def read_rows(folder: Path) -> dict[str, list[Row]]:
    """The rows of `mwaa_task.yaml`, `mwaa_job.yaml` and `mwaa_scheduler.yaml`, by kind."""
    return {
        kind: yaml.safe_load((folder / f"mwaa_{kind}.yaml").read_text(encoding="utf-8"))
        for kind in KINDS
    }


def load(stack: Stack, rows: Mapping[str, list[Row]], console: Console) -> None:
    """Put all rows into the tables."""
    columns = (
        TextColumn("{task.description:<16}"),
        BarColumn(),
        MofNCompleteColumn(),
    )
    with Progress(*columns, console=console) as progress:
        for kind in KINDS:
            table = stack.tables[kind]
            with stack.dynamodb.Table(table).batch_writer() as batch:
                for row in progress.track(rows[kind], description=table):
                    batch.put_item(Item=_storable(row))


def put(stack: Stack, kind: str, row: Row) -> None:
    """Put one row, as a person does in the console."""
    stack.dynamodb.Table(stack.tables[kind]).put_item(Item=_storable(row))


def find(rows: Mapping[str, list[Row]], kind: str, **key: str) -> Row:
    """The row with that key."""
    return next(row for row in rows[kind] if all(row[name] == key[name] for name in KEYS[kind]))


def dag_ids(rows: Mapping[str, list[Row]]) -> set[str]:
    """The DAGs of the enabled rows: what must be in the bucket when all rows are good."""
    return {
        f"{prefix}-{row[name]}"
        for kind, prefix, name in (
            ("job", "job", "job_name"),
            ("scheduler", "schedule", "schedule_name"),
        )
        for row in rows[kind]
        if row.get("status", 1) == 1
    }


def _storable(value: Any) -> Any:
    """The same value for boto3, which takes no floats."""
    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, dict):
        return {name: _storable(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_storable(item) for item in value]
    return value
