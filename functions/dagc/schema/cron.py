"""Schedules: five-field cron and Airflow's presets, as Airflow itself reads them (by croniter)."""

import re
from datetime import datetime
from functools import lru_cache

CRON_OF_PRESET = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@quarterly": "0 0 1 */3 *",
    "@yearly": "0 0 1 1 *",
}
"""Airflow's presets. (A timetable of Airflow 3.2 fails to load with "@quarterly" itself.)"""
PRESETS = ("@once", "@continuous", *CRON_OF_PRESET)

_PLAIN = re.compile(
    r"(?:\*|[1-5]?\d)(?:/[1-5]?[1-9])? (?:\*|1?\d|2[0-3])(?:/[1-9])? "
    r"(?:\*|[1-9]|1\d|2[0-8]) (?:\*|[1-9]|1[0-2]) (?:\*|[0-6](?:-[0-6])?)",
    re.ASCII,
)
_NOT_IN_AIRFLOW = re.compile(r"(?<![A-Z])[RHW](?![A-Z])|\d[W]", re.IGNORECASE)


@lru_cache(maxsize=4096)
def cron_error(expression: str) -> tuple[str, str] | None:
    """What is wrong with `expression`, and a hint; None if Airflow can schedule by it.

    `expression` is a preset or has its fields separated by one blank each.
    """
    if expression in PRESETS or _PLAIN.fullmatch(expression):
        return None
    if expression.startswith("@"):
        return f"no preset {expression!r}", f"Known: {', '.join(PRESETS)}."
    fields = expression.split(" ")
    if len(fields) in (6, 7):
        return (
            f"{len(fields)} fields, as in Quartz",
            f"Cron has five; without the seconds: {' '.join(fields[1:6])!r}.",
        )
    if len(fields) != 5:
        return (
            f"{len(fields)} fields instead of five",
            "Write minute, hour, day of month, month, day of week: '0 2 * * *'.",
        )
    if _NOT_IN_AIRFLOW.search(expression):
        return "H, R and W have no fixed meaning in Airflow", "Write the numbers."
    return _croniter_error(expression)


def _croniter_error(expression: str) -> tuple[str, str] | None:
    from croniter import CroniterBadDateError, CroniterError, croniter

    try:
        croniter(expression, datetime(2024, 1, 1)).get_next()  # noqa: DTZ001  any fixed moment
    except CroniterBadDateError:
        return "no date ever matches it", "Check the day of the month against the month."
    except (CroniterError, ValueError, KeyError) as error:
        return str(error), "Write minute, hour, day of month, month, day of week: '0 2 * * *'."
    return None
