"""The next runs of a DAG file, and those across a change of the clock."""

from datetime import UTC, datetime

import pytest

from dagc.changes.kinds.next_runs import next_runs, run_at_once
from tests.golden.case import FOLDER

SINCE = datetime(2026, 10, 20, 12, 0, tzinfo=UTC)
START = 'pendulum.datetime(2024, 1, 1, tz="{zone}")'


def _file(schedule: str, zone: str = "UTC", more: str = "", start: str = START) -> str:
    dates = f"start_date={start.format(zone=zone)}, {more}"
    return f'with DAG(dag_id="a", schedule={schedule}, {dates}):\n    pass\n'


def _cron(cron: str, zone: str = "UTC", more: str = "", start: str = START) -> str:
    return _file(f'CronDataIntervalTimetable("{cron}", timezone="{zone}")', zone, more, start)


def _shown(moments: tuple[datetime, ...]) -> list[str]:
    return [f"{moment:%d %H:%M} {moment.astimezone(UTC):%H:%M}" for moment in moments]


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        (_cron("0 4 * * *"), "21 04:00, 22 04:00, 23 04:00, 24 04:00, 25 04:00"),
        (_cron("0 12 * * *"), "21 12:00, 22 12:00, 23 12:00, 24 12:00, 25 12:00"),
        (_cron("0 13 * * *"), "20 13:00, 21 13:00, 22 13:00, 23 13:00, 24 13:00"),
        (_file('"@daily"'), "21 00:00, 22 00:00, 23 00:00, 24 00:00, 25 00:00"),
        # The first interval begins on 22, and ends on 23.
        (
            _cron("0 4 * * *", start="pendulum.datetime(2026, 10, 21, 5)"),
            "23 04:00, 24 04:00, 25 04:00, 26 04:00, 27 04:00",
        ),
        # The last interval begins on 21.
        (
            _cron("0 4 * * *", more="end_date=pendulum.datetime(2026, 10, 21, 4)"),
            "21 04:00, 22 04:00",
        ),
        (_cron("0 4 * * *", more="end_date=pendulum.datetime(2026, 10, 1)"), ""),
        # From 1970 on, whatever the start_date.
        (
            _file("DeltaDataIntervalTimetable(timedelta(minutes=90))"),
            "20 13:30, 20 15:00, 20 16:30, 20 18:00, 20 19:30",
        ),
        (
            _file(
                "DeltaDataIntervalTimetable(timedelta(days=1))",
                start="pendulum.datetime(2026, 10, 22, 5)",
            ),
            "23 05:00, 24 05:00, 25 05:00, 26 05:00, 27 05:00",
        ),
        (
            _file("DeltaDataIntervalTimetable(timedelta(minutes=50))", more="catchup=True"),
            "20 12:10, 20 13:00, 20 13:50, 20 14:40, 20 15:30",
        ),
    ],
)
def test_next_runs(text: str, runs: str) -> None:
    found = next_runs(text, SINCE)
    assert found
    assert ", ".join(f"{moment:%d %H:%M}" for moment in found.runs) == runs
    assert not found.across


@pytest.mark.parametrize(
    ("cron", "across"),
    [
        ("0 4 * * *", ["24 04:00 02:00", "25 04:00 03:00", "26 04:00 03:00"]),
        ("30 2 * * *", ["24 02:30 00:30", "25 02:30 01:30", "26 02:30 01:30"]),
        ("0 * * * *", ["25 02:00 00:00", "25 02:00 01:00", "25 03:00 02:00"]),
        ("0 0 1 1 *", []),
    ],
)
def test_across_the_change_of_the_clock(cron: str, across: list[str]) -> None:
    found = next_runs(_cron(cron, "Europe/Berlin"), datetime(2026, 10, 2, tzinfo=UTC))
    assert found
    assert _shown(found.across) == across


def test_a_change_of_the_clock_that_the_next_runs_cover_is_not_shown_twice() -> None:
    found = next_runs(_cron("0 4 * * *", "Europe/Berlin"), datetime(2026, 10, 22, 12, tzinfo=UTC))
    assert found
    assert _shown(found.runs)[1:3] == ["24 04:00 02:00", "25 04:00 03:00"]
    assert not found.across


def test_far_from_a_change_of_the_clock() -> None:
    found = next_runs(_cron("0 4 * * *", "Europe/Berlin"), datetime(2026, 7, 1, tzinfo=UTC))
    assert found
    assert not found.across


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ('"@once"', "one run, if there was none yet"),
        ('"@continuous"', "a run begins as soon as the one before has ended"),
        ('[Asset("s3://a/b")]', "a run begins when its assets have been updated"),
        ('AssetAny(Asset("s3://a/b"))', "a run begins when its assets have been updated"),
        ("MarketCloseForAll()", "a timetable that is not read here: MarketC"),
        ("EventsTimetable([])", "a timetable that is not read here"),
        ('"61 * * * *"', "a timetable that is not read here"),
        ('CronDataIntervalTimetable("0 4 * * *", timezone="Mars")', "a timetable that is not read"),
        ("timedelta(0)", "a timetable that is not read here"),
    ],
)
def test_schedules_without_times(schedule: str, words: str) -> None:
    found = next_runs(_file(schedule), SINCE)
    assert found
    assert not found.runs
    assert found.words.startswith(words)


def test_runs_by_a_schedule_and_by_assets() -> None:
    daily = 'CronDataIntervalTimetable("0 4 * * *", timezone="UTC")'
    alone = next_runs(_file(daily), SINCE)
    found = next_runs(_file(f"AssetOrTimeSchedule(timetable={daily}, assets=[])"), SINCE)
    assert alone
    assert found == alone._replace(words="and when its assets have been updated")


def test_several_cron_texts() -> None:
    """A run begins at each time: one at a time that two of them have, none after the end."""
    crons = '"0 4 * * *", "0 4,12 * * *"'
    found = next_runs(
        _file(
            f'MultipleCronTriggerTimetable({crons}, timezone="UTC")',
            more="catchup=True, end_date=datetime(2026, 11, 12, 12)",
        ),
        datetime(2026, 11, 11, 4, tzinfo=UTC),
    )
    assert found
    assert [f"{run:%d %H:%M}" for run in found.runs] == ["11 12:00", "12 04:00", "12 12:00"]
    assert found.at_times


def test_a_job_has_no_schedule() -> None:
    assert next_runs(_file("None"), SINCE) is None
    assert next_runs("(", SINCE) is None


def test_a_time_that_is_over_is_run_at_once() -> None:
    """As Airflow 2.11, 3.0 and 3.3 do: noon is past five, and the last run was at four."""
    old = _cron("0 4 * * *")
    five, twelve = (datetime(2026, 10, 20, hour, tzinfo=UTC) for hour in (5, 12))
    assert run_at_once(old, _cron("0 5 * * *"), SINCE) == five
    assert run_at_once(old, _cron("0 */2 * * *"), SINCE) == twelve
    assert run_at_once(old, _cron("0 5 * * TUE"), SINCE) == five
    assert run_at_once(old, _cron("0 3 * * *"), SINCE) is None
    assert run_at_once(old, _cron("0 13 * * *"), SINCE) is None
    future = "pendulum.datetime(2026, 11, 1)"
    assert run_at_once(old, _cron("0 5 * * *", start=future), SINCE) is None


def test_from_3_3_on_no_interval_begins_before_the_last_one() -> None:
    old = _cron("0 4 * * *")
    new = f"# Scheduler 1 of mwaa_scheduler, for Airflow 3.3\n{_cron('0 5 * * TUE')}"
    assert run_at_once(old, new, SINCE) is None
    monday = new.replace("0 5 * * TUE", "0 3 * * MON")
    first = [next_runs(monday, SINCE, before) for before in ("", old)]
    assert [f"{runs.runs[0]:%m-%d}" for runs in first if runs] == ["10-26", "11-02"]


def test_every_golden_file_has_an_answer() -> None:
    files = sorted(FOLDER.glob("[a-s]*/schedule-*.py"))
    found = [next_runs(path.read_text("utf-8"), SINCE) for path in files]
    assert sum(bool(runs and runs.runs) for runs in found) > 40
