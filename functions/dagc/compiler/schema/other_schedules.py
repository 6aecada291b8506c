"""Guesses what a text that Airflow cannot schedule by would be there: a schedule of another system,
or a slip of the pen. A guess may be wrong: the caller sees whether it is accepted.
"""

import re
from collections.abc import Iterator

_RATE = re.compile(r"rate\((\d{1,6}) (minute|hour|day)s?\)")
_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400}
_EVENTBRIDGE = re.compile(r"cron\((.*)\)")
_TIMEDELTA = re.compile(r"(?:\w+\.)?timedelta\((?:([a-z]+) ?= ?)?(\d{1,6})\)")
_SHORT = {None: "d", "days": "d", "hours": "h", "minutes": "m", "seconds": "s"}
_CALENDAR = {
    "@monthly": re.compile("P1M|(?:1 ?|every )mo(?:nth)?", re.IGNORECASE),
    "@yearly": re.compile("P1Y|(?:1 ?|every )y(?:ear)?", re.IGNORECASE),
}
"""Lengths that vary, which are no durations."""
_LONG_NAMES = re.compile(
    r"\b(SUN|MON|TUE|WED|THU|FRI|SAT|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]+\b",
    re.IGNORECASE,
)


def guesses(expression: str) -> Iterator[str | int]:
    """Returns what `expression`, its fields separated by one blank each, could be meant to be."""
    yield from _days_that_never_come(expression.split())
    if expression.isdecimal() and len(expression) < 10:
        yield int(expression)
    yield from (preset for preset, said in _CALENDAR.items() if said.fullmatch(expression))
    if rate := _RATE.fullmatch(expression):
        yield int(rate[1]) * _SECONDS[rate[2]]
    if length := _TIMEDELTA.fullmatch(expression):
        yield from _as_duration(length[1], int(length[2]))
    eventbridge = _EVENTBRIDGE.fullmatch(expression)
    fields = (eventbridge[1] if eventbridge else expression).split()
    if eventbridge or is_eventbridge(fields):
        yield from _quartz(["0", *fields])
    else:
        yield from _quartz(fields)
    yield _LONG_NAMES.sub(lambda name: name[1].upper(), expression)


def _days_that_never_come(fields: list[str]) -> Iterator[str]:
    """Returns the last day of the month for one that is too late; beside a day of the week, which
    alone counts then, any.
    """
    if len(fields) == 5 and fields[4] not in ("*", "?"):
        yield " ".join([*fields[:2], "*", *fields[3:]])
    elif len(fields) == 5 and fields[2] in ("30", "31"):
        yield " ".join([*fields[:2], "L", *fields[3:]])


def is_eventbridge(fields: list[str]) -> bool:
    """Says whether `fields` are those of EventBridge: as in cron, then the year, and `?` for one of
    the days. Where Quartz has six fields, the two are hours and months, which it has no `?` for.
    """
    return len(fields) == 6 and "?" in (fields[2], fields[4])


def _as_duration(unit: str | None, number: int) -> Iterator[str]:
    """Returns what `timedelta(unit=number)` is here; without a unit, Python takes days."""
    if unit == "weeks":
        yield f"{7 * number}d"
    elif unit in _SHORT:
        yield f"{number}{_SHORT[unit]}"


def _quartz(fields: list[str]) -> Iterator[str]:
    """Returns the cron text of an expression of Quartz (seconds first, a year last, `?` for any) or
    of Spring (seconds first). There is none where the seconds or the year say more than cron can.
    """
    if len(fields) == 7 and fields[-1] in ("*", "?"):
        fields = fields[:-1]
    if len(fields) == 6 and fields[0] in ("0", "00"):
        fields = fields[1:]
    if len(fields) != 5:
        return
    *others, weekday = fields
    if "?" in fields:
        weekday = _from_sunday_1(weekday)
    elif re.search(r"\d", weekday):
        return  # from 0 or from 1? Nobody knows
    yield " ".join("*" if field == "?" else field for field in [*others, weekday])


def _from_sunday_1(weekday: str) -> str:
    """Returns a day of the week, where 1 is Sunday, as cron has it, where 0 is; "" where cron
    cannot.
    """
    if not re.search(r"\d", weekday):
        return weekday
    if re.fullmatch(r"[1-7]([,-][1-7])*", weekday):
        return re.sub(r"\d", lambda day: str(int(day[0]) - 1), weekday)
    if nth := re.fullmatch(r"([1-7])#([1-5])", weekday):
        return f"{int(nth[1]) - 1}#{nth[2]}"
    return ""
