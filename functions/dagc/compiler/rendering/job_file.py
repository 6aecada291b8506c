"""The file of a job."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from dagc.compiler.analysis.models import JobModel, TaskModel
from dagc.compiler.analysis.template_files import file_names
from dagc.compiler.python_source.layout import WIDTH
from dagc.compiler.python_source.nodes import Entries, Keywords, RawSource
from dagc.compiler.python_source.strings import width
from dagc.compiler.rendering.alert_functions import (
    RUN_CALLBACKS,
    TASK_CALLBACKS,
    Alerts,
    argument,
)
from dagc.compiler.rendering.assets import assets
from dagc.compiler.rendering.black_format import blackened
from dagc.compiler.rendering.dag_file import BODY_INDENT, DagFile, Statement, comment
from dagc.compiler.rendering.dates import date
from dagc.compiler.rendering.end_task import end_task
from dagc.compiler.rendering.group_blocks import further, in_groups
from dagc.compiler.rendering.late_run_calls import deadline_call
from dagc.compiler.rendering.mapped_tasks import mapped_statement, with_outputs, without_lone_comma
from dagc.compiler.rendering.param_calls import with_param_calls
from dagc.compiler.rendering.shared_arguments import Calls, leave_out, shared_arguments
from dagc.compiler.schema.task_results import Mapped
from dagc.compiler.targets import Target
from dagc.compiler.task_types import TaskType
from dagc.compiler.templating.template import Fixed
from dagc.compiler.toolchain import Toolchain

JOB_TEMPLATE = "job.py.jinja"
WITH_CONTEXT = "with_context"
"""The function of the job's template that tasks of the type PYTHON use."""


def render_job(job: JobModel, toolchain: Toolchain) -> str:
    """The Python text of `job`'s DAG."""
    file = DagFile(toolchain)
    alerts = Alerts(file, toolchain)
    of_run = alerts.callbacks(job.alerts, RUN_CALLBACKS)
    of_tasks = alerts.callbacks(job.alerts, TASK_CALLBACKS)
    file.namespace.variable(WITH_CONTEXT)
    operators = _operators(file, job.tasks)
    variables = {
        task.task_id: file.namespace.variable(task.task_id, task.source.value("task_id"))
        for task in job.tasks
    }
    names = _names(variables, operators)
    fixed = _fixed(job, toolchain.target)
    statements = [
        _task_statement(file, with_outputs(task, variables), names[task.task_id], alerts, fixed)
        for task in job.tasks
    ]
    calls = _calls(job.tasks, statements, toolchain)
    shared = shared_arguments(calls)
    leave_out(shared, calls)
    dag = file.print(
        JOB_TEMPLATE,
        values={
            "dag_id": job.dag_id,
            "default_args": Entries({**job.default_args, **shared, **of_tasks}),
        },
        given=_settings(file, job, toolchain.target) | of_run,
        fixed={
            "target": toolchain.target,
            "is_paused": job.settings["is_paused_upon_creation"],
            WITH_CONTEXT: any(WITH_CONTEXT in skeleton.words for skeleton, _ in statements),
        },
    )
    body = _body(file, job, statements, variables)
    text = "\n\n".join([body, *_order(file, job, variables, toolchain.target)])
    return file.finish(job.source, alerts.above(f"{dag}\n{text}"))


def _fixed(job: JobModel, target: Target) -> Fixed:
    """What the templates of all tasks of a job may look at."""
    native = bool(job.settings.get("render_template_as_native_obj"))
    return {"target": target, "deferrable": target.deferrable, "native": native}


def _settings(file: DagFile, job: JobModel, target: Target) -> dict[str, Any]:
    values = {name: date(value) for name, value in with_param_calls(job.settings).items()}
    if deadline := values.get("deadline"):
        values["deadline"] = deadline_call(file, job.dag_id, deadline, target)
    return values


def _body(
    file: DagFile, job: JobModel, statements: Sequence[Statement], variables: Mapping[str, str]
) -> str:
    by_id = dict(zip(variables, statements, strict=True))
    return in_groups(
        file,
        job,
        lambda task: _task_text(file, task, by_id[task.task_id], variables[task.task_id]),
    )


def _order(
    file: DagFile, job: JobModel, variables: Mapping[str, str], target: Target
) -> Iterator[str]:
    """`end`, if the job needs it, and the statements that order the tasks."""
    upstream = {
        variables[task.task_id]: [variables[it] for it in task.upstream if it not in task.setups]
        for task in job.tasks
    }
    setups = {
        variables[task.task_id]: [variables[setup] for setup in task.setups]
        for task in job.tasks
        if task.setups
    }
    if job.last:
        end, statement, upstream_of_end = end_task(file, job, variables, target)
        yield statement
        upstream[end] = upstream_of_end
    if order := file.dependencies(upstream, setups):
        yield order


def _operators(file: DagFile, tasks: Iterable[TaskModel]) -> dict[str, RawSource]:
    """What the file calls the class of each task that names one itself, by task id."""
    return {
        task.task_id: file.imported(module, name)
        for task in tasks
        if task.type.any_operator
        for name, module in task.type.imports.items()
    }


def _names(
    variables: Mapping[str, str], operators: Mapping[str, RawSource]
) -> dict[str, dict[str, RawSource]]:
    """The names that the template of each task prints, by task id."""
    names = {task_id: {"variable": RawSource(name)} for task_id, name in variables.items()}
    for task_id, operator in operators.items():
        names[task_id]["operator"] = operator
    return names


def _task_statement(
    file: DagFile,
    task: TaskModel,
    names: Mapping[str, RawSource],
    alerts: Alerts,
    fixed: Fixed,
) -> Statement:
    statement = file.statement(
        task.type.template,
        values={
            **names,
            "task_id": task.name,
            "settings": Keywords(_operator_arguments(task, alerts, fixed["target"])),
        },
        given=_given(task),
        fixed={
            **fixed,
            "mapped": bool(task.mapped),
            "looks_like_file": any(file_names(task.params, task.type.template_ext)),
        },
        further=further(task.group),
    )
    return mapped_statement(statement, task)


def _given(task: TaskModel) -> Mapping[str, Any]:
    """The parameters of `task`; the arguments of an operator that it names, as those of a call."""
    if not task.type.any_operator:
        return task.params
    arguments = {name: _dated(value) for name, value in task.params.get("arguments", {}).items()}
    return {**task.params, "arguments": Keywords(arguments)}


def _dated(value: Any) -> Any:
    if isinstance(value, Mapped) and isinstance(value.value, list):
        return Mapped([date(entry) for entry in value.value])
    return date(value)


def _calls(
    tasks: Sequence[TaskModel], statements: Sequence[Statement], toolchain: Toolchain
) -> Sequence[Calls]:
    """The calls of the operators, by skeleton and type."""
    groups: dict[tuple[int, int], Calls] = {}
    for task, (skeleton, values) in zip(tasks, statements, strict=True):
        key = id(skeleton), id(task.type)
        group = groups.get(key)
        if group is None:
            operators = skeleton.words & toolchain.imports.keys()
            if task.type.any_operator:
                operators |= task.type.imports.keys()
            group = groups[key] = Calls(skeleton.arguments, _taken(task.type, operators), [])
        group.values.append(values)
    return list(groups.values())


def _taken(task_type: TaskType, operators: Collection[str]) -> frozenset[str] | None:
    """The arguments that `operators` take of those that may be shared; None where that is unknown.

    (A team's template may hide that of a type, and use an operator of another one.)
    """
    declared = task_type.default_args
    if declared is None or any(operator not in declared for operator in operators):
        return None
    return frozenset().union(*(declared[operator] for operator in operators))


def _task_text(file: DagFile, task: TaskModel, statement: Statement, variable: str) -> str:
    if task.mapped:
        statement = without_lone_comma(statement)
    formatted = task.type.formatted and not task.mapped
    text = file.write(statement, task.type.template, owner=variable, formatted=formatted)
    if not formatted or (task.takes and any(width(line) > WIDTH for line in text.split("\n"))):
        text = blackened(text, depth=len(task.group))
        text = text.lstrip("\n") if task.type.formatted else text
    indent = BODY_INDENT + further(task.group)
    return f"{' ' * indent}{comment(task.source)}\n{text}"


def _operator_arguments(task: TaskModel, alerts: Alerts, target: Target) -> dict[str, Any]:
    arguments = dict(task.settings)
    if "display_name" in arguments:
        arguments["task_display_name"] = arguments.pop("display_name")
    if "outlets" in arguments:
        arguments["outlets"] = assets(arguments["outlets"], target)
    for setting, of_task in task.alerts.items():
        if of_task or setting in TASK_CALLBACKS:  # nothing: not what the job says
            arguments[argument(setting)] = alerts.callback(of_task)
    return arguments
