"""Warns of schedules that are not what they look like.

There is no clock here. The runs that a message names are counted from the scheduler's start_date,
or from a date of this version of the compiler if that is later: then they are still to come. None
is counted after its end_date.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from dagc.compiler.analysis.models import Settings
from dagc.compiler.analysis.setting_place import where_it_is_set
from dagc.compiler.diagnostics import Code, Diagnostic, Problem
from dagc.compiler.rows.scheduler_row import SchedulerRow
from dagc.compiler.schema.clock_changes import clock_changes
from dagc.compiler.schema.cron import CRON_OF_PRESET, PRESETS
from dagc.compiler.schema.cron_schedule import CronSchedule, listed, schedule_warning
from dagc.compiler.schema.formats import Interval
from dagc.compiler.schema.layers import merged
from dagc.compiler.schema.misread_cron import either_day, every_minute, one_value, short_months
from dagc.compiler.schema.runs_at_clock_changes import runs_at_clock_changes
from dagc.compiler.schema.uneven_steps import uneven_steps

NEW_YEAR = datetime(2027, 1, 1)  # noqa: DTZ001  local time: the zone is another setting
_YEARS = range(1970, 2100)
"""Beyond them, not all dates can be counted on from."""
_SETTINGS = "schedule_params"
_SETTING = "schedule_interval"
_OTHERS = ("timetable", "assets")
"""What else starts runs."""
_DAY = timedelta(days=1)


def schedule_warnings(scheduler: SchedulerRow, settings: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """Returns what is to be said of the schedule in the merged `settings` of `scheduler`, at the
    row or the defaults that set it. Where they have mistakes, nothing: those come first.
    """
    when, zone, start = (settings.get(name) for name in (_SETTING, "timezone", "start_date"))
    if not isinstance(zone, str) or not isinstance(start, datetime) or start.year not in _YEARS:
        return
    end = settings.get("end_date")
    end = end if isinstance(end, datetime) else None
    problems: tuple[Problem, ...] = ()
    if isinstance(when, Interval):
        problems = _of_interval(when.length, zone, start, end)
    elif isinstance(when, list):
        crons = [CronSchedule(text, zone, _whole(start), end) for text in when]
        problems = tuple(
            problem.inside(place)
            for place, cron in enumerate(crons)
            for problem in _of_cron(_counted(cron))
        )
    elif isinstance(when, str):
        cron = CronSchedule(CRON_OF_PRESET.get(when, when), zone, _whole(start), end)
        if never := _over_before_it_begins(cron):
            yield where_it_is_set(never, "end_date", scheduler)
        elif when not in PRESETS:
            problems = _of_cron(_counted(cron))
    for problem in problems:
        yield where_it_is_set(problem, _SETTING, scheduler)


def no_schedule(scheduler: SchedulerRow, defaults: Settings) -> Iterator[Diagnostic]:
    """Returns the warning of a scheduler of which neither its row nor the `defaults` of its
    settings say when it runs; none where the row's settings have mistakes.
    """
    if any(diagnostic.attribute == _SETTINGS for diagnostic in scheduler.diagnostics):
        return
    settings = merged(defaults, scheduler.params)
    if _SETTING not in {**defaults, **scheduler.params} and not any(map(settings.get, _OTHERS)):
        yield schedule_warning(
            Code.NO_SCHEDULE,
            "no schedule_interval: the scheduler runs only when started by hand",
            "Set it to a cron text, or to null if that is what you want.",
        ).at(scheduler.row, _SETTINGS)


def _counted(schedule: CronSchedule) -> CronSchedule:
    """Returns `schedule`, whose runs are counted from its start on, so that they are counted from
    NEW_YEAR on if one is due then.
    """
    later = schedule._replace(since=max(schedule.since, NEW_YEAR))
    if schedule.until is None or next(later.times(), None):
        return later
    return schedule


def _whole(time: datetime) -> datetime:
    """Returns the first whole minute from `time` on."""
    whole = time.replace(second=0, microsecond=0)
    return whole if whole == time else whole + timedelta(minutes=1)


def _over_before_it_begins(schedule: CronSchedule) -> Problem | None:
    """Returns a warning if the end is before the first date."""
    if schedule.until is None or schedule.expression in PRESETS or schedule.is_over(schedule.since):
        return None  # the latter is an error of its own
    first = next(schedule._replace(until=None).times())
    if not schedule.is_over(first):
        return None
    return schedule_warning(
        Code.NEVER_RUNS,
        f"no run is due by then: the first date from start_date on is {listed([first])}",
        "Set a later end_date, or the scheduler's status to 0.",
    )


@lru_cache(maxsize=4096)
def _of_cron(schedule: CronSchedule) -> tuple[Problem, ...]:
    if schedule.until and not next(schedule.times(), None):
        return ()  # its end is before its start: an error of its own
    if misread := (*one_value(schedule), *every_minute(schedule)):
        return misread  # what else it says is hardly what was meant
    return (
        *uneven_steps(schedule),
        *either_day(schedule),
        *short_months(schedule),
        *runs_at_clock_changes(schedule),
    )


def _of_interval(
    length: timedelta, zone: str, start: datetime, end: datetime | None
) -> tuple[Problem, ...]:
    """Returns a warning of whole days where not all days of the zone have 24 hours."""
    ended = end is not None and end < NEW_YEAR
    changes = clock_changes(zone, start if ended else max(start, NEW_YEAR))
    if length % _DAY or not changes or (end is not None and end < changes[0].end):
        return ()
    message = (
        f"it is {length // timedelta(hours=1)} hours, also where a day in {zone} has more or less "
        f"than 24: from {changes[0].first:%Y-%m-%d} on, its runs come at another time of day"
    )
    problem = schedule_warning(
        Code.CLOCK_CHANGE, message, "Write a cron text for a fixed time of day."
    )
    return (problem.proposing("@daily") if length == _DAY else problem,)
