"""The next runs that a plan shows are those that the real timetables would start."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from dagc.changes.kinds.next_runs import COUNT, next_runs, run_at_once
from tests.airflow.compiled import ROOT

_NOWS = ["2026-10-20T12:00:00+00:00", "2026-10-24T23:30:00+00:00", "2027-03-27T10:17:00+00:00"]
_OLD = {"cron": "0 4 * * *", "zone": "Europe/Berlin"}
_NEW: list[dict[str, Any]] = [
    {"cron": cron, "zone": zone}
    for zone in ("UTC", "Europe/Berlin", "America/Santiago")
    for cron in ("0 4 * * *", "0 5 * * *", "0 3 * * *", "30 2 * * *", "0 * * * *", "0 6 * * MON")
] + [{"seconds": 5400}, {"seconds": 86400}]  # fmt: skip
_DATES: list[dict[str, Any]] = [
    {"start": "2024-01-01T00:00:00+00:00", "end": None, "catchup": False},
    {"start": "2026-10-25T05:00:00+00:00", "end": None, "catchup": False},
    {"start": "2024-01-01T00:00:00+00:00", "end": "2026-10-26T04:00:00+00:00", "catchup": False},
]


@pytest.mark.parametrize("airflow", ["2.11", "3.0", "3.3"])
def test_runs_after_a_schedule_has_changed(airflow: str) -> None:
    questions, expected = [], []
    for now, new, dates in product(_NOWS, _NEW, _DATES):
        since = datetime.fromisoformat(now)
        last = _last_interval(since) if "cron" in new else None
        question = {"now": now, "last": last, "schedule": new, **dates, "count": COUNT + 1}
        questions.append(question)
        after = f"# Scheduler 1 of mwaa_scheduler, for Airflow {airflow}\n{_file(new, dates)}"
        expected.append(_planned(_file(_OLD, _DATES[0]), after, since))
    for question, planned, answer in zip(
        questions, expected, _asked(airflow, questions), strict=True
    ):
        since = datetime.fromisoformat(question["now"])
        runs = [datetime.fromisoformat(moment) for moment in answer]
        if question["last"] is None:  # the interval that has ended, which a new DAG begins with
            runs = [moment for moment in runs if moment > since]
        assert runs[: len(planned)] == planned, question
        assert len(planned) >= min(len(runs), COUNT), question


def _last_interval(since: datetime) -> list[str]:
    """The interval of the last run by the old schedule, which has one a day."""
    found = run_at_once("", _file(_OLD, _DATES[0]), since)
    assert found
    return [(found - timedelta(days=days)).astimezone(UTC).isoformat() for days in (1, 0)]


def _planned(before: str, after: str, since: datetime) -> list[datetime]:
    found = next_runs(after, since, before)
    assert found
    at_once = run_at_once(before, after, since)
    moments = [*([at_once] if at_once else []), *found.runs]
    return [moment.astimezone(UTC) for moment in moments]


def _file(schedule: dict[str, Any], dates: dict[str, Any]) -> str:
    if "cron" in schedule:
        text = f'CronDataIntervalTimetable("{schedule["cron"]}", timezone="{schedule["zone"]}")'
    else:
        text = f"DeltaDataIntervalTimetable(timedelta(seconds={schedule['seconds']}))"
    given = {
        name: _date(dates[key]) for name, key in (("start_date", "start"), ("end_date", "end"))
    }
    rest = ", ".join(f"{name}={value}" for name, value in given.items() if value)
    return f'DAG(dag_id="a", schedule={text}, catchup={dates["catchup"]}, {rest})\n'


def _date(text: str | None) -> str:
    if text is None:
        return ""
    moment = datetime.fromisoformat(text)
    return f'pendulum.datetime({moment:%Y}, {moment.month}, {moment.day}, {moment.hour}, tz="UTC")'


def _asked(airflow: str, questions: list[dict[str, Any]]) -> list[list[str]]:
    """What the real Airflow says, in UTC."""
    done = subprocess.run(
        [ROOT / f".venv/tools/airflow-{airflow}/bin/python", "-Wignore",
         ROOT / "tests/airflow/changed_schedule.py"],
        check=True, capture_output=True, text=True, input=json.dumps(questions),
    )  # fmt: skip
    answers: list[list[str]] = json.loads(done.stdout.splitlines()[-1])
    return answers
