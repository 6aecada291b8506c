"""Reads on through a whole table, where more rows belong together than one item can list."""

from typing import Any

from dagc.apply.deployment import Deployment
from dagc.apply.read_inventory import SEGMENTS
from dagc.compiler import KEYS, NAMES


def all_rows(table: str, deployment: Deployment) -> list[dict[str, Any]]:
    """Every row of jobs or schedulers: its key and its name, strongly consistent, as plain data."""
    attributes = (*KEYS[table], NAMES[table])
    parts = deployment.in_parallel(
        lambda part: list(deployment.tables.scan(table, part, SEGMENTS, attributes)),
        range(SEGMENTS),
    )
    return [row for part in parts for row in part]
