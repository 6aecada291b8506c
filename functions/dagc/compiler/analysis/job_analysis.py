"""Makes the model of a job's DAG, of the job's row and its tasks' rows."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from dagc.compiler.analysis.airflow_names import task_name_problem
from dagc.compiler.analysis.alerts import (
    AlertRules,
    Reports,
    alert_diagnostics,
    alerts,
    member_alerts,
    reports,
    taken_over,
)
from dagc.compiler.analysis.branches import branch_diagnostics, skip_diagnostics
from dagc.compiler.analysis.dag_settings import dag_settings, default_args, without_pauses
from dagc.compiler.analysis.earlier_tasks import earlier_task_diagnostics, with_teardowns
from dagc.compiler.analysis.file_order import order_diagnostics
from dagc.compiler.analysis.ineffective_task_settings import ineffective_task_settings
from dagc.compiler.analysis.job_assets import asset_of, asset_problems
from dagc.compiler.analysis.job_end import tasks_before_end
from dagc.compiler.analysis.late_runs import deadline_problems
from dagc.compiler.analysis.mapping import mapping_diagnostics, shown_params, with_mapped
from dagc.compiler.analysis.models import JobModel, Settings, TaskModel
from dagc.compiler.analysis.operator_branches import operator_branch_diagnostics
from dagc.compiler.analysis.owner_links import links_without_owner, with_links_of_owners
from dagc.compiler.analysis.param_problems import param_problems
from dagc.compiler.analysis.paused_jobs import paused_job
from dagc.compiler.analysis.taken_results import JobResults, result_diagnostics
from dagc.compiler.analysis.task_groups import (
    Groups,
    group_diagnostics,
    group_path,
    task_groups,
)
from dagc.compiler.analysis.task_ids import id_diagnostics, task_ids
from dagc.compiler.analysis.task_layers import task_layers
from dagc.compiler.analysis.teardowns import teardown_diagnostics
from dagc.compiler.analysis.text_diagnostics import job_text_diagnostics, known_params
from dagc.compiler.analysis.topological_order import topological_order
from dagc.compiler.analysis.unlisted_members import unlisted_members
from dagc.compiler.analysis.used_params import with_used_params
from dagc.compiler.analysis.waiting_operators import waiting_operators
from dagc.compiler.diagnostics import Code, Diagnostic, Problem, has_errors
from dagc.compiler.rows.defaults import Defaults
from dagc.compiler.rows.expansion import EXPAND, given_expand
from dagc.compiler.rows.fallbacks import JOB_FALLBACKS
from dagc.compiler.rows.id_lists import several
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.on_failure import EVENTS
from dagc.compiler.rows.operator_arguments import (
    in_order,
    inherited_arguments,
    merged_argument_problems,
)
from dagc.compiler.rows.settings import JOB_PARAMS_SCHEMA, TASK_DEFAULTS
from dagc.compiler.rows.setups import setup_ids
from dagc.compiler.rows.task_row import TaskRow
from dagc.compiler.rows.type_params import TypeParams
from dagc.compiler.schema.cases import case_problems
from dagc.compiler.schema.layers import INVALID
from dagc.compiler.schema.template_names import TemplateNames
from dagc.compiler.targets import Target
from dagc.compiler.task_types import TaskType

_NOT_A_SETTING = {"params", EXPAND, "group", "teardown", *EVENTS}
_NOT_OF_THE_DAG = {*TASK_DEFAULTS, *EVENTS, "groups", "asset"}
_JUDGED_MERGED = frozenset({"deadline", "owner_links"})
"""Settings that are judged as all layers make them together."""
_MEMBERS = {"task_list", "job_task_dependencies", "job_task_configs"}


def analyse_job(
    job: JobRow,
    tasks: Mapping[str, TaskRow],
    defaults: Defaults,
    target: Target,
    *,
    names: TemplateNames,
    sent: Collection[str] = (),
) -> tuple[JobModel | None, list[Diagnostic]]:
    """Makes the model of the DAG of `job`, None if it has an error; and says all that is wrong.

    `tasks` holds at least those rows that `job` mentions and that exist; `names` are what texts may
    use, and `sent` the params that its runs surely get from their schedulers.
    """
    diagnostics = list(job.diagnostics)
    params = _merged_params(job, tasks, defaults, target, diagnostics)
    job = with_teardowns(job, tasks, params)
    order, cycles = topological_order(job.tasks, job.upstream)
    diagnostics += ineffective_task_settings(job, tasks, params, target)
    diagnostics += waiting_operators(job, tasks, params, defaults, target)
    diagnostics += unlisted_members(job.row, job.tasks, job.task_configs, params)
    reported = reports(defaults.job_params, job.params)
    diagnostics += _setting_diagnostics(job, reported, defaults, target)
    groups = task_groups(job, defaults)
    ids = task_ids(job, tasks, groups)
    diagnostics += _shape_diagnostics(job, cycles, ids, groups, target)
    known = known_params(job, defaults, sent)
    diagnostics += job_text_diagnostics(
        job, tasks, params, ids, reported, defaults=defaults, names=names, known_params=known
    )
    results = JobResults(job, tasks, params)
    diagnostics += mapping_diagnostics(results, target)
    diagnostics += _naming_diagnostics(results, defaults, known, ids, groups)
    if has_errors(diagnostics):
        return None, diagnostics
    models = tuple(_task_models(results, order, reported, ids))
    model = _job_model(job, models, groups, defaults, reported)
    diagnostics += _model_diagnostics(job, model)
    return None if has_errors(diagnostics) else model, diagnostics


def _model_diagnostics(job: JobRow, model: JobModel) -> Iterator[Diagnostic]:
    """Returns what is wrong in what the rows make together, each being right."""
    yield from skip_diagnostics(job, model.tasks)
    yield from order_diagnostics(job, model.tasks)
    yield from asset_problems(job, model.asset, model.tasks, model.last)


def _naming_diagnostics(
    results: JobResults,
    defaults: Defaults,
    known_params: Collection[str] | None,
    ids: Mapping[str, str],
    groups: Groups,
) -> Iterator[Diagnostic]:
    """Returns what is wrong with what tasks name in their parameters: other tasks, and params."""
    yield from result_diagnostics(results, defaults)
    yield from branch_diagnostics(*results, defaults, known_params)
    yield from earlier_task_diagnostics(*results, defaults)
    yield from operator_branch_diagnostics(results, defaults, ids, groups)


def _shape_diagnostics(
    job: JobRow, cycles: list[Problem], ids: Mapping[str, str], groups: Groups, target: Target
) -> Iterator[Diagnostic]:
    """Returns what is wrong with how the tasks of `job` stand to one another."""
    yield from _no_tasks(job)
    yield from (problem.at(job.row, "job_task_dependencies") for problem in cycles)
    yield from id_diagnostics(job, ids, groups)
    yield from group_diagnostics(job, groups, target)
    yield from teardown_diagnostics(job)


def _merged_params(
    job: JobRow,
    tasks: Mapping[str, TaskRow],
    defaults: Defaults,
    target: Target,
    diagnostics: list[Diagnostic],
) -> dict[str, Settings]:
    """Merges the parameters of the tasks of `job` that are enabled; adds to `diagnostics` what is
    wrong with any of its tasks.
    """
    inherited = _inherited_params(job, tasks, defaults)
    params: dict[str, Settings] = {}
    for task_id, attribute in job.tasks.items():
        task = tasks.get(task_id)
        diagnostics += _reference_errors(job, attribute, task_id, task)
        if task is not None and task.enabled:
            if unsupported := task_name_problem(task.name, target):
                diagnostics.append(_of_name(unsupported, job, task))
            base = _base_params(job, task, inherited, defaults, diagnostics)
            params[task_id] = _task_params(job, task, base, target, diagnostics)
    return params


def _setting_diagnostics(
    job: JobRow, reported: Reports, defaults: Defaults, target: Target
) -> Iterator[Diagnostic]:
    """Returns what is wrong in the merged settings of `job`, and what is probably not meant."""
    yield from param_problems(job, defaults.job_params)
    rules = AlertRules(target, defaults.callbacks)
    yield from alert_diagnostics(job.row, reported, job.params, job.task_configs, rules)
    yield from paused_job(job, defaults, target)
    if _JUDGED_MERGED.isdisjoint(job.params) and _JUDGED_MERGED.isdisjoint(defaults.job_params):
        return
    settings = dag_settings(JOB_PARAMS_SCHEMA, JOB_FALLBACKS, defaults.job_params, job.params)
    members = [config.settings for config in job.task_configs.values()]
    yield from deadline_problems(job, settings, target, defaults.callbacks)
    for problem in links_without_owner(job.params, settings, members):
        yield problem.at(job.row, "job_params")


def _no_tasks(job: JobRow) -> Iterator[Diagnostic]:
    if not job.tasks and not any(d.attribute in _MEMBERS for d in job.diagnostics):
        hint = "Name tasks in task_list, or set the job's status to 0."
        yield Problem(Code.EMPTY_DAG, "the job has no task", hint).at(job.row, "task_list")


def _job_model(
    job: JobRow,
    tasks: tuple[TaskModel, ...],
    groups: Groups,
    defaults: Defaults,
    reported: Reports,
) -> JobModel:
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


def _task_models(
    results: JobResults, order: list[str], reported: Reports, ids: Mapping[str, str]
) -> list[TaskModel]:
    job = results.job
    inherited = taken_over(reported)
    position = {task_id: index for index, task_id in enumerate(order)}
    models = []
    for task_id in order:
        task = results.tasks[task_id]
        assert task.type is not None, "a row without a type has an error"
        config = job.task_configs.get(task_id)
        torn_down = setup_ids(config) if config else ()
        parents = sorted(job.upstream.get(task_id, ()), key=position.__getitem__)
        shown, takes = shown_params(results, task, ids)
        models.append(
            TaskModel(
                source=task.row,
                member=task_id,
                task_id=ids[task_id],
                name=task.name,
                group=group_path(config),
                type=task.type,
                params=shown,
                settings=without_pauses(_own_settings(config.settings)) if config else {},
                alerts=member_alerts(inherited, config.settings) if config else {},
                upstream=tuple(ids[parent] for parent in parents),
                setups=tuple(ids[setup] for setup in parents if setup in torn_down),
                takes=takes,
            )
        )
    return models


def _own_settings(settings: Settings) -> dict[str, Any]:
    return {
        key: value
        for key, value in settings.items()
        if key not in _NOT_A_SETTING and value is not None
    }


def _of_name(problem: Problem, job: JobRow, task: TaskRow) -> Diagnostic:
    """Returns the diagnostic of a `problem` of the name that `task` has in `job`."""
    if alias := job.aliases.get(task.task_id):
        return problem.inside(*alias.path, "as").at(job.row, "task_list")
    return problem.at(task.row, "task_name")


def _reference_errors(
    job: JobRow, attribute: str, task_id: str, task: TaskRow | None
) -> list[Diagnostic]:
    row_id, alias = job.row_id(task_id), job.aliases.get(task_id)
    path = (*alias.path, "task_id") if alias else ()
    if task is None:
        problem = Problem(
            Code.MISSING_TASK,
            f"there is no task {row_id!r}",
            f"Add a row with task_id {row_id!r} to mwaa_task, or remove it here." + several(row_id),
            path,
        )
        return [problem.at(job.row, attribute)]
    if not task.enabled:
        problem = Problem(
            Code.DISABLED_TASK,
            f"the task {row_id!r} is disabled",
            "Set its status to 1, or remove it here.",
            path,
        )
        return [problem.at(job.row, attribute), *task.diagnostics]
    return list(task.diagnostics)


def _inherited_params(job: JobRow, tasks: Mapping[str, TaskRow], defaults: Defaults) -> TypeParams:
    """Merges, by task type, the parameters that the defaults and the job set for all tasks."""
    types = {task.type.name: task.type for i in job.tasks if (task := tasks.get(i)) and task.type}
    return {
        name: task_type.params.merge(
            defaults.task_params.get(name, {}), job.task_params.get(name, {})
        )
        for name, task_type in types.items()
    }


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
    expand = given_expand(config)
    params = with_mapped(task.type, params, dict.fromkeys(expand, INVALID))  # checked by itself
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
