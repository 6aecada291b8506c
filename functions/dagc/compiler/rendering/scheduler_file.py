"""The file of a scheduler."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from dagc.compiler.analysis.logical_dates import member_name
from dagc.compiler.analysis.models import WAITS, SchedulerModel, TriggerModel
from dagc.compiler.python_source.nodes import Call, Entries, Keywords, RawSource
from dagc.compiler.rendering.alert_functions import RUN_CALLBACKS, Alerts
from dagc.compiler.rendering.assets import condition, or_time
from dagc.compiler.rendering.dag_file import BODY_INDENT, DagFile, Statement, comment
from dagc.compiler.rendering.dates import date
from dagc.compiler.rendering.end_task import end_task
from dagc.compiler.rendering.late_run_calls import deadline_call, sla_arguments
from dagc.compiler.rendering.param_calls import with_param_calls
from dagc.compiler.rendering.run_dates import MOVED, moved_date, own_date
from dagc.compiler.rendering.shared_arguments import Calls, leave_out, shared_arguments
from dagc.compiler.rows.timetables import DeclaredTimetable
from dagc.compiler.schema.cron import CRON_OF_PRESET
from dagc.compiler.schema.formats import Interval
from dagc.compiler.targets import Target
from dagc.compiler.toolchain import Toolchain

SCHEDULER_TEMPLATE = "scheduler.py.jinja"
TRIGGER_TEMPLATE = "trigger.py.jinja"
CHECK = "fail_when_paused"
AIRFLOW_2 = 2
OWN_RUN = "# Under this name, the job has runs with ids and dates of their own."

_SHARED = frozenset({"conf"})
"""What triggers share through `default_args`: beside them, no operator of the DAG takes it."""
_MAX_RUN_ID_PREFIX = 160
"""Airflow's run ids have 250 characters; its own part of one takes up to 80."""


def render_scheduler(scheduler: SchedulerModel, toolchain: Toolchain) -> str:
    """The Python text of `scheduler`'s DAG."""
    file = DagFile(toolchain)
    alerts = Alerts(file, toolchain)
    of_run = alerts.callbacks(scheduler.alerts, RUN_CALLBACKS)
    start = file.namespace.variable("start")
    check = RawSource(file.namespace.variable(CHECK))
    file.namespace.constant(MOVED)
    variables = {
        trigger.task_id: file.namespace.variable(trigger.task_id) for trigger in scheduler.triggers
    }
    plain = [trigger for trigger in scheduler.triggers if not trigger.alias]
    all_shared = bool(plain) and all(trigger.shared for trigger in plain)
    own = {} if all_shared else {"logical_date": RawSource(MOVED)}
    settings = _trigger_settings(scheduler, own, check, alerts, toolchain.target)
    triggers, shared = _triggers(file, scheduler, variables, settings)
    end, end_statement, last = end_task(file, scheduler, variables, toolchain.target)
    upstream = _upstream(scheduler, variables, start) | {end: last}
    dag = file.print(
        SCHEDULER_TEMPLATE,
        values={
            "dag_id": scheduler.dag_id,
            "run_id": _run_id(scheduler.dag_id),
            "logical_date": RawSource(MOVED) if all_shared else own_date(toolchain.target),
            "moved_date": moved_date(scheduler.dag_id, toolchain.target),
            "default_args": Entries({**scheduler.default_args, **shared}),
            "check": check,
            "start": RawSource(start),
            "tasks": RawSource(f"{triggers}\n\n{end_statement}"),
            "dependencies": RawSource(file.dependencies(upstream)),
        },
        given=_settings(file, scheduler, toolchain.target) | of_run,
        fixed={
            "target": toolchain.target,
            "waits": any(trigger.waits for trigger in scheduler.triggers),
            "shares_jobs": any(trigger.shared for trigger in plain),
        },
    )
    return file.finish(scheduler.source, alerts.above(dag))


def _triggers(
    file: DagFile,
    scheduler: SchedulerModel,
    variables: Mapping[str, str],
    settings: Mapping[str, dict[str, Any]],
) -> tuple[str, dict[str, Any]]:
    """The statements of the triggers, and the arguments that they share and leave to
    `default_args`.
    """
    statements = [
        _trigger_statement(file, trigger, variables[trigger.task_id], settings[trigger.task_id])
        for trigger in scheduler.triggers
    ]
    calls = [Calls(skeleton.arguments, _SHARED, [values]) for skeleton, values in statements]
    shared = shared_arguments(calls)
    leave_out(shared, calls)
    triggers = "\n\n".join(
        f"{_comments(trigger)}\n"
        + file.write(statement, TRIGGER_TEMPLATE, owner=variables[trigger.task_id])
        for trigger, statement in zip(scheduler.triggers, statements, strict=True)
    )
    return triggers, shared


def _comments(trigger: TriggerModel) -> str:
    lines = [comment(trigger.source), *([OWN_RUN] if trigger.alias else [])]
    return "\n".join(f"{' ' * BODY_INDENT}{line}" for line in lines)


def _upstream(
    scheduler: SchedulerModel, variables: Mapping[str, str], start: str
) -> dict[str, list[str]]:
    """The variables that `start` and each trigger follow, in topological order."""
    triggers = {
        variables[trigger.task_id]: [variables[parent] for parent in trigger.upstream] or [start]
        for trigger in scheduler.triggers
    }
    return {start: [], **triggers}


def _settings(file: DagFile, scheduler: SchedulerModel, target: Target) -> dict[str, Any]:
    timezone = scheduler.settings["timezone"]
    given = with_param_calls(scheduler.settings)
    values = {name: date(value, timezone) for name, value in given.items()}
    declared = values.pop("timetable", None)
    schedule = (
        _own_timetable(file, declared)
        if declared
        else _schedule(values.get("schedule_interval"), timezone)
    )
    if starts := values.pop("assets", None):
        schedule = or_time(schedule, starts, target) if schedule else condition(starts, target)
    values["schedule_interval"] = schedule
    if deadline := values.get("deadline"):
        values["deadline"] = deadline_call(file, scheduler.dag_id, deadline, target)
    values["poke_interval"] = _seconds(values["poke_interval"])
    return values


def _own_timetable(file: DagFile, declared: DeclaredTimetable) -> Call:
    module, _, name = declared.path.rpartition(".")
    return Call(file.imported(module, name).text, (), declared.arguments)


def _schedule(value: Any, timezone: str) -> Any:
    """The timetable, spelled out: what a bare cron text means changed between Airflow 2 and 3."""
    if isinstance(value, Interval):
        return Call("DeltaDataIntervalTimetable", (value.length,))
    if value in (None, "@once", "@continuous"):
        return value
    if isinstance(value, list):
        return Call("MultipleCronTriggerTimetable", tuple(value), {"timezone": timezone})
    cron = CRON_OF_PRESET.get(value, value)
    return Call("CronDataIntervalTimetable", (cron,), {"timezone": timezone})


def _seconds(length: timedelta) -> int:
    return max(1, round(length.total_seconds()))


def _run_id(starter: str) -> str:
    """The id of the runs that `starter` starts, of which Airflow renders its own."""
    if len(starter) > _MAX_RUN_ID_PREFIX:
        digest = hashlib.sha256(starter.encode()).hexdigest()[:8]
        starter = f"{starter[:_MAX_RUN_ID_PREFIX]}-{digest}"
    return f"{starter}__{{{{ run_id }}}}"


def _trigger_settings(
    scheduler: SchedulerModel,
    of_shared: Mapping[str, Any],
    check: RawSource,
    alerts: Alerts,
    target: Target,
) -> dict[str, dict[str, Any]]:
    """The arguments of each trigger beside the ids, in their order, by task id; `of_shared` are
    more of those whose job other schedulers start, too. A job with a name of its own gets runs of
    its own by that: others of the same job may begin at the same moment.
    """
    arguments = {}
    for trigger in scheduler.triggers:
        settings = arguments[trigger.task_id] = dict(trigger.settings)
        if "poke_interval" in settings:
            settings["poke_interval"] = _seconds(settings["poke_interval"])
        if trigger.waits:
            settings.pop(WAITS, None)  # as all do
        else:
            settings.pop("poke_interval", None)
            if target.waits_where_deferrable:
                settings["deferrable"] = False  # the default is True, by others or by Airflow
        if sla := settings.pop("sla", None):
            settings |= sla_arguments(sla)
        settings |= alerts.callbacks(trigger.alerts, trigger.alerts)
        if target.major == AIRFLOW_2:
            # Later versions check by themselves, or not at all: docs/airflow.md.
            settings["pre_execute"] = check
        if trigger.alias:
            name = member_name(scheduler.dag_id, trigger.alias)
            settings["trigger_run_id"] = _run_id(name)
            settings["logical_date"] = moved_date(name, target)
        elif trigger.shared:
            settings |= of_shared
    return arguments


def _trigger_statement(
    file: DagFile, trigger: TriggerModel, variable: str, settings: Mapping[str, Any]
) -> Statement:
    conf = {"conf": settings["conf"]} if "conf" in settings else {}
    rest = {name: value for name, value in settings.items() if name != "conf"}
    return file.statement(
        TRIGGER_TEMPLATE,
        values={
            "variable": RawSource(variable),
            "task_id": trigger.task_id,
            "dag_id": trigger.dag_id,
            "settings": Keywords(rest),
        },
        given=conf,
        fixed={},
    )
