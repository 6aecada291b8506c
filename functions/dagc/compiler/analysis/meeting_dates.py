"""Compares the logical dates of two schedulers: whether a run of one finds a run of the other.

A scheduled run has a date of its cron text, in all versions of Airflow: the timetable is spelled
out in the file, so that it is the beginning of the run's data interval.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import Any, NamedTuple

from dagc.compiler.analysis.schedule_warnings import NEW_YEAR
from dagc.compiler.schema.airflow_runs import on_the_clock, runs, zone_info
from dagc.compiler.schema.cron import CRON_OF_PRESET

_DATES = 400
"""More than a year of days."""
_BEFORE = timedelta(hours=3)
"""Longer than a change of the clock moves a run."""


class RunDates(NamedTuple):
    """The dates of a cron text, from the local time `since` on. `zone` is "" where the row has
    none, and so that of the defaults.
    """

    expression: str
    zone: str
    since: datetime = NEW_YEAR

    def __str__(self) -> str:
        """The text and its zone, in words: "'0 3 * * *' in Europe/Berlin"."""
        return f"{self.expression!r} in {self.zone}" if self.zone else repr(self.expression)


def run_dates(params: Mapping[str, Any]) -> RunDates | None:
    """The dates of a scheduler with these `schedule_params`; None where no cron text makes them."""
    when = params.get("schedule_interval")
    if not isinstance(when, str):
        return None
    expression = CRON_OF_PRESET.get(when, when)
    zone = params.get("timezone") or ""
    return None if expression.startswith("@") else RunDates(expression, zone)


def missing_dates(
    own: RunDates, other: RunDates, delta: timedelta | None
) -> tuple[list[datetime], int]:
    """The next dates of `own`, less `delta`, for which `other` has no run; and how many were looked
    at. None are, where the zone of one alone is known.
    """
    if (own == other and not delta) or bool(own.zone) is not bool(other.zone):
        return [], 0
    own, other = (dates._replace(zone=dates.zone or "UTC") for dates in (own, other))
    dates = list(islice(runs(own.expression, own.zone, own.since), _DATES))
    sought = [(date.astimezone(UTC) - (delta or timedelta())) for date in dates]
    return [date for date in sought if not _has_run(other, date)], len(dates)


def _has_run(dates: RunDates, date: datetime) -> bool:
    from croniter import croniter

    local = date.astimezone(zone_info(dates.zone))
    if croniter.match(dates.expression, on_the_clock(local)):
        return True
    before = on_the_clock((date - _BEFORE).astimezone(zone_info(dates.zone)))
    near = runs(dates.expression, dates.zone, before)
    return any(run == date for run in takewhile(lambda run: run <= date, near))
