"""Compares params with their schemas: the values that a DAG has, and those that a scheduler sends.

Airflow does so when a run begins (`ParamsDict.validate`), and loads no DAG with a schedule whose
params are not all right by themselves.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from dagc.compiler.analysis.declared_timetables import has_times
from dagc.compiler.analysis.models import Settings
from dagc.compiler.analysis.setting_place import SETTINGS
from dagc.compiler.analysis.task_layers import DEFAULTS, Layer, layer_of
from dagc.compiler.diagnostics import Code, Diagnostic, JsonPath, Problem
from dagc.compiler.rows.dag_ids import DagRow
from dagc.compiler.rows.defaults import Defaults
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.scheduler_row import SchedulerRow
from dagc.compiler.schema.layers import merged
from dagc.compiler.schema.param_values import value_problems
from dagc.compiler.schema.rendered_values import rendered

_NULL = (
    'Let its type be a list with "null"; or leave it out, so that who starts a run has to give it.'
)
_NATIVE = (
    "By render_template_as_native_obj, Airflow makes of a text what it reads like: leave that out, "
    "or let the param be such a value."
)


def param_schemas(settings: Settings) -> Mapping[str, Mapping[str, Any]]:
    """Returns the schemas of the params in `settings`, by name; a null takes one away."""
    schemas = settings.get("param_schemas")
    if not isinstance(schemas, dict):  # not given, or in error
        return {}
    return {name: schema for name, schema in schemas.items() if schema is not None}


def param_problems(row: DagRow, defaults: Settings) -> Iterator[Diagnostic]:
    """Returns which params of the DAG of `row` are not what their schemas say. `defaults` are the
    deployment's for such a row.
    """
    if not (defaults.get("param_schemas") or row.params.get("param_schemas")):
        return
    settings = merged(defaults, row.params)
    attribute = SETTINGS[type(row)]
    layers = [
        Layer(DEFAULTS, "", (attribute,), defaults),
        Layer(row.row, attribute, (), row.params),
    ]
    params = _params(settings)
    for name, schema in param_schemas(settings).items():
        path = ("params", name)
        if name in params:
            layer = layer_of(layers, path, params[name]) or layers[-1]
            for problem in value_problems(params[name], schema, path):
                hint = _NULL if params[name] is None else problem.hint
                yield layer.diagnostic(replace(problem, hint=hint))
        elif isinstance(row, SchedulerRow) and has_times(settings):
            yield layers[-1].diagnostic(_no_value(name))


def sent_param_problems(
    scheduler: SchedulerRow, job_id: str, job: JobRow, defaults: Defaults
) -> Iterator[Diagnostic]:
    """Returns what is wrong with the `conf` that `scheduler` sends to `job`, which is its `job_id`,
    by the schemas of the job's params: Airflow would refuse to start it.
    """
    settings = merged(defaults.job_params, job.params)
    schemas = param_schemas(settings)
    if not schemas:
        return
    shared = merged(defaults.schedule_params, scheduler.params)
    config = scheduler.job_configs.get(job_id)
    layers = [
        Layer(DEFAULTS, "", ("schedule_params",), defaults.schedule_params),
        Layer(scheduler.row, "schedule_params", (), scheduler.params),
    ]
    if config:
        layers.append(Layer(scheduler.row, "schedule_job_configs", config.path, config.settings))
    conf = merged(shared, config.settings if config else {}).get("conf", {})
    native = bool(shared.get("render_template_as_native_obj"))
    for name, schema in schemas.items() if isinstance(conf, dict) else ():
        path = ("conf", name)
        if name not in conf:
            if name not in _params(settings):
                yield layers[-1].diagnostic(_not_sent(name, job))
        else:
            layer = layer_of(layers, path, conf[name]) or layers[-1]
            for problem in _sent_value_problems(conf[name], schema, path, native=native):
                yield layer.diagnostic(problem)


def _sent_value_problems(
    value: Any, schema: Settings, path: JsonPath, *, native: bool
) -> Iterator[Problem]:
    """Returns what is wrong with `value` once Airflow has rendered it."""
    problems = list(value_problems(rendered(value, native=native), schema, path))
    of_texts = list(value_problems(value, schema, path)) if problems and native else problems
    for problem in problems:
        yield problem if problem in of_texts else replace(problem, hint=_NATIVE)


def _no_value(name: str) -> Problem:
    return Problem(
        Code.MISSING_PARAMETER,
        f"the param {name!r} has no value, and the scheduler a schedule",
        "Give it one in params: of a DAG with a schedule, Airflow wants one for each param.",
        ("param_schemas", name),
    )


def _not_sent(name: str, job: JobRow) -> Problem:
    return Problem(
        Code.MISSING_PARAMETER,
        f"the job {job.name!r} needs the param {name!r}, which is not sent",
        "Send it in conf, or give it a value in the job's params.",
        ("conf",),
    )


def _params(settings: Settings) -> Mapping[str, Any]:
    params = settings.get("params")
    return params if isinstance(params, dict) else {}
