"""Checks what a job's tasks take of one another: results, in parameters and to map over."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from dagc.compiler.analysis.models import Settings
from dagc.compiler.analysis.task_layers import layer_of, task_layers
from dagc.compiler.diagnostics import Code, Diagnostic, Problem, Severity
from dagc.compiler.rows.defaults import Defaults
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.references import dependency_hint
from dagc.compiler.rows.task_row import TaskRow
from dagc.compiler.schema.task_results import Result, results_in
from dagc.compiler.task_types import TaskType


def result_diagnostics(
    job: JobRow,
    tasks: Mapping[str, TaskRow],
    params: Mapping[str, Settings],
    defaults: Defaults,
) -> Iterator[Diagnostic]:
    """Returns what is wrong with the results that the merged `params` of tasks name."""
    for task_id, values in params.items():
        task = tasks[task_id]
        if task.type is None:
            continue
        layers = partial(task_layers, job, task, task.type.name, defaults)
        for path, result in results_in(properties_of(task.type), values):
            value = values[str(path[0])]
            for step in path[1:]:
                value = value[step]
            problem = result_problem(job, task_id, value, result, tasks)
            if problem and (layer := layer_of(layers(), path, value)):
                yield layer.diagnostic(problem.inside(*path))


def result_problem(
    job: JobRow, task_id: str, value: Any, result: Result, tasks: Mapping[str, TaskRow]
) -> Problem | None:
    """Returns what is wrong with a `result` that the task takes; `value` is how it is written. One
    that is not a Result may be data: then it names no task.
    """
    if result.task not in job.tasks:
        hint = "Write the task_id of a task that this one follows."
        problem = Problem(Code.MISSING_TASK, f"the job has no task {result.task!r}", hint)
        if isinstance(value, Result):
            return problem
        message = f"{problem.message}: the object stays as it is"
        return replace(problem, message=message, severity=Severity.WARNING)
    if result.task not in job.upstream.get(task_id, ()):
        return Problem(
            Code.BAD_VALUE,
            f"the task does not directly follow {result.task!r}, whose result it takes",
            dependency_hint(task_id, after=result.task),
        )
    other = tasks.get(result.task)
    if other and other.type and other.type.runs_nothing:
        hint = "Take the result of a task that runs."
        message = f"the task {result.task!r} has no result: it is {other.type.name}"
        return Problem(Code.BAD_VALUE, message, hint)
    return None


def with_read_results(task_type: TaskType, values: Settings, job: JobRow) -> Settings:
    """Returns the parameters, each object that stands for a result of the job read as one."""
    changed: dict[str, Any] = {}
    for path, result in results_in(properties_of(task_type), values):
        if len(path) > 1 and result.task in job.tasks:
            name = str(path[0])
            changed[name] = with_entry(changed.get(name, values[name]), path[1], result)
    return {**values, **changed} if changed else values


def with_entry(value: Any, step: str | int, entry: Any) -> Any:
    """Returns a copy of `value`, an object or a list, with `entry` at `step`."""
    copied: Any = dict(value) if isinstance(value, dict) else list(value)
    copied[step] = entry
    return copied


def properties_of(task_type: TaskType) -> Mapping[str, Any]:
    """Returns the declared parameters of a type."""
    properties: Mapping[str, Any] = task_type.params.declared.get("properties") or {}
    return properties
