"""Makes the model of a scheduler's DAG, of the scheduler's row and its jobs' rows."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from dagc.compiler.analysis.airflow_names import schedule_name_problem
from dagc.compiler.analysis.alerts import (
    AlertRules,
    Reports,
    alert_diagnostics,
    alerts,
    member_alerts,
    reports,
    taken_over,
)
from dagc.compiler.analysis.asset_circles import own_circles
from dagc.compiler.analysis.asset_starts import asset_schedule_problems
from dagc.compiler.analysis.dag_settings import dag_settings, default_args, without_pauses
from dagc.compiler.analysis.declared_timetables import timetable_problems, with_declared
from dagc.compiler.analysis.hidden_failures import last_tasks
from dagc.compiler.analysis.ineffective_settings import ineffective_settings
from dagc.compiler.analysis.late_runs import deadline_problems, sla_problems
from dagc.compiler.analysis.models import SchedulerModel, Settings, TriggerModel
from dagc.compiler.analysis.other_dags import OtherDags
from dagc.compiler.analysis.owner_links import links_without_owner, with_links_of_owners
from dagc.compiler.analysis.param_problems import param_problems, sent_param_problems
from dagc.compiler.analysis.schedule_warnings import no_schedule, schedule_warnings
from dagc.compiler.analysis.several_crons import unsupported_crons
from dagc.compiler.analysis.text_diagnostics import scheduler_text_diagnostics
from dagc.compiler.analysis.topological_order import topological_order
from dagc.compiler.analysis.trigger_ids import trigger_diagnostics, trigger_id
from dagc.compiler.analysis.trigger_rules import rules_of_first_triggers
from dagc.compiler.analysis.unlisted_members import unlisted_members
from dagc.compiler.analysis.unpublished_jobs import unpublished_job
from dagc.compiler.analysis.used_params import with_used_params
from dagc.compiler.diagnostics import Code, Diagnostic, Problem, RowKey, Severity, has_errors
from dagc.compiler.rows.defaults import Defaults
from dagc.compiler.rows.fallbacks import SCHEDULER_FALLBACKS
from dagc.compiler.rows.id_lists import several
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.on_failure import EVENTS
from dagc.compiler.rows.scheduler_row import SchedulerRow
from dagc.compiler.rows.settings import SCHEDULE_PARAMS_SCHEMA, TASK_DEFAULTS
from dagc.compiler.schema.layers import merged
from dagc.compiler.schema.template_names import TemplateNames
from dagc.compiler.targets import Target

_NOT_THE_DAGS = {"conf", "trigger_rule", *EVENTS}
_MEMBERS = {"job_list", "schedule_job_dependencies", "schedule_job_configs"}


def analyse_scheduler(
    scheduler: SchedulerRow,
    jobs: Mapping[str, Sequence[JobRow]],
    defaults: Defaults,
    target: Target,
    others: OtherDags,
    *,
    names: TemplateNames,
) -> tuple[SchedulerModel | None, list[Diagnostic]]:
    """Makes the model of the DAG of `scheduler`, None if it has an error; says all that is wrong.

    `jobs` holds at least those rows, by their ids in `scheduler`, that it mentions and that exist;
    `others` knows at least their DAGs; `names` are what texts may use.
    """
    diagnostics = list(scheduler.diagnostics)
    order, cycles = topological_order(scheduler.jobs, scheduler.upstream)
    diagnostics += [problem.at(scheduler.row, "schedule_job_dependencies") for problem in cycles]
    if not scheduler.jobs and not any(d.attribute in _MEMBERS for d in scheduler.diagnostics):
        hint = "Name jobs in job_list, or set the scheduler's status to 0."
        empty = Problem(Code.EMPTY_DAG, "the scheduler has no job", hint)
        diagnostics.append(empty.at(scheduler.row, "job_list"))
    settings = dag_settings(
        SCHEDULE_PARAMS_SCHEMA, SCHEDULER_FALLBACKS, defaults.schedule_params, scheduler.params
    )
    reported = reports(defaults.schedule_params, scheduler.params)
    diagnostics += _setting_errors(scheduler, settings, reported, defaults, target)
    diagnostics += _warnings(scheduler, settings, defaults, target)
    diagnostics += _name_problems(scheduler, target)
    diagnostics += _job_diagnostics(scheduler, jobs, settings, defaults, others)
    diagnostics += scheduler_text_diagnostics(scheduler, reported, defaults, names)
    if has_errors(diagnostics):
        return None, diagnostics
    shared = {job_id for job_id in order if scheduler.row_id(job_id) in others.shared}
    triggers = tuple(_trigger_models(scheduler, jobs, settings, order, reported, shared=shared))
    settings = with_declared(settings, defaults.timetables)
    return _model(scheduler, settings, triggers, reported), diagnostics


def _job_diagnostics(
    scheduler: SchedulerRow,
    jobs: Mapping[str, Sequence[JobRow]],
    settings: Settings,
    defaults: Defaults,
    others: OtherDags,
) -> Iterator[Diagnostic]:
    """Returns what is wrong between `scheduler` and the jobs that it names."""
    known = set()
    for job_id, attribute in scheduler.jobs.items():
        found = jobs.get(job_id, ())
        problem = _reference_problem(scheduler.row_id(job_id), found)
        if problem is None:
            known.add(job_id)
            problem = unpublished_job(found[0], others.unpublished)
            yield from sent_param_problems(scheduler, job_id, found[0], defaults)
        if problem:
            alias = scheduler.aliases.get(job_id)
            path = (*alias.path, "job_id") if alias else ()
            yield problem.inside(*path).at(scheduler.row, attribute)
        yield from _late_start(scheduler.row, settings, found, defaults)
    yield from own_circles(scheduler, jobs, settings, defaults)
    yield from unlisted_members(scheduler.row, scheduler.jobs, scheduler.job_configs, known)
    yield from trigger_diagnostics(scheduler, {id_: jobs[id_][0] for id_ in known})


def _name_problems(scheduler: SchedulerRow, target: Target) -> Iterator[Diagnostic]:
    """Returns which names of `scheduler` and its jobs, that are in the ids of runs, are refused."""
    if problem := schedule_name_problem(scheduler.name, target):
        yield problem.at(scheduler.row, "schedule_name")
    for name, alias in scheduler.aliases.items():
        if problem := schedule_name_problem(name, target):
            yield problem.inside(*alias.path, "as").at(scheduler.row, "job_list")


def _setting_errors(
    scheduler: SchedulerRow,
    settings: Settings,
    reported: Reports,
    defaults: Defaults,
    target: Target,
) -> Iterator[Diagnostic]:
    """Returns what is wrong in the merged `settings` of `scheduler`, and in what it reports."""
    yield from _contradictions(scheduler, settings)
    yield from timetable_problems(scheduler, settings, defaults.timetables)
    yield from param_problems(scheduler, defaults.schedule_params)
    configs, rules = scheduler.job_configs, AlertRules(target, defaults.callbacks)
    yield from alert_diagnostics(scheduler.row, reported, scheduler.params, configs, rules)
    yield from deadline_problems(scheduler, settings, target, defaults.callbacks)
    yield from sla_problems(scheduler, target)


def _warnings(
    scheduler: SchedulerRow, settings: Settings, defaults: Defaults, target: Target
) -> Iterator[Diagnostic]:
    """Returns what the target lacks for the merged `settings` of `scheduler`, or what is legal and
    probably not meant.
    """
    yield from unsupported_crons(scheduler, settings, target)
    yield from no_schedule(scheduler, defaults.schedule_params)
    yield from schedule_warnings(scheduler, settings)
    for problem in links_without_owner(scheduler.params, settings, ()):
        yield problem.at(scheduler.row, "schedule_params")
    yield from ineffective_settings(scheduler, defaults, target)
    yield from rules_of_first_triggers(scheduler, settings)


def _model(
    scheduler: SchedulerRow,
    settings: Mapping[str, Any],
    triggers: tuple[TriggerModel, ...],
    reported: Reports,
) -> SchedulerModel:
    return SchedulerModel(
        source=scheduler.row,
        dag_id=scheduler.dag_id,
        settings=with_used_params(
            {
                key: value
                for key, value in merged(
                    {"description": scheduler.description or None},
                    with_links_of_owners(settings, ()),
                ).items()
                if key not in TASK_DEFAULTS and key not in _NOT_THE_DAGS
            },
            scheduler.params,
            [
                *reported.values(),
                *((trigger.settings, trigger.alerts.values()) for trigger in triggers),
            ],
        ),
        default_args=default_args(settings, [trigger.settings for trigger in triggers]),
        alerts=alerts(reported),
        triggers=triggers,
        last=_last(triggers),
    )


def _trigger_models(
    scheduler: SchedulerRow,
    jobs: Mapping[str, Sequence[JobRow]],
    settings: Mapping[str, Any],
    order: list[str],
    reported: Reports,
    *,
    shared: Collection[str],
) -> Iterator[TriggerModel]:
    inherited = taken_over(reported)
    ids = {job_id: trigger_id(scheduler, job_id, jobs[job_id][0]) for job_id in order}
    rank = {job_id: index for index, job_id in enumerate(order)}
    for job_id in order:
        parents = sorted(scheduler.upstream.get(job_id, ()), key=rank.__getitem__)
        member = scheduler.job_configs.get(job_id)
        config = member.settings if member else {}
        yield TriggerModel(
            source=jobs[job_id][0].row,
            task_id=ids[job_id],
            dag_id=jobs[job_id][0].dag_id,
            alias=job_id if job_id in scheduler.aliases else "",
            settings=_trigger_settings(settings, config),
            # The run reports its failure by itself: a trigger does only if its settings say so.
            alerts=member_alerts(inherited, {k: v for k, v in config.items() if v}),
            upstream=tuple(ids[parent] for parent in parents),
            shared=job_id in shared,
        )


def _trigger_settings(scheduler: Settings, config: Settings) -> dict[str, Any]:
    """Returns what the call of one trigger sets: the scheduler's `conf` and `trigger_rule`, and its
    own.
    """
    shared = {key: scheduler[key] for key in ("conf", "trigger_rule") if key in scheduler}
    own = {key: value for key, value in config.items() if key not in EVENTS}
    return without_pauses(merged(shared, own))


def _last(triggers: Sequence[TriggerModel]) -> tuple[str, ...]:
    rules = {
        it.task_id: it.settings["trigger_rule"] for it in triggers if "trigger_rule" in it.settings
    }
    return last_tasks({trigger.task_id: trigger.upstream for trigger in triggers}, rules)


def _reference_problem(job_id: str, jobs: Sequence[JobRow]) -> Problem | None:
    """Returns what is wrong with a job id, which `jobs` have, as that of one job that can run."""
    if not jobs:
        return Problem(
            Code.MISSING_JOB,
            f"there is no job {job_id!r}",
            f"Add a row with job_id {job_id!r} to mwaa_job, or remove it here." + several(job_id),
        )
    if len(jobs) > 1:
        rows = " and ".join(sorted(str(job.row) for job in jobs))
        return Problem(
            Code.AMBIGUOUS_JOB,
            f"the job id {job_id!r} belongs to {rows}",
            "Give each job a job_id of its own: schedulers name jobs by it alone.",
        )
    if not jobs[0].enabled:
        return Problem(
            Code.DISABLED_JOB,
            f"the job {job_id!r} is disabled",
            "Set its status to 1, or remove it here.",
        )
    if not jobs[0].dag_id:
        return Problem(
            Code.MISSING_JOB,
            f"the job {job_id!r} has no usable job_name, so that there is no DAG to start",
            f"Repair the job_name of {jobs[0].row}.",
        )
    return None


def _contradictions(scheduler: SchedulerRow, settings: Settings) -> list[Diagnostic]:
    problems = list(asset_schedule_problems(settings))
    start, end = settings.get("start_date"), settings.get("end_date")
    if isinstance(start, datetime) and isinstance(end, datetime) and end < start:
        problems.append(
            Problem(
                Code.BAD_SCHEDULE,
                "end_date is before start_date",
                "The scheduler would never run. Swap them, or set its status to 0.",
                ("end_date",),
            )
        )
    if settings.get("schedule_interval") == "@continuous" and settings["max_active_runs"] != 1:
        problems.append(
            Problem(
                Code.BAD_SCHEDULE,
                "@continuous with more than one active run",
                "Leave max_active_runs at 1: Airflow accepts no more with @continuous.",
                ("max_active_runs",),
            )
        )
    return [problem.at(scheduler.row, "schedule_params") for problem in problems]


def _late_start(
    row: RowKey, settings: Settings, jobs: Sequence[JobRow], defaults: Defaults
) -> list[Diagnostic]:
    start = settings.get("start_date")
    for job in jobs:
        job_start = merged(defaults.job_params, job.params).get("start_date")
        if isinstance(start, datetime) and isinstance(job_start, datetime) and start < job_start:
            problem = Problem(
                Code.STARTS_BEFORE_JOB,
                f"it starts before its job {job.name!r} ({job_start:%Y-%m-%d})",
                f"Set start_date to {job_start:%Y-%m-%d} or later, or the job's earlier: "
                "before it, Airflow runs no task of the job, and reports success.",
                ("start_date",),
                Severity.WARNING,
            )
            return [problem.at(row, "schedule_params")]
    return []
