"""Refuses several cron texts where Airflow has no timetable for them."""

from collections.abc import Iterator

from dagc.compiler.analysis.models import Settings
from dagc.compiler.analysis.setting_place import where_it_is_set
from dagc.compiler.diagnostics import Code, Diagnostic, Problem
from dagc.compiler.rows.scheduler_row import SchedulerRow
from dagc.compiler.targets import Target

_SETTING = "schedule_interval"
_SINCE = Target(3, 0)
"""`MultipleCronTriggerTimetable` came with it."""


def unsupported_crons(
    scheduler: SchedulerRow, settings: Settings, target: Target
) -> Iterator[Diagnostic]:
    """Returns the error of several cron texts in the merged `settings` of `scheduler`, if `target`
    cannot have them.
    """
    if isinstance(settings.get(_SETTING), list) and target < _SINCE:
        problem = Problem(
            Code.UNSUPPORTED,
            f"Airflow {target} has no timetable of several cron texts",
            f"It came with Airflow {_SINCE}: write one cron text, and the other ones in schedulers "
            "of their own.",
        )
        yield where_it_is_set(problem, _SETTING, scheduler)
