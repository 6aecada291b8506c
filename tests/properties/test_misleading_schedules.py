"""A schedule gets a warning exactly where it is not what it looks like: a calendar is the judge."""

# ruff: noqa: DTZ001  the times of schedules are those on the clock: the zone is another setting

import json
import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from croniter import croniter
from hypothesis import given
from hypothesis import strategies as st

from dagc.compiler.analysis.dag_settings import dag_settings
from dagc.compiler.analysis.schedule_warnings import NEW_YEAR, schedule_warnings
from dagc.compiler.diagnostics import Code, Diagnostic, has_errors
from dagc.compiler.rows.fallbacks import SCHEDULER_FALLBACKS
from dagc.compiler.rows.scheduler_row import read_scheduler
from dagc.compiler.rows.settings import SCHEDULE_PARAMS_SCHEMA
from dagc.compiler.schema.airflow_runs import zone_info
from dagc.compiler.schema.cron import cron_error
from dagc.compiler.schema.cron_schedule import CronSchedule
from dagc.compiler.schema.misread_cron import either_day, one_value, short_months
from dagc.compiler.schema.runs_at_clock_changes import runs_at_clock_changes
from dagc.compiler.schema.uneven_steps import uneven_steps

_BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
_DAYS = [date(2027, 1, 1) + timedelta(days=day) for day in range(366)]
_ZONES = [
    "UTC", "Europe/Berlin", "America/New_York", "America/Santiago", "Australia/Lord_Howe",
    "Asia/Shanghai", "Africa/Cairo", "Europe/Dublin",
]  # fmt: skip
_TIMES = 400


def _is_cron(expression: str) -> bool:
    return cron_error(expression) is None


def _schedule(expression: str, zone: str = "UTC") -> CronSchedule:
    return CronSchedule(expression, zone, NEW_YEAR)


_ATOMS = [
    "*", "0", "5", "59", "*/5", "*/7", "*/90", "*/10000000", "1-5", "5-1", "3-3", "1,2", "01", "L",
    "jan", "12/2", "MON", "mon-fri", "7", "0-7", "1#1", "L5", "1-5/2", "0/7", "2/5", "2", "2,3",
    "23", "23/2", "*/1", "?", "31", "30", "0-23", "00", "1-7", "29",
]  # fmt: skip
_STARTS = [
    "1969-01-01", "1970-01-01", "2024-02-29T23:59:59.999", "2027-03-28T02:30",
    "2027-10-31T02:30:01", "2099-12-31T23:59:59", "2100-01-01", "9999-12-31", "0001-01-01",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(_ATOMS), min_size=5, max_size=5).map(" ".join).filter(_is_cron),
    st.sampled_from(_ZONES),
    st.sampled_from(_STARTS),
    st.sampled_from([None, *_STARTS]),
)
def test_what_is_said_can_be_said_and_done(
    expression: str, zone: str, start: str, end: str | None
) -> None:
    params = {"timezone": zone, "start_date": start, "end_date": end}
    for warning in _warnings({**params, "schedule_interval": expression}):
        if warning.proposal:
            proposed = json.loads(warning.proposal)["value"]
            left = _warnings({**params, "schedule_interval": proposed})
            assert warning.code not in {other.code for other in left}


@given(
    st.lists(st.sampled_from(_ATOMS), min_size=5, max_size=5).map(" ".join).filter(_is_cron),
    st.sampled_from(_ZONES),
    st.sampled_from(_STARTS[1:-3]),
    st.integers(0, 500),
)
def test_no_run_is_said_to_be_after_the_end(
    expression: str, zone: str, start: str, days: int
) -> None:
    end = f"{datetime.fromisoformat(start) + timedelta(days=days):%Y-%m-%d}"
    params = {"timezone": zone, "start_date": start, "end_date": end}
    warnings = _warnings({**params, "schedule_interval": expression})
    if any(warning.code is Code.NEVER_RUNS for warning in warnings):
        assert len(warnings) == 1
        return
    for warning in warnings:
        assert all(day <= end for day in re.findall(r"\d{4}-\d\d-\d\d", warning.message)), warning


def _warnings(params: dict[str, str | None]) -> list[Diagnostic]:
    item = {"schedule_id": "1", "schedule_name": "s", "job_list": "1", "schedule_params": params}
    row = read_scheduler(item)
    assert not has_errors(row.diagnostics), row.diagnostics
    settings = dag_settings(SCHEDULE_PARAMS_SCHEMA, SCHEDULER_FALLBACKS, {}, row.params)
    return list(schedule_warnings(row, settings))


@given(st.integers(0, 4), st.data())
def test_steps_are_uneven_where_the_distances_are(index: int, data: st.DataObject) -> None:
    first, last = _BOUNDS[index]
    start = data.draw(st.sampled_from(["*", *range(first, last)]))
    step = data.draw(st.integers(1, last + 10))
    below = ["0", "0", "1", "*", "*"]
    fields = ["*"] * 5 if index == 4 else [*below[:index], *["*"] * (5 - index)]
    if index == 4:
        fields[:2] = ["0", "0"]
    fields[index] = f"{start}/{step}"
    expression = " ".join(map(str, fields))
    times = croniter(expression, NEW_YEAR)
    found = [times.get_next(datetime) for _ in range(_TIMES)]
    distances = {_distance(index, *pair) for pair in pairwise(found)}
    # Where steps begin later and would come out even, they leave out a part of each cycle.
    length = (60, 24, 0, 12, 7)[index]
    deliberate = start != "*" and length and length % step == 0
    expected = not deliberate and distances != {step}
    assert bool(list(uneven_steps(_schedule(expression)))) is bool(expected), distances


def _distance(index: int, one: datetime, other: datetime) -> int:
    if index == 3:
        return (other.year - one.year) * 12 + other.month - one.month
    unit = {0: timedelta(minutes=1), 1: timedelta(hours=1)}.get(index, timedelta(days=1))
    return (other - one) // unit


_LISTS = [
    st.lists(st.integers(*bounds), min_size=1, max_size=3, unique=True).map(sorted)
    for bounds in _BOUNDS
]


@given(_LISTS[2], _LISTS[3])
def test_a_schedule_never_comes_where_no_date_does(days: list[int], months: list[int]) -> None:
    expression = f"0 0 {','.join(map(str, days))} {','.join(map(str, months))} *"
    error = cron_error(expression)
    comes = any(
        day.day in days and day.month in months
        for day in (date(2028, 1, 1) + timedelta(days=day) for day in range(366))
    )
    assert (error is None) is comes


@given(_LISTS[2], _LISTS[4])
def test_both_days_are_told_as_they_run(days: list[int], weekdays: list[int]) -> None:
    expression = f"0 0 {','.join(map(str, days))} * {','.join(map(str, weekdays))}"
    [problem] = either_day(_schedule(expression))
    either = [day for day in _DAYS if day.day in days or day.isoweekday() % 7 in weekdays]
    shown = ", ".join(map(str, either[:4]))
    assert problem.message.endswith(f"on are {shown} at 00:00")
    assert not list(either_day(_schedule(f"0 0 {days[0]} * *")))
    assert not list(either_day(_schedule(f"0 0 * * {weekdays[0]}")))


@given(st.integers(1, 31), _LISTS[3])
def test_months_are_short_where_a_month_has_no_run(day: int, months: list[int]) -> None:
    expression = f"0 0 {day} {','.join(map(str, months))} *"
    if cron_error(expression) is None:
        months_with_run = {each.month for each in _DAYS if each.day == day}
        lacking = bool(set(months) - months_with_run)
        assert bool(list(short_months(_schedule(expression)))) is lacking


@given(st.integers(0, 4), st.data())
def test_a_range_of_one_value_is_none(index: int, data: st.DataObject) -> None:
    low, high = (data.draw(st.integers(*_BOUNDS[index])) for _ in range(2))
    fields = ["0", "0", "1", "1", "*"]
    fields[index] = f"{low}-{high}"
    problems = list(one_value(_schedule(" ".join(fields))))
    assert bool(problems) is (low == high)


@given(
    st.sampled_from(_ZONES),
    st.lists(st.integers(0, 59), min_size=1, max_size=2, unique=True).map(sorted),
    st.lists(st.integers(0, 23), min_size=1, max_size=4, unique=True).map(sorted),
    st.one_of(st.just("*"), st.integers(0, 6)),
)
def test_a_change_of_the_clock_is_told_where_it_touches_a_run(
    zone: str, minutes: list[int], hours: list[int], weekday: str | int
) -> None:
    expression = f"{','.join(map(str, minutes))} {','.join(map(str, hours))} * * {weekday}"
    touched = [
        f"{day} has {'no' if _is_skipped(time, zone) else f'{time:%H:%M}'}"
        for day in _DAYS
        if weekday in ("*", day.isoweekday() % 7)
        for hour in hours
        for minute in minutes
        for time in [datetime(day.year, day.month, day.day, hour, minute)]
        if _is_skipped(time, zone) or _comes_twice(time, zone)
    ]
    problems = list(runs_at_clock_changes(_schedule(expression, zone)))
    assert bool(problems) is bool(touched)
    if problems:
        assert touched[0] in problems[0].message


def _is_skipped(time: datetime, zone: str) -> bool:
    there = time.replace(tzinfo=zone_info(zone))
    return there.astimezone(UTC).astimezone(zone_info(zone)).replace(tzinfo=None) != time


def _comes_twice(time: datetime, zone: str) -> bool:
    readings = [time.replace(tzinfo=zone_info(zone), fold=fold).utcoffset() for fold in (0, 1)]
    return readings[0] != readings[1] and not _is_skipped(time, zone)
