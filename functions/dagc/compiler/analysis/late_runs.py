"""Checks `deadline` and `sla`: whether the target has them, and what they need.

Airflow 2 looks at the SLAs of DAGs with a schedule alone (`_send_sla_callbacks_to_processor` of its
scheduler): so a trigger may have one, and no task of a job. Airflow 3.0 has neither.
"""

from collections.abc import Iterator, Sequence

from dagc.compiler.analysis.alerts import unapproved
from dagc.compiler.analysis.asset_starts import SETTING as ASSETS
from dagc.compiler.analysis.declared_timetables import has_times
from dagc.compiler.analysis.ineffective_task_settings import no_effect
from dagc.compiler.analysis.models import Settings
from dagc.compiler.analysis.setting_place import where_it_is_set
from dagc.compiler.diagnostics import Code, Diagnostic, Problem
from dagc.compiler.rows.dag_ids import DagRow
from dagc.compiler.rows.members import MemberConfig
from dagc.compiler.rows.scheduler_row import SchedulerRow
from dagc.compiler.targets import Target

DEADLINE = "deadline"
SLA = "sla"
_SINCE = Target(3, 1)
_AVERAGE_SINCE = Target(3, 2)
_PASSED_OVER_SINCE = Target(3, 2)
"""From then on, a run without a logical date has no deadline by it. Before, making the run raises
ValueError (`create_dagrun`, tried in 3.1.6), and where assets start the run, nothing in the loop of
Airflow's scheduler catches that.
"""
_FROM_ITS_START = "Leave reference out: then the deadline is counted from when the run was made."
_INSTEAD = "Set dagrun_timeout: a run that takes longer fails, and on_failure reports it."


def deadline_problems(
    row: DagRow, settings: Settings, target: Target, callbacks: Sequence[str]
) -> Iterator[Diagnostic]:
    """Returns what is wrong with the deadline in the merged `settings` of the DAG of `row`.
    `callbacks` are the functions that it may call.
    """
    deadline = settings.get(DEADLINE)
    if not isinstance(deadline, dict) or not deadline:
        return
    if target < _SINCE:
        message = f"Airflow {target} has no deadlines: they came with {_SINCE}"
        problems = [Problem(Code.UNSUPPORTED, message, _INSTEAD)]
    else:
        given = {name: value for name, value in deadline.items() if value is not None}
        problems = [
            *_lacking(given),
            *_unapproved(given, callbacks),
            *_reference_problems(given, settings, target),
        ]
    for problem in problems:
        yield where_it_is_set(problem, DEADLINE, row)


def _lacking(deadline: Settings) -> Iterator[Problem]:
    if "interval" not in deadline:
        hint = "Add it: how long after its reference a run is late."
        yield Problem(Code.MISSING_PARAMETER, "'interval' is missing", hint)
    if "callable" in deadline and "email_to" in deadline:
        message = "a deadline takes only one of 'callable' and 'email_to'"
        yield Problem(Code.CONTRADICTION, message, "Keep one of them.")
    if "callable" not in deadline and "email_to" not in deadline:
        message = "deadline names no destination"
        yield Problem(Code.MISSING_PARAMETER, message, "Add email_to or callable.")
    if "email_to" in deadline and "email_from" not in deadline:
        message = "'email_to' needs 'email_from'"
        yield Problem(Code.MISSING_PARAMETER, message, "Add the sender's address.")


def _unapproved(deadline: Settings, callbacks: Sequence[str]) -> Iterator[Problem]:
    function = deadline.get("callable")
    if isinstance(function, str) and function not in callbacks:
        yield unapproved(function, callbacks, ("callable",))


def _reference_problems(
    deadline: Settings, settings: Settings, target: Target
) -> Iterator[Problem]:
    """Returns what is wrong with what the deadline is counted from, of a DAG with these merged
    `settings`: the target lacks it, or runs that assets start do.
    """
    reference, path = deadline.get("reference"), ("reference",)
    if reference == "average_runtime" and target < _AVERAGE_SINCE:
        message = f"Airflow {target} has no average_runtime: it came with {_AVERAGE_SINCE}"
        yield Problem(Code.UNSUPPORTED, message, _FROM_ITS_START, path)
    if reference == "logical_date" and settings.get(ASSETS):
        message = "a run that assets start has no logical date"
        if target < _PASSED_OVER_SINCE:
            message += f", for which the scheduler of Airflow {target} would stop"
            yield Problem(Code.UNSUPPORTED, message, _FROM_ITS_START, path)
        else:
            which = "some of its runs have" if has_times(settings) else "it has"
            yield no_effect(f"{message}: {which} no deadline", _FROM_ITS_START, path)


def sla_problems(scheduler: SchedulerRow, target: Target) -> Iterator[Diagnostic]:
    """Returns what is wrong with the SLAs of the triggers of `scheduler`."""
    for config in scheduler.job_configs.values():
        for problem in _sla_problems(config, target):
            yield problem.at(scheduler.row, "schedule_job_configs")


def _sla_problems(config: MemberConfig, target: Target) -> Iterator[Problem]:
    sla = config.settings.get(SLA)
    if not isinstance(sla, dict) or not sla:
        return
    path = (*config.path, SLA)
    if target.major > 2:
        instead = "Set deadline in schedule_params." if target >= _SINCE else _INSTEAD
        message = f"Airflow {target} has no SLAs: they went with Airflow 2"
        yield Problem(Code.UNSUPPORTED, message, instead, path)
    elif "interval" not in sla:
        hint = "Add it: how long after the start of the scheduler's run the trigger is late."
        yield Problem(Code.MISSING_PARAMETER, "'interval' is missing", hint, path)
