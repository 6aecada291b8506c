"""Merges the parameters of a job's tasks: of the defaults, the job, the row of each task, and what
the job overrides for it; and says what is wrong with them together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from dagc.compiler.analysis.mapping import with_mapped
from dagc.compiler.analysis.models import Settings
from dagc.compiler.analysis.task_layers import task_layers
from dagc.compiler.diagnostics import Code, Diagnostic, Problem
from dagc.compiler.rows.defaults import Defaults
from dagc.compiler.rows.expansion import given_expand
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.operator_arguments import (
    in_order,
    inherited_arguments,
    merged_argument_problems,
)
from dagc.compiler.rows.task_row import TaskRow
from dagc.compiler.rows.type_params import TypeParams
from dagc.compiler.schema.cases import case_problems
from dagc.compiler.schema.layers import INVALID
from dagc.compiler.targets import Target
from dagc.compiler.task_types import TaskType


def merged_params(
    job: JobRow,
    tasks: Mapping[str, TaskRow],
    defaults: Defaults,
    target: Target,
    diagnostics: list[Diagnostic],
) -> dict[str, Settings]:
    """Merges the parameters of the tasks of `job` that are there and enabled; adds to `diagnostics`
    what is wrong with them.
    """
    inherited = _inherited_params(job, tasks, defaults)
    params: dict[str, Settings] = {}
    for task_id in job.tasks:
        task = tasks.get(task_id)
        if task is not None and task.enabled:
            base = _base_params(job, task, inherited, defaults, diagnostics)
            params[task_id] = _task_params(job, task, base, target, diagnostics)
    return params


def _inherited_params(job: JobRow, tasks: Mapping[str, TaskRow], defaults: Defaults) -> TypeParams:
    """Merges, by task type, the parameters that the defaults and the job set for all tasks."""
    types = {task.type.name: task.type for i in job.tasks if (task := tasks.get(i)) and task.type}
    return {
        name: task_type.params.merge(
            defaults.task_params.get(name, {}), job.task_params.get(name, {})
        )
        for name, task_type in types.items()
    }


def _base_params(
    job: JobRow,
    task: TaskRow,
    inherited: TypeParams,
    defaults: Defaults,
    diagnostics: list[Diagnostic],
) -> Settings:
    """The parameters that `task` inherits from the defaults and its job: those of its type. Of the
    arguments for all operators, they are those that its own takes; what is wrong with them there
    is added to `diagnostics`.
    """
    if task.type is None or task.type.operators is None:
        return inherited[task.type.name] if task.type else {}
    layers = []
    for layer in task_layers(job, task, task.type.name, defaults)[:2]:
        problems: list[Problem] = []
        values = inherited_arguments(task.type, layer.values or {})
        layers.append(task.type.params.check(values, layer.path, problems))
        diagnostics += [problem.at(layer.row, layer.attribute) for problem in problems]
    return task.type.params.merge(*layers)


def _task_params(
    job: JobRow,
    task: TaskRow,
    base: Settings,
    target: Target,
    diagnostics: list[Diagnostic],
) -> dict[str, Any]:
    """Merges the parameters of `task` in `job`: the inherited `base`, those of its row laid over
    it, and those of the job's `job_task_configs` over both. Adds what is wrong with them to
    `diagnostics`.
    """
    if task.type is None:
        return {}
    config = job.task_configs.get(task.task_id)
    override: dict[str, Any] = {}
    problems: list[Problem] = []
    if config and isinstance(config.settings.get("params"), dict):
        path = (*config.path, "params")
        override = task.type.params.check(config.settings["params"], path, problems)
        diagnostics += [problem.at(job.row, "job_task_configs") for problem in problems]
    params = task.type.params.merge(base, task.params, override)
    if expand := given_expand(config):  # checked by itself
        params = with_mapped(task.type, params, dict.fromkeys(expand, INVALID))
    if any(d.attribute == "task_params" and not d.path for d in task.diagnostics):
        return params  # unread: what it lacks may stand in it
    given = {name for name, value in {**task.params, **override}.items() if value is not None}
    problems = [
        *_param_problems(task.type, params),
        *merged_argument_problems(task.type, params),
        *case_problems(task.type.cases, params, given, target),
    ]
    if problems and config and _is_right_alone(task, base, target):
        path = (*config.path, "params")
        row, attribute = job.row, "job_task_configs"
        problems = [replace(problem, path=(*path, *problem.path)) for problem in problems]
    else:
        row, attribute = task.row, "task_params"
    diagnostics += [problem.at(row, attribute) for problem in problems]
    return in_order(task.type, params, target) if task.type.operators is not None else params


def _param_problems(task_type: TaskType, params: Settings) -> list[Problem]:
    """Returns what the merged `params` of a task lack, and which of them contradict one another."""
    return [
        Problem(
            Code.MISSING_PARAMETER,
            f"{task_type.name} needs {words}",
            "Set it here, in the job's job_task_configs, or once for all in defaults.yaml: "
            + _defaults_line(task_type.name, names),
        )
        for words, names in task_type.params.lacking(params)
    ] + [
        Problem(
            Code.CONTRADICTION,
            f"{task_type.name} takes only one of {names}",
            "Keep one of them.",
        )
        for names in task_type.params.contradicting(params)
    ]


def _defaults_line(task_type: str, names: Iterable[str]) -> str:
    """Returns the line of `defaults.yaml` that sets these parameters for all tasks of a type."""
    values = ", ".join(f"{name}: …" for name in names)
    return f"default: {{job_params: {{task_params: {{{task_type}: {{{values}}}}}}}}}"


def _is_right_alone(task: TaskRow, base: Settings, target: Target) -> bool:
    """Says whether nothing is wrong with `task` without the job's overrides: so they are wrong."""
    assert task.type is not None
    without = task.type.params.merge(base, task.params)
    lacks = any(task.type.params.lacking(without)) or any(
        merged_argument_problems(task.type, without)
    )
    return not lacks and not any(case_problems(task.type.cases, without, (), target))
