"""Warns of trigger rules of a scheduler's first jobs. Their triggers follow the task `start`, which
always succeeds.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from dagc.compiler.analysis.ineffective_task_settings import no_effect
from dagc.compiler.analysis.setting_place import where_it_is_set
from dagc.compiler.diagnostics import Code, Diagnostic, JsonPath, Problem, Severity
from dagc.compiler.rows.scheduler_row import SchedulerRow

_SETTING = "trigger_rule"
_AFTER_NO_SUCCESS = frozenset({"all_failed", "all_skipped", "one_failed"})


def rules_of_first_triggers(
    scheduler: SchedulerRow, settings: Mapping[str, Any]
) -> Iterator[Diagnostic]:
    """Returns a warning for each rule by which a first job of `scheduler` never starts, and for one
    that is given to such a job alone, and lets it start as without it. `settings` are the merged
    ones of the scheduler.
    """
    first = [job_id for job_id in scheduler.jobs if not scheduler.upstream.get(job_id)]
    shared = settings.get(_SETTING)
    for job_id in first:
        config = scheduler.job_configs.get(job_id)
        own = config.settings.get(_SETTING) if config else None
        if config and own is not None:
            if problem := _of_one(job_id, own, shared, (*config.path, _SETTING)):
                yield problem.at(scheduler.row, "schedule_job_configs")
        elif shared in _AFTER_NO_SUCCESS:
            yield where_it_is_set(_never(job_id, shared, ()), _SETTING, scheduler)


def _of_one(job_id: str, rule: Any, shared: Any, path: JsonPath) -> Problem | None:
    if rule in _AFTER_NO_SUCCESS:
        return _never(job_id, rule, path)
    if rule == "all_success" or shared in _AFTER_NO_SUCCESS or not isinstance(rule, str):
        return None
    message = f"the job {job_id!r} waits for no other one, so that {rule} lets it start as well"
    hint = "Remove it, or say in schedule_job_dependencies what the job follows."
    return no_effect(message, hint, path)


def _never(job_id: str, rule: str, path: JsonPath) -> Problem:
    return Problem(
        Code.NEVER_RUNS,
        f"the job {job_id!r} follows no other one, and with {rule} it never starts",
        f"Give {rule} to a job that follows another one, or take it out.",
        path,
        Severity.WARNING,
    )
