"""Warns of jobs whose DAG begins paused: a run that is triggered then does not run."""

from collections.abc import Iterator

from dagc.compiler.analysis.setting_place import where_it_is_set
from dagc.compiler.diagnostics import Code, Diagnostic, Problem, Severity
from dagc.compiler.rows.defaults import Defaults
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.targets import Target

_SETTING = "is_paused_upon_creation"


def paused_job(job: JobRow, defaults: Defaults, target: Target) -> Iterator[Diagnostic]:
    """Returns the warning if `job` begins paused, at the row or the defaults that say so."""
    if job.params.get(_SETTING, defaults.job_params.get(_SETTING)) is not True:
        return
    fails = target.major == 2 or target >= (3, 3)
    trigger = "its trigger fails" if fails else "its trigger waits"
    problem = Problem(
        Code.NEVER_RUNS,
        f"the job begins paused: no run of it begins, and {trigger}, until somebody unpauses it",
        "Leave it out; to look at the DAGs before they run, set it in the scheduler's "
        "schedule_params.",
        severity=Severity.WARNING,
    )
    yield where_it_is_set(problem, _SETTING, job)
