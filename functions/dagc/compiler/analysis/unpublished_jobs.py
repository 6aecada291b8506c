"""Schedulers whose job is in error: what they start then."""

from collections.abc import Mapping
from enum import Enum

from dagc.compiler.diagnostics import Code, Problem, Severity
from dagc.compiler.rows.job_row import JobRow


class JobFile(Enum):
    """The file of a job's DAG that is not published as its rows are now."""

    LAST_GOOD = "last good"
    """The job is in error, and the last good file of it stands."""
    MISSING = "missing"
    """There is none: the job was in error from the beginning, or something else is in its place."""


def unpublished_job(job: JobRow, unpublished: Mapping[str, JobFile]) -> Problem | None:
    """Returns what is wrong where a scheduler names `job`; `unpublished` are the DAGs of jobs, by
    DAG id, that are not published as their rows are now.
    """
    file = unpublished.get(job.dag_id)
    if file is JobFile.MISSING:
        return Problem(
            Code.UNPUBLISHED_JOB,
            f"its job {job.name!r} is not published: there is no DAG {job.dag_id!r} to start",
            f"Repair the job: mwaa_dag says under {job.dag_id!r} what is wrong with it.",
        )
    if file is JobFile.LAST_GOOD:
        return Problem(
            Code.UNPUBLISHED_JOB,
            f"its job {job.name!r} is in error: only the last good file of it can be started",
            "Repair the job. Nothing else is to be done here.",
            severity=Severity.WARNING,
        )
    return None
