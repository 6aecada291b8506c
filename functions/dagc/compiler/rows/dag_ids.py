"""Which DAG id a row claims, and what a row without a usable name is listed under."""

from dagc.compiler.diagnostics import RowKey
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.keys import JOB, SCHEDULER, bounded, key_text
from dagc.compiler.rows.scheduler_row import SchedulerRow

DagRow = JobRow | SchedulerRow
"""A row that becomes a DAG."""


def dag_id_of(row: DagRow) -> str:
    """Returns the DAG id that `row` claims; a name made of its key, where it has no usable name."""
    return row.dag_id or unnamed_id(row.row)


def unnamed_id(row: RowKey) -> str:
    """Returns what a row without a usable name is listed under: its table and key."""
    return bounded(f"{row.table} {key_text(row)}")


def is_named(dag_id: str) -> bool:
    """Says whether `dag_id` is one: a name holds no blanks, a table and key do."""
    return " " not in dag_id


def claiming_table(dag_id: str) -> str:
    """Returns the table whose rows may claim `dag_id`."""
    return SCHEDULER if dag_id.startswith(("schedule-", f"{SCHEDULER} ")) else JOB
