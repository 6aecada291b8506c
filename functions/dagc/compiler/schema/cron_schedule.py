"""A cron text together with what its runs depend on beside it."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice, takewhile
from typing import NamedTuple

from dagc.compiler.diagnostics import Code, Problem, Severity
from dagc.compiler.schema.airflow_runs import on_the_clock, runs

FIELDS = ("minute", "hour", "day of the month", "month", "day of the week")
MINUTE, HOUR, DAY, MONTH, WEEKDAY = range(len(FIELDS))


class CronSchedule(NamedTuple):
    """A cron text that some date matches, its fields separated by one blank each; its time zone;
    the local time from which the runs that a message names are counted; and the last one that a run
    may have, None for no end.
    """

    expression: str
    zone: str
    since: datetime
    until: datetime | None = None

    @property
    def fields(self) -> list[str]:
        """The five fields."""
        return self.expression.split()

    def with_field(self, index: int, field: str) -> str:
        """Returns the cron text with another field."""
        return " ".join([*self.fields[:index], field, *self.fields[index + 1 :]])

    def times(self) -> Iterator[datetime]:
        """Returns the times on the clock at which it runs, from `since` on up to `until`."""
        times = map(on_the_clock, runs(self.expression, self.zone, self.since))
        return takewhile(lambda time: not self.is_over(time), times)

    def is_over(self, time: datetime) -> bool:
        """Says whether `time` is later than the last one that a run may have."""
        return self.until is not None and time > self.until

    def first_runs(self) -> str:
        """Returns in words the first times that match."""
        return (
            f"its times from {self.since:%Y-%m-%d} on are {listed(list(islice(self.times(), 4)))}"
        )


def listed(times: Sequence[datetime]) -> str:
    """Returns `times` in words, a date or a time of day that they share but once."""
    days, hours = ([f"{time:{form}}" for time in times] for form in ("%Y-%m-%d", "%H:%M"))
    if len(set(hours)) == 1 and len(times) > 1:
        return f"{', '.join(days)} at {hours[0]}"
    before = ["", *days]
    shown = [
        hour if day == last else f"{day} {hour}"
        for last, day, hour in zip(before, days, hours, strict=False)
    ]
    return ", ".join(shown)


def schedule_warning(code: Code, message: str, hint: str = "") -> Problem:
    """Returns a warning of a cron text; its path is that of the text."""
    return Problem(code, message, hint, severity=Severity.WARNING)
