"""Cron texts that mean something else to Airflow than to people."""

import re
from collections.abc import Iterator
from itertools import islice

from dagc.compiler.diagnostics import Code, Problem
from dagc.compiler.schema.cron_schedule import (
    DAY,
    FIELDS,
    HOUR,
    MINUTE,
    MONTH,
    WEEKDAY,
    CronSchedule,
    schedule_warning,
)

_RANGE_OF_ONE = re.compile(r"(?:^|(?<=,))(\w+)-\1(?:/\d+)?(?=,|$)", re.IGNORECASE)
_LAST_VALUES = ("59", "23", "31", "12|DEC", "[67]|SAT")
_STEPS_FROM_THE_LAST = tuple(
    re.compile(rf"(?:^|(?<=,))0*({last})/\d+(?=,|$)", re.IGNORECASE) for last in _LAST_VALUES
)
_CHOSEN_HOURS = re.compile(r"\d+(,\d+)*|(\*|\d+)/(?!0*1$)\d+", re.ASCII)
_WEEKS = {"1-7": 1, "8-14": 2, "15-21": 3, "22-28": 4}
_ONE_WEEKDAY = re.compile(r"[0-7]|SUN|MON|TUE|WED|THU|FRI|SAT", re.IGNORECASE)
_WITHOUT = {"29": {2}, "30": {2}, "31": {2, 4, 6, 9, 11}}
"""The months that lack a day; in the case of the 29th, in most years."""
_FOUR_YEARS = 48
"""Months: of those, one February has 29 days."""
_ALL = ("*", "?")


def one_value(schedule: CronSchedule) -> Iterator[Problem]:
    """Returns a warning if there is a range of one value, or steps from the last value on.

    croniter takes `3-3` for the whole field. So does one before version 7 `23/2` for every hour,
    and each Airflow comes with its own.
    """
    fields = schedule.fields
    message = ""
    for index, field in enumerate(fields):
        last = _STEPS_FROM_THE_LAST[index]
        if found := _RANGE_OF_ONE.search(field):
            told = f"Airflow takes {found[0]!r} for {_every(index)}: {schedule.first_runs()}"
        elif found := last.search(field):
            told = f"some versions of Airflow take {found[0]!r} for {_every(index)}"
        else:
            continue
        message = message or told
        fields[index] = last.sub(r"\1", _RANGE_OF_ONE.sub(r"\1", field))
    if message:
        yield schedule_warning(Code.MISREAD_CRON, message).proposing(
            " ".join(_once_an_hour(fields))
        )


def every_minute(schedule: CronSchedule) -> Iterator[Problem]:
    """Returns a warning if a text that picks hours runs in each minute of them: `* 3 * * *`.

    A range of hours (`* 8-18 * * *`) may be meant so.
    """
    fields = schedule.fields
    if (proposed := _once_an_hour(fields)) != fields:
        message = (
            f"{schedule.expression!r} runs in every minute of its hours: {schedule.first_runs()}"
        )
        yield schedule_warning(Code.MISREAD_CRON, message).proposing(" ".join(proposed))


def _once_an_hour(fields: list[str]) -> list[str]:
    """Returns `fields`; with minute 0 where they have every minute of hours that they pick."""
    if fields[MINUTE] in ("*", "*/1") and _CHOSEN_HOURS.fullmatch(fields[HOUR]):
        return ["0", *fields[HOUR:]]
    return fields


def _every(index: int) -> str:
    return f"every {FIELDS[index]}"


def either_day(schedule: CronSchedule) -> Iterator[Problem]:
    """Returns a warning if both the day of the month and that of the week are given."""
    day, weekday = schedule.fields[DAY], schedule.fields[WEEKDAY]
    if day in _ALL or weekday in _ALL:
        return
    by_weekday = schedule.with_field(DAY, "*")
    if re.search(r"#|L", weekday, re.IGNORECASE):
        message = f"beside {weekday!r} the day of the month is ignored: {schedule.first_runs()}"
        yield schedule_warning(Code.EITHER_DAY, message).proposing(by_weekday)
        return
    message = (
        f"{schedule.expression!r} runs where the day of the month or that of the week matches, not "
        f"only where both do: {schedule.first_runs()}"
    )
    if day in _WEEKS and _ONE_WEEKDAY.fullmatch(weekday):
        nth = by_weekday.removesuffix(weekday) + f"{weekday}#{_WEEKS[day]}"
        yield schedule_warning(Code.EITHER_DAY, message).proposing(nth)
    else:
        hint = f"Keep one of the two: {schedule.with_field(WEEKDAY, '*')!r} or {by_weekday!r}."
        yield schedule_warning(Code.EITHER_DAY, message, hint)


def short_months(schedule: CronSchedule) -> Iterator[Problem]:
    """Returns a warning if the only day of the month is one that some of the months lack; where it
    has an end, some before that.
    """
    day, weekday = schedule.fields[DAY], schedule.fields[WEEKDAY]
    if day not in _WITHOUT or weekday not in _ALL:
        return
    from croniter import croniter

    months = croniter(schedule.expression).expanded[MONTH]
    if months != ["*"] and not _WITHOUT[day].intersection(months):
        return
    last = schedule.with_field(DAY, "L")
    if schedule.until:
        ends = schedule._replace(expression=last).times()
        if not any(end.day < int(day) for end in islice(ends, _FOUR_YEARS)):
            return
    message = f"months without a day {day} have no run of {schedule.expression!r}"
    problem = schedule_warning(Code.SHORT_MONTHS, f"{message}: {schedule.first_runs()}")
    if day == "31":
        yield problem.proposing(last)
    else:
        hint = f"Write a day up to 28, or L for the last one: {last!r}."
        yield schedule_warning(problem.code, problem.message, hint)
