"""Says all that is wrong with a job, and makes the model of its DAG if nothing is."""

from collections.abc import Collection, Iterator, Mapping

from dagc.compiler.analysis.alerts import AlertRules, Reports, alert_diagnostics, reports
from dagc.compiler.analysis.branches import branch_diagnostics, skip_diagnostics
from dagc.compiler.analysis.dag_settings import dag_settings
from dagc.compiler.analysis.earlier_tasks import earlier_task_diagnostics, with_teardowns
from dagc.compiler.analysis.file_order import order_diagnostics
from dagc.compiler.analysis.ineffective_task_settings import ineffective_task_settings
from dagc.compiler.analysis.job_assets import asset_problems
from dagc.compiler.analysis.job_models import job_model, task_models
from dagc.compiler.analysis.late_runs import deadline_problems
from dagc.compiler.analysis.mapping import mapping_diagnostics
from dagc.compiler.analysis.merged_params import merged_params
from dagc.compiler.analysis.models import JobModel
from dagc.compiler.analysis.operator_branches import operator_branch_diagnostics
from dagc.compiler.analysis.owner_links import links_without_owner
from dagc.compiler.analysis.param_problems import param_problems
from dagc.compiler.analysis.paused_jobs import paused_job
from dagc.compiler.analysis.taken_results import JobResults, result_diagnostics
from dagc.compiler.analysis.task_groups import Groups, group_diagnostics, task_groups
from dagc.compiler.analysis.task_ids import id_diagnostics, task_ids
from dagc.compiler.analysis.task_references import reference_diagnostics
from dagc.compiler.analysis.teardowns import teardown_diagnostics
from dagc.compiler.analysis.text_diagnostics import job_text_diagnostics, known_params
from dagc.compiler.analysis.topological_order import topological_order
from dagc.compiler.analysis.unlisted_members import unlisted_members
from dagc.compiler.analysis.waiting_operators import waiting_operators
from dagc.compiler.diagnostics import Code, Diagnostic, Problem, has_errors
from dagc.compiler.rows.defaults import Defaults
from dagc.compiler.rows.fallbacks import JOB_FALLBACKS
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.settings import JOB_PARAMS_SCHEMA
from dagc.compiler.rows.task_row import TaskRow
from dagc.compiler.schema.template_names import TemplateNames
from dagc.compiler.targets import Target

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
    diagnostics = [*job.diagnostics, *reference_diagnostics(job, tasks, target)]
    params = merged_params(job, tasks, defaults, target, diagnostics)
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
    models = tuple(task_models(results, order, reported, ids))
    model = job_model(job, models, groups, defaults, reported)
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
