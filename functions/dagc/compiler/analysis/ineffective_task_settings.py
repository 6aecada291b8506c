"""Warns of settings of a job and its tasks that nothing reads: in any target, but for one.

What Airflow does is in the source of its scheduler: `DagRun.schedule_tis` marks an EmptyOperator
without outlets as done, and starts nothing; `TriggerRuleDep` passes a task without upstream. Of
`execution_timeout` the task runner of Airflow 3 says "TODO: handle timeout in case of deferral".
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from dagc.compiler.analysis.models import Settings
from dagc.compiler.analysis.taken_results import properties_of
from dagc.compiler.diagnostics import Code, Diagnostic, JsonPath, Problem, Severity
from dagc.compiler.rows.expansion import EXPAND
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.members import MemberConfig
from dagc.compiler.rows.task_row import TaskRow
from dagc.compiler.targets import Target
from dagc.compiler.task_types import TaskType

_PAUSES = ("retry_delay", "retry_exponential_backoff")
_OF_A_RUN = (
    "retries", *_PAUSES, "execution_timeout", "pool", "priority_weight", "queue",
    "max_active_tis_per_dag",
)  # fmt: skip
"""The settings of what runs on a worker. (Nobody misses an alert of what cannot fail.)"""


_OF_MAPPED = ("map_index_template", "max_active_tis_per_dagrun")
"""The settings of what a run has several of."""


def ineffective_task_settings(
    job: JobRow, tasks: Mapping[str, TaskRow], params: Mapping[str, Settings], target: Target
) -> Iterator[Diagnostic]:
    """Returns a warning for each such setting of `job`. `tasks` holds at least those of its tasks
    that exist, and `params` the merged parameters of those that are enabled.
    """
    types = [task.type for id_ in job.tasks if (task := tasks.get(id_)) and task.type]
    problems = list(without_retries(job.params, (), job.task_configs))
    if len(types) == len(job.tasks):  # else, a task in error may have the type
        problems += [*_unused_types(job, types), *_untaken_arguments(job, types)]
    for problem in problems:
        yield problem.at(job.row, "job_params")
    for task_id, (path, settings) in job.task_configs.items():
        task = tasks.get(task_id)
        problems = list(without_retries(settings, path, {}))
        if task and task.type and task.type.runs_nothing and not settings.get("outlets"):
            problems = list(_of_a_run(task.type, settings, path))
        elif task and task.type and task.type.has_untimed_wait(target):
            problems += _untimed_wait(task.type, settings, params.get(task_id, {}), target, path)
        problems += _of_mapped(settings, path)
        if task and task.type and settings.get(EXPAND):
            problems += _lost_if_mapped(task.type, params.get(task_id, {}), target, path)
        if _has_rule(settings) and not job.upstream.get(task_id):
            problems.append(_no_upstream(path))
        for problem in problems:
            yield problem.at(job.row, "job_task_configs")


def without_retries(
    settings: Settings, path: JsonPath, members: Mapping[str, MemberConfig]
) -> Iterator[Problem]:
    """Returns a warning for each pause between tries in `settings`, which stand at `path`, where
    they say that there is but one try. What `members` say of themselves may be another thing.
    """
    if settings.get("retries") != 0 or any(it.settings.get("retries") for it in members.values()):
        return
    for name in _PAUSES:
        if is_set(settings.get(name)):
            message = "there is no second try, for retries is 0"
            hint = "Remove it, or set retries to 1 or more."
            yield no_effect(message, hint, (*path, name))


def no_effect(message: str, hint: str, path: JsonPath = ()) -> Problem:
    """Returns the warning of a setting without effect."""
    return Problem(Code.NO_EFFECT, message, hint, path, Severity.WARNING)


def _unused_types(job: JobRow, types: list[TaskType]) -> Iterator[Problem]:
    used = {task_type.name for task_type in types}
    for name in sorted(job.task_params.keys() - used):
        message = f"the job has no task of the type {name}"
        yield no_effect(message, "Remove it here.", ("task_params", job.type_names[name]))


def _untaken_arguments(job: JobRow, types: list[TaskType]) -> Iterator[Problem]:
    """Returns a warning for each argument that `job` has for all operators, and that none takes."""
    for name in sorted({it.name for it in types if it.any_operator} & job.task_params.keys()):
        signatures = [it.signature for it in types if it.name == name]
        arguments = job.task_params[name].get("arguments")
        for argument in arguments if isinstance(arguments, Mapping) else ():
            if all(it is not None and argument not in it.arguments for it in signatures):
                path = ("task_params", job.type_names[name], "arguments", argument)
                yield no_effect(f"no operator of the job takes {argument!r}", "Remove it.", path)


def _of_a_run(task_type: TaskType, settings: Settings, path: JsonPath) -> Iterator[Problem]:
    if names := [name for name in _OF_A_RUN if is_set(settings.get(name))]:
        message = (
            f"Airflow marks a task of the type {task_type.name} as done without running it, and "
            f"never reads {', '.join(names)}"
        )
        yield no_effect(message, f"Remove {', '.join(names)} here.", path)


def _of_mapped(settings: Settings, path: JsonPath) -> Iterator[Problem]:
    for name in () if settings.get(EXPAND) else _OF_MAPPED:
        if is_set(settings.get(name)):
            message = "a run has the task once, for it has no expand"
            yield no_effect(message, "Remove it.", (*path, name))


def _lost_if_mapped(
    task_type: TaskType, params: Settings, target: Target, path: JsonPath
) -> Iterator[Problem]:
    """Returns a warning for each parameter that the mapped operator of `target` does not get."""
    for name in params:
        if str(target) in properties_of(task_type).get(name, {}).get("notIfMapped", ()):
            message = f"{name!r} has no effect in a mapped task in Airflow {target}"
            hint = "Leave it out, or do not map the task."
            yield no_effect(message, hint, (*path, EXPAND))


def _untimed_wait(
    task_type: TaskType, settings: Settings, params: Settings, target: Target, path: JsonPath
) -> Iterator[Problem]:
    limit = task_type.wait_limit
    if is_set(settings.get("execution_timeout")) and limit not in params:
        message = (
            f"Airflow {target} applies no execution_timeout to a task of the type {task_type.name} "
            "while it waits"
        )
        hint = f"Set {limit} in its params as well: it limits the wait."
        yield no_effect(message, hint, (*path, "execution_timeout"))


def _has_rule(settings: Settings) -> bool:
    rule = settings.get("trigger_rule")
    return isinstance(rule, str) and rule != "all_success"


def _no_upstream(path: JsonPath) -> Problem:
    message = "the task waits for no other one, so that any rule lets it start"
    hint = "Remove it, or say in job_task_dependencies what the task follows."
    return no_effect(message, hint, (*path, "trigger_rule"))


def is_set(value: Any) -> bool:
    """Says whether `value`, as read and without a mistake, is more than none and zero."""
    return isinstance(value, str | int | timedelta) and bool(value)
