"""The file of a job."""

from typing import Any

from dagc.analysis.models import JobModel, TaskModel
from dagc.rendering.black_format import blackened
from dagc.rendering.dates import date
from dagc.rendering.environment import parameters
from dagc.rendering.file import BODY_INDENT, DagFile, comment
from dagc.rendering.imports import asset_class
from dagc.rows.settings import JOB_PARAMS
from dagc.syntax.nodes import Call, Code, Entries, Keywords
from dagc.toolchain import Toolchain

TEMPLATE = "job.py.jinja"


def render_job(job: JobModel, toolchain: Toolchain) -> str:
    """The Python text of `job`'s DAG."""
    file = DagFile(toolchain)
    variables = {task.task_id: file.namespace.variable(task.task_id) for task in job.tasks}
    dag = file.print(
        TEMPLATE,
        {
            "dag_id": job.dag_id,
            "settings": parameters(JOB_PARAMS, {k: date(v) for k, v in job.settings.items()}),
            "default_args": Entries(job.default_args),
            "target": toolchain.target,
        },
    )
    statements = [
        _task_statement(file, task, variables[task.task_id], toolchain) for task in job.tasks
    ]
    upstream = {
        variables[task.task_id]: [variables[parent] for parent in task.upstream]
        for task in job.tasks
    }
    statements.append(file.dependencies(upstream))
    body = "\n\n".join(statement for statement in statements if statement)
    return file.finish(job.source, f"{dag}\n{body}")


def _task_statement(file: DagFile, task: TaskModel, variable: str, toolchain: Toolchain) -> str:
    text = file.print(
        task.type.template,
        {
            "variable": Code(variable),
            "task_id": task.task_id,
            "params": parameters(task.type.params.properties, task.params),
            "settings": Keywords(_operator_arguments(task, toolchain)),
            "deferrable": toolchain.target.deferrable,
            "target": toolchain.target,
        },
        owner=variable,
        indent=BODY_INDENT,
    )
    if not task.type.formatted:
        text = blackened(text)
    return f"{' ' * BODY_INDENT}{comment(task.source)}\n{text}"


def _operator_arguments(task: TaskModel, toolchain: Toolchain) -> dict[str, Any]:
    arguments = dict(task.settings)
    if "outlets" in arguments:
        asset = asset_class(toolchain.target)
        arguments["outlets"] = [Call(asset, (uri,)) for uri in arguments["outlets"]]
    return arguments
