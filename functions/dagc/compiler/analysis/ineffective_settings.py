"""Warns of settings of a scheduler that nothing acts on: in the target, or beside its others.

What the targets do is in docs/airflow.md, "What was seen" and "What to know".
"""

from collections.abc import Iterator

from dagc.compiler.analysis.declared_timetables import has_times
from dagc.compiler.analysis.ineffective_task_settings import is_set, no_effect, without_retries
from dagc.compiler.analysis.models import WAITS, Settings
from dagc.compiler.analysis.setting_place import where_it_is_set
from dagc.compiler.diagnostics import Diagnostic, JsonPath, Problem
from dagc.compiler.rows.defaults import Defaults
from dagc.compiler.rows.scheduler_row import SchedulerRow
from dagc.compiler.schema.layers import merged
from dagc.compiler.targets import Target


def ineffective_settings(
    scheduler: SchedulerRow, defaults: Defaults, target: Target
) -> Iterator[Diagnostic]:
    """Returns a warning for each such setting of `scheduler`, at the row or the defaults that set
    it.
    """
    for name, problem in _problems(target).items():
        if is_set(scheduler.params.get(name, defaults.schedule_params.get(name))):
            yield where_it_is_set(problem, name, scheduler)
        for path, settings in scheduler.job_configs.values():
            if is_set(settings.get(name)) and settings.get(WAITS) is not False:
                yield problem.inside(*path, name).at(scheduler.row, "schedule_job_configs")
    yield from _in_any_target(scheduler, defaults)


def _in_any_target(scheduler: SchedulerRow, defaults: Defaults) -> Iterator[Diagnostic]:
    configs = scheduler.job_configs
    problems = list(without_retries(scheduler.params, (), configs))
    settings = merged(defaults.schedule_params, scheduler.params)
    if not has_times(settings) and scheduler.params.get("catchup") is True:
        message = "a scheduler without a schedule misses no run that it could make up for"
        problems.append(no_effect(message, "Remove it, or set schedule_interval.", ("catchup",)))
    for problem in problems:
        yield problem.at(scheduler.row, "schedule_params")
    for path, own in configs.values():
        for problem in (*without_retries(own, path, {}), *_of_waits(own, path)):
            yield problem.at(scheduler.row, "schedule_job_configs")


def _of_waits(settings: Settings, path: JsonPath) -> Iterator[Problem]:
    if settings.get(WAITS) is False and is_set(settings.get("poke_interval")):
        message = "the trigger does not wait for its job, and never looks at it"
        yield no_effect(message, "Remove it here.", (*path, "poke_interval"))


def _problems(target: Target) -> dict[str, Problem]:
    """Returns what is wrong with each setting that has no effect in `target`, by its name."""
    problems = {}
    if not target.repeats_deferred_tasks:
        problems["retries"] = no_effect(
            f"Airflow {target} does not start a trigger again whose job has failed",
            "Set retries in the job's job_params: its tasks are tried again.",
        )
    if target.major > 2:
        problems["execution_timeout"] = no_effect(
            f"Airflow {target} applies no execution_timeout to a trigger that waits for its job",
            "Set dagrun_timeout in schedule_params, or execution_timeout in the job's job_params.",
        )
    return problems
