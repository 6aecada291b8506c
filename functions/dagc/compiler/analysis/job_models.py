"""Makes the model of a job's DAG, of rows in which nothing is wrong."""

from collections.abc import Iterator, Mapping
from typing import Any

from dagc.compiler.analysis.alerts import Reports, alerts, member_alerts, taken_over
from dagc.compiler.analysis.dag_settings import dag_settings, default_args, without_pauses
from dagc.compiler.analysis.job_assets import asset_of
from dagc.compiler.analysis.job_end import tasks_before_end
from dagc.compiler.analysis.mapping import shown_params
from dagc.compiler.analysis.models import JobModel, Settings, TaskModel
from dagc.compiler.analysis.owner_links import with_links_of_owners
from dagc.compiler.analysis.taken_results import JobResults
from dagc.compiler.analysis.task_groups import Groups, group_path
from dagc.compiler.analysis.used_params import with_used_params
from dagc.compiler.rows.defaults import Defaults
from dagc.compiler.rows.expansion import EXPAND
from dagc.compiler.rows.fallbacks import JOB_FALLBACKS
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.on_failure import EVENTS
from dagc.compiler.rows.settings import JOB_PARAMS_SCHEMA, TASK_DEFAULTS
from dagc.compiler.rows.setups import setup_ids

_NOT_A_SETTING = {"params", EXPAND, "group", "teardown", *EVENTS}
_NOT_OF_THE_DAG = {*TASK_DEFAULTS, *EVENTS, "groups", "asset"}


def job_model(
    job: JobRow,
    tasks: tuple[TaskModel, ...],
    groups: Groups,
    defaults: Defaults,
    reported: Reports,
) -> JobModel:
    """Returns the model of the DAG of `job`, which holds `tasks` and `groups`."""
    settings = dag_settings(JOB_PARAMS_SCHEMA, JOB_FALLBACKS, defaults.job_params, job.params)
    linked = with_links_of_owners(settings, [task.settings for task in tasks])
    shown: Settings = {k: v for k, v in linked.items() if k not in _NOT_OF_THE_DAG}
    if not any(task.type.reads_params for task in tasks):
        of_tasks = [(task.params, task.settings, task.alerts.values()) for task in tasks]
        texts = [*reported.values(), *of_tasks]
        shown = with_used_params(shown, job.params, texts)
    asset = asset_of(job, settings)
    return JobModel(
        source=job.row,
        dag_id=job.dag_id,
        settings=shown,
        default_args=default_args(settings, [task.settings for task in tasks]),
        alerts=alerts(reported),
        tasks=tasks,
        last=tasks_before_end(tasks, is_asset=bool(asset)),
        groups=groups,
        asset=asset,
    )


def task_models(
    results: JobResults, order: list[str], reported: Reports, ids: Mapping[str, str]
) -> Iterator[TaskModel]:
    """Returns the models of the job's tasks in `order`, by their ids in it; `ids` are Airflow's."""
    job = results.job
    inherited = taken_over(reported)
    position = {task_id: index for index, task_id in enumerate(order)}
    for task_id in order:
        task = results.tasks[task_id]
        assert task.type is not None, "a row without a type has an error"
        config = job.task_configs.get(task_id)
        torn_down = setup_ids(config) if config else ()
        parents = sorted(job.upstream.get(task_id, ()), key=position.__getitem__)
        shown = shown_params(results, task, ids)
        yield TaskModel(
            source=task.row,
            member=task_id,
            task_id=ids[task_id],
            name=task.name,
            group=group_path(config),
            type=task.type,
            params=shown.params,
            settings=without_pauses(_own_settings(config.settings)) if config else {},
            alerts=member_alerts(inherited, config.settings) if config else {},
            upstream=tuple(ids[parent] for parent in parents),
            setups=tuple(ids[setup] for setup in parents if setup in torn_down),
            takes=shown.takes,
            mapped=shown.mapped,
        )


def _own_settings(settings: Settings) -> dict[str, Any]:
    return {
        key: value
        for key, value in settings.items()
        if key not in _NOT_A_SETTING and value is not None
    }
