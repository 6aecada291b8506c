"""The names under which the compiler keeps its accounts: of DAGs, of rows, of inputs, of files."""

import hashlib
import json
from collections.abc import Iterable

from dagc.compiler.diagnostics import RowKey
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.keys import JOB, KEYS, SCHEDULER, TASK
from dagc.compiler.rows.scheduler_row import SchedulerRow

DagRow = JobRow | SchedulerRow
"""A row that becomes a DAG."""

_MAX_INPUTS_SIZE = 130_000
_MAX_KEYS_SIZE = 40_000
_MAX_LENGTH = 1000
"""Bytes. DynamoDB takes 1,024 for a sort key ("Naming rules", Limits)."""


def dag_id_of(row: DagRow) -> str:
    """The DAG id that `row` claims; a name made of its key, where it has no usable name."""
    return row.dag_id or unnamed_id(row.row)


def unnamed_id(row: RowKey) -> str:
    """What a row without a usable name is listed under: its table and key."""
    return _bounded(f"{row.table} {key_text(row)}")


def is_named(dag_id: str) -> bool:
    """Whether `dag_id` is one: a name holds no blanks, a table and key do."""
    return " " not in dag_id


def source_table(dag_id: str) -> str:
    """The table whose rows may claim `dag_id`."""
    return SCHEDULER if dag_id.startswith(("schedule-", f"{SCHEDULER} ")) else JOB


def key_text(row: RowKey) -> str:
    """The key of a row as one text, which `row_of` reads back."""
    return json.dumps(dict(row.key), ensure_ascii=False)


def row_of(table: str, text: str) -> RowKey:
    """The row of `table` with the key that `key_text` wrote."""
    values = json.loads(text)
    return RowKey(table, tuple((name, values[name]) for name in KEYS[table]))


def task_input(task_id: str) -> str:
    """The input that a DAG reads where its job names this task."""
    return _bounded(f"task/{task_id}")


def job_input(job_id: str) -> str:
    """The input that a DAG reads where its scheduler names this job."""
    return _bounded(f"job/{job_id}")


def input_of(row: RowKey) -> str:
    """The input that DAGs read where they name `row`; "" for a scheduler, which none names."""
    if row.table == TASK:
        return task_input(row.value("task_id"))
    return job_input(row.value("job_id")) if row.table == JOB else ""


def inputs_of(rows: Iterable[DagRow]) -> frozenset[str]:
    """The inputs beside `rows` themselves that their DAG reads. A disabled row reads none.

    None either where several rows of one name have more together than a record holds: they are in
    error whatever they read.
    """
    inputs = frozenset(
        input_name
        for row in rows
        if row.enabled
        for input_name in (
            map(task_input, filter(is_storable, row.tasks))
            if isinstance(row, JobRow)
            else map(job_input, filter(is_storable, row.jobs))
        )
    )
    size = sum(len(name.encode()) for name in inputs)
    return inputs if size <= _MAX_INPUTS_SIZE else frozenset()


def first_keys(keys: Iterable[str]) -> frozenset[str]:
    """As many of the rows' keys, in their order, as a record holds. Where there are more, they are
    in error, all having one name; a rebuild finds the others when these are gone.
    """
    room = _MAX_KEYS_SIZE
    kept = []
    for key in sorted(keys):
        room -= len(key.encode())
        if room < 0:
            break
        kept.append(key)
    return frozenset(kept)


def is_storable(text: str) -> bool:
    """Whether DynamoDB can hold `text`: a lone surrogate has no UTF-8, and is no row's key."""
    try:
        return bool(text.encode())
    except UnicodeEncodeError:
        return False


def object_key(dag_id: str, prefix: str) -> str:
    """The key of a DAG's file."""
    return f"{prefix}{dag_id}.py"


def dag_id_of_object(key: str, prefix: str) -> str | None:
    """The DAG id whose file has this key; None if it can be no DAG's."""
    name = key.removeprefix(prefix)
    is_file = name.startswith(("job-", "schedule-")) and name.endswith(".py") and "/" not in name
    return name.removesuffix(".py") if is_file and is_named(name) else None


def _bounded(text: str) -> str:
    """`text`, or its beginning and a digest of all of it, so that DynamoDB takes it as a key."""
    if len(text.encode()) <= _MAX_LENGTH:
        return text
    return f"{text[:200]}… sha256:{hashlib.sha256(text.encode()).hexdigest()}"
