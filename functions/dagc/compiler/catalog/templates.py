"""Declares the templates of a toolchain: for each, the names of the parameters that it may use."""

from collections.abc import Iterable

from jinja2 import BaseLoader, BytecodeCache

from dagc.compiler.rendering.alert_functions import CALLBACK_TEMPLATE, RUN_CALLBACKS, argument
from dagc.compiler.rendering.dag_file import BODY_INDENT
from dagc.compiler.rendering.end_task import END_TEMPLATE
from dagc.compiler.rendering.group_blocks import GROUP_TEMPLATE
from dagc.compiler.rendering.job_file import JOB_TEMPLATE
from dagc.compiler.rendering.scheduler_file import SCHEDULER_TEMPLATE, TRIGGER_TEMPLATE
from dagc.compiler.rows.settings import JOB_PARAMS, SCHEDULE_PARAMS
from dagc.compiler.task_types import TaskType
from dagc.compiler.templating.environment import template_environment
from dagc.compiler.templating.template import Template


def templates_of(
    loader: BaseLoader, types: Iterable[TaskType], bytecode: BytecodeCache | None = None
) -> dict[str, Template]:
    """Returns every template by its file name."""
    environment = template_environment(loader, bytecode)
    callbacks = [argument(setting) for setting in RUN_CALLBACKS]
    job = (*JOB_PARAMS, *callbacks)
    schedule = ("description", *SCHEDULE_PARAMS, *callbacks)
    return {
        JOB_TEMPLATE: Template(environment, JOB_TEMPLATE, "settings", job, 0),
        SCHEDULER_TEMPLATE: Template(environment, SCHEDULER_TEMPLATE, "settings", schedule, 0),
        TRIGGER_TEMPLATE: Template(
            environment, TRIGGER_TEMPLATE, "trigger", ("conf",), BODY_INDENT
        ),
        END_TEMPLATE: Template(environment, END_TEMPLATE, "end", (), BODY_INDENT),
        GROUP_TEMPLATE: Template(environment, GROUP_TEMPLATE, "group", (), BODY_INDENT),
        CALLBACK_TEMPLATE: Template(environment, CALLBACK_TEMPLATE, "alert", (), 0),
        **{
            type_.template: Template(
                environment, type_.template, "params", tuple(type_.params.properties), BODY_INDENT
            )
            for type_ in types
        },
    }
