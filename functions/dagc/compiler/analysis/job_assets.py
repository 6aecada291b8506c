"""Jobs that are assets: what updates one, and which schedulers wait for one in vain.

The last task of the job, `end`, updates it: then all else has ended, and nothing has failed. That a
scheduler names a job which is no asset, only those see who see all rows: the command line.
"""

from collections.abc import Iterable, Iterator, Sequence

from dagc.compiler.analysis.asset_starts import SETTING as STARTS
from dagc.compiler.analysis.asset_starts import asset_starts
from dagc.compiler.analysis.external_waits import AllDags
from dagc.compiler.analysis.models import Settings, TaskModel
from dagc.compiler.diagnostics import Code, Diagnostic, JsonPath, Problem, Severity, did_you_mean
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.scheduler_row import SchedulerRow
from dagc.compiler.schema.asset_formats import job_asset_uri, job_of_asset
from dagc.compiler.schema.formats import Mistake, asset_uri

SETTING = "asset"


def asset_of(job: JobRow, settings: Settings) -> str:
    """Returns the URI of the asset that `job` is by its merged `settings`; "" where it is none."""
    given = settings.get(SETTING)
    if isinstance(given, str):
        return given
    return job_asset_uri(job.job_id) if given is True else ""


def asset_problems(
    job: JobRow, asset: str, tasks: Sequence[TaskModel], last: Sequence[str]
) -> Iterator[Diagnostic]:
    """Returns why `end`, which follows the `last` of the `tasks` of `job`, cannot update `asset`:
    it has to follow all.
    """
    if not asset:
        return
    if isinstance(mistake := asset_uri(asset), Mistake):
        yield Problem(mistake.code, mistake.message, mistake.hint, (SETTING,)).at(
            job.row, "job_params"
        )
    followed = {parent for task in tasks for parent in task.upstream}
    teardowns = {task.task_id for task in tasks if task.setups}
    setups = {setup for task in tasks for setup in task.setups}
    ends = {task.task_id for task in tasks} - followed - teardowns - setups
    if not last or not ends <= set(last):
        yield Problem(
            Code.CONTRADICTION,
            "a task may skip the end of the job, which would update the asset, and yet show the "
            "failure of another task",
            "Say in outlets of its job_task_configs which task updates which asset.",
            (SETTING,),
        ).at(job.row, "job_params")


def vain_starts(schedulers: Iterable[SchedulerRow], dags: AllDags) -> Iterator[Diagnostic]:
    """A warning for each job that is to start one of the `schedulers`, and is no asset."""
    for scheduler in schedulers:
        for path, uri in asset_starts(scheduler.params):
            job_id = job_of_asset(uri)
            if scheduler.enabled and job_id is not None:
                problem = _vain(job_id, uri, dags, (STARTS, *path))
                if problem:
                    yield problem.at(scheduler.row, "schedule_params")


def _vain(job_id: str, uri: str, dags: AllDags, path: JsonPath) -> Problem | None:
    found = dags.jobs.get(job_id, ())
    enabled = [job for job in found if job.enabled]
    if not found:
        message, hint = f"there is no job {job_id!r}", did_you_mean(job_id, dags.jobs)
    elif not enabled:
        message, hint = f"the job {job_id!r} is disabled", "Set its status to 1."
    elif any(_updates(job, uri, dags) for job in enabled):
        return None
    else:
        own = enabled[0].params.get(SETTING)
        what = f"as an asset is {own!r}" if own else "is no asset"
        message = f"the job {job_id!r} {what}"
        hint = "Write that URI here." if own else "Set asset to true in its job_params."
    message += ": it never starts this"
    return Problem(Code.NEVER_RUNS, message, hint, path, Severity.WARNING)


def _updates(job: JobRow, uri: str, dags: AllDags) -> bool:
    """Whether `job` may update the asset: by its file, or where that is not known by what its row
    says, if it says something.
    """
    text = dags.files.get(job.dag_id)
    return f'"{uri}"' in text if text else job.params.get(SETTING, True) in (True, uri)
