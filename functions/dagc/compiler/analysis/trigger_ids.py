"""The ids that the triggers of a scheduler have in Airflow, and what keeps their runs apart."""

from collections.abc import Iterator, Mapping

from dagc.compiler.analysis.logical_dates import microseconds_of
from dagc.compiler.diagnostics import Code, Diagnostic, Problem
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.scheduler_row import SchedulerRow


def trigger_id(scheduler: SchedulerRow, job_id: str, job: JobRow) -> str:
    """The task id of the trigger of `job`, which is the `job_id` of `scheduler`: `trigger_<name>`,
    as in the project that this one replaces.
    """
    return f"trigger_{job_id if job_id in scheduler.aliases else job.name}"


def trigger_diagnostics(
    scheduler: SchedulerRow, jobs: Mapping[str, JobRow]
) -> Iterator[Diagnostic]:
    """What Airflow would refuse of the triggers of `jobs`, by their ids in `scheduler`."""
    ids: dict[str, str] = {}
    dates: dict[tuple[str, int], str] = {}
    for job_id, attribute in scheduler.jobs.items():
        if job_id not in jobs:
            continue
        task_id = trigger_id(scheduler, job_id, jobs[job_id])
        if (other := ids.setdefault(task_id, job_id)) != job_id:
            yield _same_id(other, job_id, task_id).at(scheduler.row, attribute)
        date = scheduler.row_id(job_id), microseconds_of(scheduler, job_id)
        if (other := dates.setdefault(date, job_id)) != job_id:
            yield _same_date(other, job_id).at(scheduler.row, attribute)


def _same_id(first: str, second: str, task_id: str) -> Problem:
    return Problem(
        Code.DUPLICATE_TASK_NAME,
        f"the triggers of the jobs {first!r} and {second!r} are both called {task_id!r}",
        "Give one of them another name in job_list, by `as`.",
    )


def _same_date(first: str, second: str) -> Problem:
    return Problem(
        Code.SHARED_DATE,
        f"runs of one job get the same dates as {first!r} and as {second!r}: both names make the "
        "same number of microseconds",
        "Give one of them another name.",
    )
