"""Which DAG id a row claims, what a row without a usable name is listed under, what rows name."""

from collections.abc import Collection, Iterable
from itertools import chain

from dagc.compiler.diagnostics import RowKey
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.keys import JOB, SCHEDULER, bounded, key_text
from dagc.compiler.rows.members import are_too_many
from dagc.compiler.rows.scheduler_row import SchedulerRow

DagRow = JobRow | SchedulerRow
"""A row that becomes a DAG."""


def dag_id_of(row: DagRow) -> str:
    """Returns the DAG id that `row` claims; a name made of its key, where it has no usable name."""
    return row.dag_id or unnamed_id(row.row)


def unnamed_id(row: RowKey) -> str:
    """Returns what a row without a usable name is listed under: its table and key."""
    return bounded(f"{row.table} {key_text(row)}")


def named_ids(rows: Iterable[DagRow]) -> frozenset[str] | None:
    """Returns the ids that the enabled ones of `rows` name, which claim one DAG id.

    None where they are several, and name more together than one row may: each is in error for its
    name, and nobody looks at what it names.
    """
    return named_together(
        [row.task_rows if isinstance(row, JobRow) else row.job_rows for row in rows if row.enabled]
    )


def named_together(named: Collection[Iterable[str]]) -> frozenset[str] | None:
    """The same, of what each of the enabled rows names."""
    ids = frozenset(chain.from_iterable(named))
    return None if len(named) > 1 and are_too_many(ids) else ids


def is_named(dag_id: str) -> bool:
    """Says whether `dag_id` is one: a name holds no blanks, a table and key do."""
    return " " not in dag_id


def claiming_table(dag_id: str) -> str:
    """Returns the table whose rows may claim `dag_id`."""
    return SCHEDULER if dag_id.startswith(("schedule-", f"{SCHEDULER} ")) else JOB
