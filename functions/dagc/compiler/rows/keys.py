"""The three tables that people edit, by their original names, and the keys of their rows."""

import hashlib
import json
from decimal import Decimal
from typing import Any

from dagc.compiler.diagnostics import RowKey
from dagc.compiler.rows.attributes import Item
from dagc.compiler.schema.json_values import whole_number

TASK, JOB, SCHEDULER = "mwaa_task", "mwaa_job", "mwaa_scheduler"

KEYS = {TASK: ("task_id",), JOB: ("job_type", "job_id"), SCHEDULER: ("schedule_id",)}
"""The key attributes of each table: partition key, then sort key."""
NAMES = {TASK: "task_name", JOB: "job_name", SCHEDULER: "schedule_name"}
"""The attribute of each table that names a row."""

ATTRIBUTES = {
    TASK: ("task_id", "task_name", "task_type", "task_params", "status"),
    JOB: (
        "job_type",
        "job_id",
        "job_name",
        "job_params",
        "task_list",
        "job_task_dependencies",
        "job_task_configs",
        "status",
    ),
    SCHEDULER: (
        "schedule_id",
        "schedule_name",
        "schedule_description",
        "job_list",
        "schedule_job_dependencies",
        "schedule_job_configs",
        "schedule_params",
        "status",
    ),
}
"""The attributes of each table that mean something; others are people's own."""


def row_key(table: str, item: Item) -> RowKey:
    """Reads the key of a row of `table`, as text; "" for an attribute that is missing or no id."""
    return RowKey(table, tuple([(name, text_of(item.get(name))) for name in KEYS[table]]))


def text_of(value: Any) -> str:
    """Reads a key attribute as text, with its blanks, as DynamoDB does; "" for what can be none."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        value = whole_number(value)
    known = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return str(value) if known else ""


def key_text(row: RowKey) -> str:
    """Returns the key of a row as one text, which `row_of` reads back."""
    return json.dumps(dict(row.key), ensure_ascii=False)


def row_of(table: str, text: str) -> RowKey:
    """Returns the row of `table` with the key that `key_text` wrote."""
    values = json.loads(text)
    return RowKey(table, tuple((name, values[name]) for name in KEYS[table]))


def task_key(task_id: str) -> RowKey:
    """Returns the key of the task row with this id."""
    return RowKey(TASK, (("task_id", task_id),))


def bounded(text: str) -> str:
    """Returns `text`, or its beginning and a digest of all of it, so that DynamoDB takes it as a
    key.
    """
    if len(text.encode()) <= _MAX_LENGTH:
        return text
    return f"{text[:200]}… sha256:{hashlib.sha256(text.encode()).hexdigest()}"


_MAX_LENGTH = 1000
"""Bytes. DynamoDB takes 1,024 for a sort key ("Naming rules", Limits)."""
