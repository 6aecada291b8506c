"""Checks what a job's tasks take of one another: results, in parameters and to map over."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from dagc.compiler.analysis.dependency_hints import dependency_hint
from dagc.compiler.analysis.models import Settings
from dagc.compiler.analysis.task_layers import layer_of, task_layers
from dagc.compiler.diagnostics import Code, Diagnostic, Problem, Severity, has_errors
from dagc.compiler.rows.defaults import Defaults
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.task_row import TaskRow
from dagc.compiler.schema.no_results import no_result
from dagc.compiler.schema.result_slips import slips_inside
from dagc.compiler.schema.task_results import Result, Schema, results_in
from dagc.compiler.task_types import TaskType


class JobResults(NamedTuple):
    """What the tasks of `job` can take of one another: `tasks` are those that exist, `params` the
    merged parameters of those that are enabled.
    """

    job: JobRow
    tasks: Mapping[str, TaskRow]
    params: Mapping[str, Settings]

    def problem(self, task_id: str, value: Any, result: Result) -> Problem | None:
        """Returns what is wrong with a `result` that the task takes; `value` is how it is written.
        One that is not a Result may be data: then it names no task.
        """
        if result.task not in self.job.tasks:
            return self._unknown(value, result)
        if result.task not in self.job.upstream.get(task_id, ()):
            message = f"the task does not directly follow {result.task!r}, whose result it takes"
            if result.task == task_id:
                message = "the task takes its own result"
            return Problem(
                Code.BAD_VALUE,
                message,
                dependency_hint(self.job, task_id, after=result.task),
            )
        return self._nothing(result)

    def slips(self, schema: Schema, value: Any) -> Iterator[tuple[Any, Problem]]:
        """Returns the entries of a `value` of `schema` that are data, and were probably meant as
        results of tasks of the job, with a warning for each.
        """
        for result, entry, problem in slips_inside(schema, value):
            if result.task in self.job.tasks:
                yield entry, problem

    def _unknown(self, value: Any, result: Result) -> Problem:
        hint = "Write the task_id of a task that this one follows."
        problem = Problem(Code.MISSING_TASK, f"the job has no task {result.task!r}", hint)
        ids = {task.name: id_ for id_, task in self.tasks.items() if id_ in self.job.tasks}
        if id_ := ids.get(result.task):
            key = {"key": result.key} if result.key else {}
            problem = problem.proposing({"from": id_, **key})
        if isinstance(value, Result):
            return problem
        message = f"{problem.message}: the object stays as it is"
        return replace(problem, message=message, severity=Severity.WARNING)

    def _nothing(self, result: Result) -> Problem | None:
        """Says why the task has no such result. (What it pushes under a key is its own affair.)"""
        task = self.tasks[result.task] if result.task in self.params else None
        kind = task.type if task else None
        if task is None or kind is None or (result.key and not kind.runs_nothing):
            return None
        reason = no_result(kind.returns_nothing, self.params[result.task])
        if reason is None or (reason.when and has_errors(task.diagnostics)):
            return None
        message = f"the task {result.task!r} returns nothing: it is {called(kind)} {reason.words}"
        return Problem(Code.BAD_VALUE, message.rstrip(), reason.hint)


def called(task_type: TaskType) -> str:
    """Returns what a message calls a type: of one of any operator, the operator."""
    return next(iter(task_type.imports)) if task_type.any_operator else task_type.name


def result_diagnostics(results: JobResults, defaults: Defaults) -> Iterator[Diagnostic]:
    """Returns what is wrong with the results that the parameters of the job's tasks name."""
    for task_id, values in results.params.items():
        task = results.tasks[task_id]
        if task.type is None:
            continue
        inside = task.type.params.inside
        layers = partial(task_layers, results.job, task, task.type.name, defaults)
        for path, result in results_in(inside, values):
            value = values[str(path[0])]
            for step in path[1:]:
                value = value[step]
            problem = results.problem(task_id, value, result)
            if problem and (layer := layer_of(layers(), path, value)):
                yield layer.diagnostic(problem.inside(*path))
        for name in [name for name in values if name in inside]:
            for entry, problem in results.slips(inside[name], values[name]):
                path = (name, *problem.path)
                if layer := layer_of(layers(), path[:2], entry):
                    yield layer.diagnostic(problem.inside(*path))


def with_read_results(task_type: TaskType, values: Settings, job: JobRow) -> Settings:
    """Returns the parameters, each object that stands for a result of the job read as one."""
    changed: dict[str, Any] = {}
    for path, result in results_in(task_type.params.inside, values):
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
