"""Checks the texts of a DAG that Airflow renders, where they come from."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial

from dagc.compiler.analysis.alerts import Reports, overlaid, taken_over
from dagc.compiler.analysis.asset_starts import missing_names, without_dates
from dagc.compiler.analysis.declared_timetables import has_times
from dagc.compiler.analysis.mapping import with_mapped
from dagc.compiler.analysis.models import Settings
from dagc.compiler.analysis.param_problems import param_schemas
from dagc.compiler.analysis.task_layers import DEFAULTS, Layer, layer_of, task_layers
from dagc.compiler.analysis.template_problems import Vocabulary, template_problems
from dagc.compiler.analysis.template_successors import OF_A_JOB, OF_A_SCHEDULER
from dagc.compiler.diagnostics import Diagnostic, RowKey
from dagc.compiler.rows.defaults import Defaults
from dagc.compiler.rows.expansion import EXPAND, given_expand
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.members import MemberConfig
from dagc.compiler.rows.scheduler_row import SchedulerRow
from dagc.compiler.rows.settings import (
    JOB_PARAMS_SCHEMA,
    SCHEDULE_PARAMS_SCHEMA,
    TASK_CONFIG_SCHEMA,
    TRIGGER_CONFIG_SCHEMA,
)
from dagc.compiler.rows.task_row import TaskRow
from dagc.compiler.schema.layers import LayerSchema, merged
from dagc.compiler.schema.template_names import TemplateNames
from dagc.compiler.task_types import TaskType

_OF_FAILURES = ("exception", "reason", "headline", "details")
"""What texts of alerts know beside: of Airflow, and of the alert module."""


_Layers = Callable[[], Sequence[Layer]]
"""Gives the layers of some values, the last the strongest: needed only where something is wrong."""


def job_text_diagnostics(
    job: JobRow,
    tasks: Mapping[str, TaskRow],
    params: Mapping[str, Settings],
    ids: Mapping[str, str],
    reported: Reports,
    *,
    defaults: Defaults,
    names: TemplateNames,
    known_params: Collection[str] | None,
) -> Iterator[Diagnostic]:
    """Returns what texts of `job` use that is not there. `params` are the merged parameters of its
    tasks, by task id, `ids` what Airflow calls these, `reported` is the job's `on_failure` and the
    like, and `known_params` are the params of its runs; None where that is not known.
    """
    known = Vocabulary(names, defaults.plugin_macros, known_params, OF_A_JOB)
    if ids.keys() == job.tasks.keys():
        known = known._replace(tasks=tuple(ids.values()))
    for task_id, values in params.items():
        task_type = tasks[task_id].type
        if task_type is not None:
            layers = partial(task_layers, job, tasks[task_id], task_type.name, defaults)
            yield from _diagnostics(task_type.params, values, layers, known)
            yield from _of_mapped(job, task_id, task_type, known)

    def own_layers() -> list[Layer]:
        return [
            Layer(DEFAULTS, "", ("job_params",), defaults.job_params),
            Layer(job.row, "job_params", (), job.params),
        ]

    known = _of_alerts(known)
    yield from _diagnostics(JOB_PARAMS_SCHEMA, reported, own_layers, known)
    for config in job.task_configs.values():
        layers = partial(_with_config, own_layers, job.row, "job_task_configs", config)
        yield from _member_alerts(TASK_CONFIG_SCHEMA, reported, config, layers, known)


def _of_mapped(
    job: JobRow, task_id: str, task_type: TaskType, known: Vocabulary
) -> Iterator[Diagnostic]:
    """Checks the texts in the lists that the task is mapped over."""
    for name, values in given_expand(job.task_configs.get(task_id)).items():
        for index, value in enumerate(values if isinstance(values, list) else ()):
            for path, text in task_type.params.texts(with_mapped(task_type, {}, {name: value})):
                inner = path[path.index(name) + 1 :]
                place = (*job.task_configs[task_id].path, EXPAND, name, index, *inner)
                for problem in template_problems(text, known):
                    yield problem.inside(*place).at(job.row, "job_task_configs")


def known_params(job: JobRow, defaults: Defaults, sent: Collection[str]) -> Collection[str] | None:
    """Returns the names of the params of the runs of `job`; None where its own are in error."""
    own = _params(merged(defaults.job_params, job.params))
    return None if own is None else {*own, *sent}


def scheduler_text_diagnostics(
    scheduler: SchedulerRow, reported: Reports, defaults: Defaults, names: TemplateNames
) -> Iterator[Diagnostic]:
    """Returns what texts of `scheduler` use that is not there. `reported` is its own `on_failure`
    and the like.
    """
    settings = merged(defaults.schedule_params, scheduler.params)
    own = _params(settings)
    known = Vocabulary(names, defaults.plugin_macros, own, OF_A_SCHEDULER)
    if missing := missing_names(settings, names):
        always = not has_times(settings)
        known = known._replace(names=without_dates(names), undated=missing, fails=always)
    alerts = _of_alerts(known)

    def own_layers() -> list[Layer]:
        return [
            Layer(DEFAULTS, "", ("schedule_params",), defaults.schedule_params),
            Layer(scheduler.row, "schedule_params", (), scheduler.params),
        ]

    conf = {"conf": settings.get("conf")}
    yield from _diagnostics(SCHEDULE_PARAMS_SCHEMA, conf, own_layers, known)
    yield from _diagnostics(SCHEDULE_PARAMS_SCHEMA, reported, own_layers, alerts)
    for config in scheduler.job_configs.values():
        layers = partial(_with_config, own_layers, scheduler.row, "schedule_job_configs", config)
        conf = {"conf": config.settings.get("conf")}
        yield from _diagnostics(TRIGGER_CONFIG_SCHEMA, conf, layers, known)
        yield from _member_alerts(TRIGGER_CONFIG_SCHEMA, reported, config, layers, alerts)


def _params(settings: Settings) -> Collection[str] | None:
    """Returns the names of the `params` in `settings`, with those that only have a schema; None
    where the params are no object.
    """
    params = settings.get("params", {})
    return {*params, *param_schemas(settings)} if isinstance(params, dict) else None


def _of_alerts(known: Vocabulary) -> Vocabulary:
    return known._replace(more=_OF_FAILURES, fails=False)


def _with_config(layers: _Layers, row: RowKey, attribute: str, config: MemberConfig) -> list[Layer]:
    return [*layers(), Layer(row, attribute, config.path, config.settings)]


def _member_alerts(
    schema: LayerSchema,
    reported: Reports,
    config: MemberConfig,
    layers: _Layers,
    known: Vocabulary,
) -> Iterator[Diagnostic]:
    """Checks the `on_failure` and the like that a member of a DAG has of its own."""
    if reported.keys().isdisjoint(config.settings):
        return
    inherited = taken_over(reported)
    for setting in reported:
        if config.settings.get(setting):
            own = {setting: overlaid(inherited.get(setting, {}), config.settings, setting)}
            yield from _diagnostics(schema, own, layers, known)


def _diagnostics(
    schema: LayerSchema, values: Settings, layers: _Layers, known: Vocabulary
) -> Iterator[Diagnostic]:
    """Checks the texts in `values`, which are the merged `layers`."""
    for path, text in schema.texts(values):
        for problem in template_problems(text, known):
            if layer := layer_of(layers(), path, text):
                yield layer.diagnostic(problem.inside(*path))
