"""Names the inputs that a DAG has beside its own row: `task/<task_id>` and `job/<job_id>`.

`mwaa_dag_dependency` and the records of `mwaa_dag` hold these names.
"""

from collections.abc import Iterable

from dagc.compiler import JOB, TASK, DagRow, JobRow, RowKey, bounded, named_ids


def task_input(task_id: str) -> str:
    """The input that a DAG reads where its job names this task."""
    return bounded(f"task/{task_id}")


def job_input(job_id: str) -> str:
    """The input that a DAG reads where its scheduler names this job."""
    return bounded(f"job/{job_id}")


def is_job_input(name: str) -> bool:
    """Whether an input is that of a job id."""
    return name.startswith("job/")


def input_of(row: RowKey) -> str:
    """The input that DAGs read where they name `row`; "" for a scheduler, which none names."""
    if row.table == TASK:
        return task_input(row.value("task_id"))
    return job_input(row.value("job_id")) if row.table == JOB else ""


def inputs_of(rows: Iterable[DagRow]) -> frozenset[str]:
    """The inputs beside `rows` themselves that their DAG reads. A disabled row reads none, nor do
    several that name too much together.
    """
    claimants = list(rows)
    is_job = any(isinstance(row, JobRow) for row in claimants)
    name = task_input if is_job else job_input
    return frozenset(map(name, filter(is_storable, named_ids(claimants) or ())))


def is_storable(text: str) -> bool:
    """Whether DynamoDB can hold `text`: a lone surrogate has no UTF-8, and is no row's key."""
    try:
        return bool(text.encode())
    except UnicodeEncodeError:
        return False
