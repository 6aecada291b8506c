"""Checks schedules: five-field cron and Airflow's presets, read by croniter as in Airflow."""

import re
from datetime import datetime
from functools import lru_cache

CRON_OF_PRESET = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@quarterly": "0 0 1 */3 *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
"""Airflow's presets, and croniter's. (A timetable of Airflow 3.2 fails to load with "@quarterly"
itself.)
"""
PRESETS = ("@once", "@continuous", *CRON_OF_PRESET)

_PLAIN = re.compile(
    r"(?:\*|[1-5]?\d)(?:/[1-5]?[1-9])? (?:\*|1?\d|2[0-3])(?:/[1-9])? "
    r"(?:\*|[1-9]|1\d|2[0-8]) (?:\*|[1-9]|1[0-2]) (?:\*|[0-6](?:-[0-6])?)",
    re.ASCII,
)
_FIELDS = {
    "minute": "0-59",
    "hour": "0-23",
    "day of the month": "1-31 or L",
    "month": "1-12 or JAN-DEC",
    "day of the week": "0-7 or SUN-SAT",
}
_EXAMPLE = "Write minute, hour, day of month, month, day of week, as in '0 2 * * *'."
_EITHER = _EXAMPLE.removesuffix(".") + ", or a duration such as '90m', '12h' or '7d'."
_COUNTED_DAYS = (
    "Name the days of the week, such as MON-FRI: {} counts them from 1, cron from 0, Sunday. "
)
_NOT_IN_AIRFLOW = re.compile(r"(?<![A-Z])[RHW](?![A-Z])|\d[W]", re.IGNORECASE)


@lru_cache(maxsize=4096)
def cron_error(expression: str) -> tuple[str, str] | None:
    """Returns what is wrong with `expression`, and a hint without a proposal; None if Airflow can
    schedule by it.

    `expression` is a preset or has its fields separated by one blank each.
    """
    if expression in PRESETS or _PLAIN.fullmatch(expression):
        return None
    fields = expression.split()
    if len(fields) != len(_FIELDS):
        return _count_error(expression, fields)
    if _NOT_IN_AIRFLOW.search(expression):
        hint = "Write minutes, hours and days as numbers."
        return f"{expression!r}: H, R and W have no fixed meaning in Airflow", hint
    return _croniter_error(expression, fields)


def _count_error(expression: str, fields: list[str]) -> tuple[str, str]:
    """Returns what an `expression` without five fields seems to be instead of a cron text; and a
    hint.
    """
    if not fields:
        return "an empty text", "Write null for no schedule."
    if expression.lower() in ("none", "null"):
        return f"the text {expression!r} instead of null", "Write null, without quotes."
    if expression.startswith("@"):
        return f"no preset {expression!r}", f"Known: {', '.join(PRESETS)}."
    if expression.isdigit():
        return f"the text {expression!r} instead of a number", "Write the seconds without quotes."
    if "(" in expression:
        kind = "Python" if "timedelta(" in expression else "a schedule of EventBridge, not cron"
        return f"{expression!r} is {kind}", _EITHER
    if len(fields) < 3:
        return f"{expression!r} is neither a cron text nor a duration", _EITHER
    if len(fields) in (6, 7):
        return _more_fields(expression, fields)
    return f"{expression!r} is no cron: it has not five fields, but {len(fields)}", _EXAMPLE


def _more_fields(expression: str, fields: list[str]) -> tuple[str, str]:
    """Returns what is wrong with six or seven `fields`, and a hint."""
    from dagc.compiler.schema.other_schedules import is_eventbridge  # where it is wrong alone

    system, weekday, what = "Quartz", fields[5], "seconds and year"
    if is_eventbridge(fields):
        system, weekday, what = "EventBridge", fields[4], "the year"
    message = f"{expression!r} has {len(fields)} fields, as in {system}; cron has five"
    days = _COUNTED_DAYS.format(system) if re.search(r"\d", weekday) else ""
    return message, f"Leave out {what}, and write * for ?. {days}{_EXAMPLE}"


def _croniter_error(expression: str, fields: list[str]) -> tuple[str, str] | None:
    from croniter import CroniterBadDateError, CroniterError, croniter

    *others, weekday = fields
    any_moment = datetime(2024, 1, 1)  # noqa: DTZ001
    try:
        croniter(expression, any_moment).get_next()
        if fields[2] not in ("*", "?"):  # croniter before 7 asks for such a date, whatever the day
            croniter(" ".join([*others, "*"]), any_moment).get_next()
    except CroniterBadDateError:
        message = f"no date ever matches {expression!r}: none of its months has a day {fields[2]}"
        if weekday not in ("*", "?"):
            message = (
                f"no month of {expression!r} has a day {fields[2]}: some versions of Airflow "
                "then run nothing"
            )
        return message, "Check the day of the month against the month."
    except (CroniterError, ValueError, KeyError):
        for (name, values), field in zip(_FIELDS.items(), fields, strict=True):
            alone = [field if other == name else "*" for other in _FIELDS]
            if not croniter.is_valid(" ".join(alone)):
                hint = f"Write {values}, a list (1,5), a range (1-5), or steps (*/2)."
                return f"{expression!r}: {field!r} is no {name}", hint
        return f"{expression!r} is no cron", _EXAMPLE
    return None
