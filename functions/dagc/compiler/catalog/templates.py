"""The templates of a toolchain, each with the names that it may use."""

from collections.abc import Iterable

from jinja2 import BaseLoader

from dagc.compiler.analysis.notifiers import KINDS
from dagc.compiler.rendering.alert_functions import FOLDER, TEXTS
from dagc.compiler.rendering.dag_file import BODY_INDENT
from dagc.compiler.rendering.job_file import TEMPLATE as JOB
from dagc.compiler.rendering.scheduler_file import TEMPLATE as SCHEDULER
from dagc.compiler.rendering.scheduler_file import TRIGGER_TEMPLATE as TRIGGER
from dagc.compiler.rows.on_failure import ON_FAILURE
from dagc.compiler.rows.settings import JOB_PARAMS, SCHEDULE_PARAMS
from dagc.compiler.task_types import TaskType
from dagc.compiler.templating.environment import template_environment
from dagc.compiler.templating.template import Template


def templates_of(loader: BaseLoader, types: Iterable[TaskType]) -> dict[str, Template]:
    """Every template by its file name."""
    environment = template_environment(loader)
    job = (*JOB_PARAMS, "on_failure_callback")
    schedule = ("description", *SCHEDULE_PARAMS, "on_failure_callback")
    told = (*ON_FAILURE, "region_name")
    kinds = [f"{FOLDER}/{kind}.py.jinja" for kind in KINDS]
    return {
        JOB: Template(environment, JOB, "settings", job, 0),
        SCHEDULER: Template(environment, SCHEDULER, "settings", schedule, 0),
        TRIGGER: Template(environment, TRIGGER, "trigger", ("conf",), BODY_INDENT),
        **{name: Template(environment, name, "to", told, 0) for name in (TEXTS, *kinds)},
        **{
            each.template: Template(
                environment, each.template, "params", tuple(each.params.properties), BODY_INDENT
            )
            for each in types
        },
    }
