"""Steps in a cron text that are not at even distances: `*/7` begins anew with each hour."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from dagc.compiler.diagnostics import Code, Problem
from dagc.compiler.schema.cron_schedule import (
    DAY,
    FIELDS,
    HOUR,
    MINUTE,
    MONTH,
    WEEKDAY,
    CronSchedule,
    listed,
    schedule_warning,
)

_STEP = re.compile(r"(\*|\w+)/(\d+)")
_RUNS = 150
"""More than the runs of two hours, days, months, years or weeks by such steps."""


class _Cycle(NamedTuple):
    """After how many `units` the steps of a field begin anew: 0 where that varies. `number` counts
    the cycles.
    """

    name: str
    unit: str
    units: int
    number: Callable[[datetime], int]


_CYCLES = {
    MINUTE: _Cycle("hour", "minute", 60, lambda run: run.toordinal() * 24 + run.hour),
    HOUR: _Cycle("day", "hour", 24, datetime.toordinal),
    DAY: _Cycle("month", "day", 0, lambda run: run.year * 12 + run.month),
    MONTH: _Cycle("year", "month", 12, lambda run: run.year),
    WEEKDAY: _Cycle("week", "day", 7, lambda run: run.toordinal() // 7),
}
_EVERY = ("* * * * *", "0 * * * *", "0 0 * * *")
"""What runs every minute, hour, day."""
_HALF_A_MONTH = 15
_MANY = 10_000
"""Longer steps are no distance that anybody means, and may be more than a duration can be."""


def uneven_steps(schedule: CronSchedule) -> Iterator[Problem]:
    """Returns a warning for each field with steps at the end of whose cycle two runs follow each
    other at another distance.

    A range with steps (`0-30/10`) says where it ends, and so do steps in a list.
    """
    fields = schedule.fields
    for index, cycle in _CYCLES.items():
        step = _STEP.fullmatch(fields[index])
        if step is None or _is_even(int(step[2]), cycle) or _has_both_days(fields, index):
            continue
        if seam := _seam(schedule, index, int(step[2])):
            message = (
                f"{schedule.expression!r} is not every {step[2]} {cycle.unit}s: its steps begin "
                f"anew with each {cycle.name}, such as {listed(seam)}"
            )
            yield _proposing(schedule_warning(Code.UNEVEN_STEPS, message), schedule, index)


def _is_even(step: int, cycle: _Cycle) -> bool:
    return cycle.units % step == 0 if cycle.units else step == 1


def _has_both_days(fields: list[str], index: int) -> bool:
    """Says whether the field at `index` is that of a day, and the other one says something, too."""
    return index in (DAY, WEEKDAY) and fields[DAY + WEEKDAY - index] not in ("*", "?")


def _seam(schedule: CronSchedule, index: int, step: int) -> list[datetime]:
    """Returns the runs around the first end of a cycle where their distance is not the `step`;
    none where no cycle is run to its end and the next one from its beginning.
    """
    number = _CYCLES[index].number
    times = schedule.times()
    found = list(islice(times, 1))
    for following in islice(times, _RUNS):
        run = found[-1]
        found.append(following)
        even = index == DAY and (following.date() - run.date()).days == step
        if number(following) - number(run) == 1 and not even:
            return [*found[-3:], *islice(times, 1)]
    return []


def _proposing(problem: Problem, schedule: CronSchedule, index: int) -> Problem:
    """Returns `problem` with what was probably meant: a duration where it means the same, or else
    the next smaller step that comes out even.
    """
    start, _, step = schedule.fields[index].partition("/")
    longest = _MANY if index < DAY else _HALF_A_MONTH if schedule.zone == "UTC" else 0
    alone = index <= DAY and schedule.with_field(index, "*") == _EVERY[index]
    if alone and int(step) <= longest:
        return problem.proposing(f"{step}{'mhd'[index]}")
    units = _CYCLES[index].units
    even = [size for size in range(2, min(int(step), units)) if units % size == 0]
    if even:
        text = schedule.with_field(index, f"{start}/{even[-1]}")
        hint = f"Write a step that divides {units}, as in {text!r}, or name each {FIELDS[index]}."
    else:
        hint = f"Name each {FIELDS[index]}: cron has no runs at such a distance."
    return schedule_warning(problem.code, problem.message, hint)
