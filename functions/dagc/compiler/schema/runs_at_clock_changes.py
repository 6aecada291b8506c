"""What becomes of the runs of a cron text where the clock is put forward or back."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import takewhile

from dagc.compiler.diagnostics import Code, Problem
from dagc.compiler.schema.airflow_runs import (
    covers_every_hour,
    moment_after,
    moment_of,
    next_time,
    on_the_clock,
    runs,
)
from dagc.compiler.schema.clock_changes import ClockChange, clock_changes
from dagc.compiler.schema.cron_schedule import HOUR, CronSchedule, schedule_warning

_HOURS = re.compile(r"\d+(-\d+)?(,\d+(-\d+)?)*", re.ASCII)
_NEARBY = (1, -1, 2, -2, 3, -3)
_HALF_AN_HOUR = timedelta(minutes=30)
_HALF_A_DAY = timedelta(hours=12)


def runs_at_clock_changes(schedule: CronSchedule) -> Iterator[Problem]:
    """Returns a warning if a change of the clock in the year from `since` on, and before the end,
    moves, doubles or leaves out a run that the text gives a time of day.

    Nothing is said of steps of hours, which name no time, nor of every hour of every day, which
    Airflow runs by the hour.
    """
    every = clock_changes(schedule.zone, schedule.since)
    changes = tuple(change for change in every if not schedule.is_over(change.end))
    hour = schedule.fields[HOUR]
    if not changes or "/" in hour or schedule.fields[HOUR:] == ["*", "*", "*", "*"]:
        return
    if _HOURS.fullmatch(hour) and _hours_of(changes).isdisjoint(_named(hour)):
        return  # most schedules: croniter need not be imported
    if covers_every_hour(schedule.expression):
        yield from _hours_of_some_days(schedule, changes)
        return
    told = [_told(schedule, change) for change in changes if _touched(schedule, change)]
    if told:
        message = f"{schedule.expression!r} in {schedule.zone}: {'; '.join(told)}"
        yield schedule_warning(Code.CLOCK_CHANGE, message, _hint(schedule, changes))


def _named(hour: str) -> set[int]:
    """Returns the hours in a list of hours and ranges."""
    named: set[int] = set()
    for item in hour.split(","):
        low, _, high = item.partition("-")
        first, last = int(low), int(high or low)
        named |= set(range(first, last + 1)) if first <= last else set(range(24))
    return named


def _hours_of(changes: tuple[ClockChange, ...]) -> set[int]:
    """Returns the hours of which some times never come, or come twice."""
    hours = set()
    for change in changes:
        time = change.first
        while time < change.end:
            hours.add(time.hour)
            time += _HALF_AN_HOUR
    return hours


def _touched(schedule: CronSchedule, change: ClockChange) -> list[datetime]:
    """Returns the times of `schedule` that never come, or come twice."""
    return _due(schedule, change.first, change.end)


def _due(schedule: CronSchedule, begin: datetime, end: datetime) -> list[datetime]:
    """Returns the times that the text names, as on a clock that never changes."""
    found, wall = [], begin - timedelta(seconds=1)
    while (wall := next_time(schedule.expression, wall)) < end:
        found.append(wall)
    return found


def _told(schedule: CronSchedule, change: ClockChange) -> str:
    """Returns in words what becomes of the runs at `change`."""
    touched = _touched(schedule, change)
    if not change.skipped:
        time = "time" if len(touched) == 1 else "times"
        return f"{change.first:%Y-%m-%d} has {_times(touched)} twice, and runs the second {time}"
    begin, end = change.first - _HALF_A_DAY, change.first + _HALF_A_DAY
    moments = map(on_the_clock, runs(schedule.expression, schedule.zone, begin))
    real = list(takewhile(lambda time: time < end, moments))
    moved = {on_the_clock(moment_of(time, schedule.zone)) for time in touched}
    fewer = len(_due(schedule, begin, end)) - len(real)
    less = f", so that {fewer} of its runs {'is' if fewer == 1 else 'are'} lost" if fewer else ""
    instead = _times([time for time in real if time in moved])
    return f"{change.first:%Y-%m-%d} has no {_times(touched)}, and runs at {instead}{less}"


def _times(times: list[datetime]) -> str:
    shown = " and ".join(f"{time:%H:%M}" for time in times[:2])
    return f"{shown} …" if len(times) > 2 else shown


def _hint(schedule: CronSchedule, changes: tuple[ClockChange, ...]) -> str:
    """Returns what to do: another hour near by, where there is one that no change touches."""
    hour = schedule.fields[HOUR]
    hours = [] if "-" in hour or not _HOURS.fullmatch(hour) else sorted(_named(hour))
    touched = {time.hour for change in changes for time in _touched(schedule, change)}
    for near in _NEARBY:
        moved = [value + near if value in touched else value for value in hours]
        other = schedule.with_field(HOUR, ",".join(map(str, sorted(moved))))
        fits = all(0 <= value < 24 for value in moved) and len(set(moved)) == len(moved)
        if hours and fits and _hours_of(changes).isdisjoint(moved):
            return f"Write {other!r}, or set the timezone to UTC."
    return "Name hours that no change touches, or set the timezone to UTC."


def _hours_of_some_days(
    schedule: CronSchedule, changes: tuple[ClockChange, ...]
) -> Iterator[Problem]:
    """Returns a warning if Airflow counts the hours from one day with runs to the next one over a
    change of the clock, and so begins the latter at another hour.
    """
    from croniter import croniter

    for change in changes:
        last: datetime = croniter(schedule.expression, change.first).get_prev(datetime)
        due = next_time(schedule.expression, last)
        moment = moment_of(last, schedule.zone)
        real = on_the_clock(moment_after(schedule.expression, schedule.zone, moment, due))
        if change.end <= due and real != due and not schedule.is_over(due):
            message = (
                f"{schedule.expression!r} in {schedule.zone}: after {last:%Y-%m-%d %H:%M} Airflow "
                f"runs at {real:%Y-%m-%d %H:%M}, not at {due:%Y-%m-%d %H:%M}, for it counts the "
                "hours over the change of the clock"
            )
            some = schedule.with_field(HOUR, "6-20")
            hint = f"Set the timezone to UTC, or name fewer than all hours, as in {some!r}."
            yield schedule_warning(Code.CLOCK_CHANGE, message, hint)
            return
