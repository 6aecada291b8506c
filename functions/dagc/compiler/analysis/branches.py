"""Checks the tasks that a branch names, and what becomes of the tasks where branches meet."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from dagc.compiler.analysis.dependency_hints import dependency_hint
from dagc.compiler.analysis.hidden_failures import followers, gate_before_end
from dagc.compiler.analysis.models import Settings, TaskModel
from dagc.compiler.analysis.skipping_tasks import judged, skips, trigger_rules
from dagc.compiler.analysis.task_layers import layer_of, task_layers
from dagc.compiler.analysis.template_problems import unset_param
from dagc.compiler.diagnostics import Code, Diagnostic, Problem, Severity, nearest
from dagc.compiler.rows.defaults import Defaults
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.task_row import TaskRow
from dagc.compiler.schema.job_formats import FOLLOWERS, PARAM_VALUES
from dagc.compiler.schema.layers import INVALID
from dagc.compiler.task_types import FOLLOWERS as SKIPS_FOLLOWERS
from dagc.compiler.task_types import TaskType

_FORMATS = (FOLLOWERS, PARAM_VALUES)
_RULE = "none_failed_min_one_success"


def branch_diagnostics(
    job: JobRow,
    tasks: Mapping[str, TaskRow],
    params: Mapping[str, Settings],
    defaults: Defaults,
    known_params: Collection[str] | None,
) -> Iterator[Diagnostic]:
    """Returns what is wrong with the tasks and the params of `job` that its tasks' `params` name.
    `known_params` are the params of its runs; None where that is not known.
    """
    for task_id, values in params.items():
        task = tasks[task_id]
        if task.type is None or task.type.params.of_format.keys().isdisjoint(_FORMATS):
            continue
        layers = partial(task_layers, job, task, task.type.name, defaults)
        for name, value, problem in _problems(job, task_id, task.type, values, known_params):
            if layer := layer_of(layers(), (name,), value):
                yield layer.diagnostic(problem.inside(name))


def _problems(
    job: JobRow,
    task_id: str,
    task_type: TaskType,
    values: Settings,
    known_params: Collection[str] | None,
) -> Iterator[tuple[str, Any, Problem]]:
    """The parameter, its value, and what is wrong with it."""
    for name, value in of_format(task_type, values, FOLLOWERS):
        for id_ in value:
            if problem := _target_problem(job, task_id, id_):
                yield name, value, problem
    for name, value in of_format(task_type, values, PARAM_VALUES):
        for param in value:
            if known_params is not None and param not in known_params:
                hint = f"Set {param!r} in the params of the job's row."
                yield name, value, replace(unset_param(param), hint=hint)


def of_format(task_type: TaskType, values: Settings, format_name: str) -> Iterator[tuple[str, Any]]:
    """Returns the parameters whose format is `format_name`, without those that are wrong."""
    for name in task_type.params.of_format.get(format_name, ()):
        if (value := values.get(name, INVALID)) is not INVALID:
            yield name, value


def _target_problem(job: JobRow, task_id: str, id_: str) -> Problem | None:
    if id_ not in job.tasks:
        near = nearest(id_, [it for it, parents in job.upstream.items() if task_id in parents])
        hint = "Write the task_id of a task that directly follows this one in the job."
        hint = f"Perhaps {near!r} is meant." if near else hint
        return Problem(Code.MISSING_TASK, f"the job has no task {id_!r}", hint)
    if task_id not in job.upstream.get(id_, ()):
        return Problem(
            Code.BAD_VALUE,
            f"the task {id_!r} does not directly follow the branch",
            dependency_hint(job, id_, after=task_id),
        )
    return None


def with_names(task_type: TaskType, values: Settings, ids: Mapping[str, str]) -> Settings:
    """Returns the parameters with Airflow's `ids` of tasks in the place of those of their rows."""
    if FOLLOWERS not in task_type.params.of_format:
        return values
    named = {
        name: [ids[id_] for id_ in value] for name, value in of_format(task_type, values, FOLLOWERS)
    }
    return {**values, **named}


def skip_diagnostics(job: JobRow, tasks: Sequence[TaskModel]) -> Iterator[Diagnostic]:
    """Returns what goes wrong in `job`, which is right otherwise, where tasks are skipped: a
    warning for each task that follows two branches, and would be skipped with one of them, and for
    each teardown that a branch may skip; and an error where no task can show the failure of another
    one. `tasks` are in topological order.
    """
    if not any(task.type.skips for task in tasks):
        return
    rules = trigger_rules(tasks)
    for branch in tasks:
        if branch.type.skips == SKIPS_FOLLOWERS and not branch.type.any_operator:
            yield from _skipped_by(branch, job, tasks, rules)
    if gate := gate_before_end(judged(tasks), rules, skips(tasks)):
        yield Problem(
            Code.CONTRADICTION,
            f"the task {gate!r} may skip what would show failures of tasks that do not follow it",
            f"Let the other tasks follow {gate!r}, or put them into a job of their own.",
        ).at(job.row, "job_task_dependencies")


def _skipped_by(
    branch: TaskModel, job: JobRow, tasks: Sequence[TaskModel], rules: Mapping[str, str]
) -> Iterator[Diagnostic]:
    reach = _reach(branch, {task.task_id: task.upstream for task in tasks})
    for task in tasks:
        if not task.setups:
            if task.task_id not in rules and _is_join(reach, task.upstream):
                yield _skipped_join(job, branch, task)
        elif branch.task_id in task.upstream and not _runs_always(task, branch, reach):
            yield Problem(
                Code.NEVER_RUNS,
                f"the branch {branch.task_id!r} skips the teardown {task.task_id!r} where it "
                "chooses none of the tasks before it",
                "Let the teardown follow the tasks that the branch chooses from, not the branch.",
                severity=Severity.WARNING,
            ).at(job.row, "job_task_dependencies")


Reach = Mapping[str, frozenset[int]]
"""By task, the outcomes of a branch in which it runs; no task that does not come after it."""


def _reach(branch: TaskModel, upstream: Mapping[str, Sequence[str]]) -> Reach:
    """(Of a function, each task may be chosen alone.)"""
    directly = [task for task, parents in upstream.items() if branch.task_id in parents]
    outcomes = [names for name, names in of_format(branch.type, branch.params, FOLLOWERS)] or [
        [name] for name in directly
    ]
    after = {task: followers(upstream, task) | {task} for task in directly}
    reach = {
        task: frozenset(
            index
            for index, chosen in enumerate(outcomes)
            if any(task in after[name] for name in chosen)
        )
        for task in followers(upstream, branch.task_id)
    }
    return {**reach, branch.task_id: frozenset(range(len(outcomes)))}


def _is_join(reach: Reach, parents: Sequence[str]) -> bool:
    """Whether some of `parents` run in an outcome in which others are skipped."""
    runs = {reach[parent] for parent in parents if parent in reach}
    return len(runs) > 1


def _runs_always(task: TaskModel, branch: TaskModel, reach: Reach) -> bool:
    """Whether `task`, which directly follows `branch`, also follows a task of each choice."""
    choices = [names for _, names in of_format(branch.type, branch.params, FOLLOWERS) if names]
    return len(choices) > 1 and reach[task.task_id] == reach[branch.task_id]


def _skipped_join(job: JobRow, branch: TaskModel, task: TaskModel) -> Diagnostic:
    config = job.task_configs.get(task.member)
    return Problem(
        Code.NEVER_RUNS,
        f"the task {task.member!r} is skipped with each branch of {branch.task_id!r} that is not "
        "chosen, for it follows several",
        f'Write {{"trigger_rule": "{_RULE}"}} for it in job_task_configs; or all_success, if that '
        "is meant.",
        config.path if config else (),
        Severity.WARNING,
    ).at(job.row, "job_task_configs" if config else "job_task_dependencies")
