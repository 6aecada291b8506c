"""The runs that the compiler tells of are those of the real timetables."""

import json
import re
import subprocess
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from dagc.compiler.schema.airflow_runs import on_the_clock, runs, zone_info
from tests.airflow.compiled import ROOT
from tests.golden.case import FOLDER, read_case

_CASE = FOLDER / "warning-misleading_schedules"
_PLACES = [
    ("UTC", "2028-02-28T00:00"), ("Europe/Berlin", "2026-10-24T22:00"),
    ("Europe/Berlin", "2027-03-27T22:00"), ("America/Santiago", "2027-04-03T18:00"),
    ("America/Santiago", "2027-09-04T20:00"), ("Africa/Cairo", "2027-04-29T20:00"),
    ("America/New_York", "2027-03-13T12:00"),
]  # fmt: skip
_CRON = [
    "0 * * * *", "*/7 * * * *", "0 0 * * *", "30 2 * * *", "0,30 2 * * *", "30 1,2,3 * * *",
    "0 */2 * * *", "15 0-5 * * *", "30 23 * * *", "45 1 * * SUN", "0 0 1 * MON", "0 0 1-7 * 1",
    "0 0 1,15 * FRI#1", "0 0 31 * *", "0 2-2 * * *", "0 6 * * MON-MON", "0 0 L * *", "0 0 * * L5",
    "0 0 */2 * *", "0 0 * * */2", "0 0 ? JAN,jul sat-mon", "22-4/2 * * * *", "0 0-23 * * *",
]  # fmt: skip
_COUNT = 12
_HOURS_BEFORE = 3
_ENOUGH = 60 * _HOURS_BEFORE + 40
"""Of runs every minute, so many that those after the hours before are among them."""
_EVER = "2099-01-01T00:00"
_TIME = r"(?:\d{4}-\d\d-\d\d )?\d\d:\d\d|\d{4}-\d\d-\d\d"
_LIST = re.compile(rf"(?:such as|on are) ((?:{_TIME})(?:, (?:{_TIME}))*)(?: at (\d\d:\d\d))?$")
_MOVED = re.compile(r"(\d{4}-\d\d-\d\d) has no (\d\d:\d\d), and runs at (\d\d:\d\d)")
_TWICE = re.compile(r"(\d{4}-\d\d-\d\d) has (\d\d:\d\d) twice, and runs the second time")
_INSTEAD = re.compile(r"after ([\d: -]{16}) Airflow runs at ([\d: -]{16}), not at")

Question = tuple[str, str, str, str, int]
"""Cron text, zone, the first local time, one that is late enough, and how many runs at most."""


@pytest.fixture(scope="module", params=["2.11", "3.0", "3.3"])
def answers(request: pytest.FixtureRequest) -> dict[Question, list[str]]:
    """What each Airflow says, in UTC: to all questions at once, for it takes long to begin."""
    questions = [*_OF_TIMETABLES, *(question for question, _ in _TOLD), *_OF_TWICE]
    done = subprocess.run(
        [ROOT / f".venv/tools/airflow-{request.param}/bin/python", "-Wignore",
         ROOT / "tests/airflow/timetable.py"],
        check=True, capture_output=True, text=True, input=json.dumps(questions),
    )  # fmt: skip
    found: list[list[str]] = json.loads(done.stdout.splitlines()[-1])
    utc = [[moment.removesuffix("+00:00").removesuffix("Z") for moment in each] for each in found]
    return dict(zip(questions, utc, strict=True))


def test_runs_are_those_of_the_timetable(answers: dict[Question, list[str]]) -> None:
    assert [answers[question] for question in _OF_TIMETABLES] == [
        [
            moment.astimezone(UTC).replace(tzinfo=None).isoformat()
            for moment in islice(runs(c, zone, datetime.fromisoformat(since)), count)
        ]
        for c, zone, since, _, count in _OF_TIMETABLES
    ]


def test_what_messages_say_is_what_airflow_does(answers: dict[Question, list[str]]) -> None:
    """Each time in the messages of the golden case, asked for from some hours before it on."""
    assert len(_TOLD) > 20
    for question, expected in _TOLD:
        cron, zone, *_ = question
        utc = [datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in answers[question]]
        clock = [on_the_clock(moment.astimezone(zone_info(zone))) for moment in utc]
        assert expected[0] in clock, (cron, expected, clock)
        begin = clock.index(expected[0])
        assert clock[begin : begin + len(expected)] == expected, cron


def test_a_time_that_comes_twice_is_run_at_the_second(answers: dict[Question, list[str]]) -> None:
    assert _OF_TWICE
    for question, match in _OF_TWICE.items():
        time, zone = datetime.fromisoformat(f"{match[1]} {match[2]}"), zone_info(question[1])
        second = time.replace(tzinfo=zone, fold=1).astimezone(UTC)
        first = time.replace(tzinfo=zone, fold=0).astimezone(UTC)
        assert second.replace(tzinfo=None).isoformat() in answers[question]
        assert first.replace(tzinfo=None).isoformat() not in answers[question]


def _messages() -> list[tuple[str, str, str]]:
    """Cron text, zone and message of each warning of the golden case."""
    schedules = {
        row["schedule_id"]: row["schedule_params"]
        for row in read_case(_CASE).tables["mwaa_scheduler"]
    }
    blocks = (_CASE / "diagnostics.txt").read_text("utf-8").strip().split("\n\n")
    found = []
    for block in blocks:
        head, message, *_ = block.splitlines()
        id_ = re.search(r"schedule_id='(\d+)'", head)
        assert id_
        params = schedules[id_[1]]
        found.append((params["schedule_interval"], params["timezone"], message))
    return found


def _told(cron: str, zone: str, message: str) -> list[tuple[str, str, list[datetime]]]:
    """The times in `message` that follow each other."""
    if match := _LIST.search(message):
        shown, day, times = match[1].split(", "), "", []
        for text in shown:
            day = text[:10] if "-" in text else day
            hour = match[2] or text[-5:]
            times.append(datetime.fromisoformat(f"{day} {hour}"))
        return [(cron, zone, times)]
    if match := _INSTEAD.search(message):
        return [(cron, zone, [datetime.fromisoformat(text) for text in match.groups()])]
    moved = _MOVED.finditer(message)
    return [(cron, zone, [datetime.fromisoformat(f"{m[1]} {m[3]}")]) for m in moved]


def _asked_for(cron: str, zone: str, times: list[datetime]) -> Question:
    """The question that is answered by these times, and those of some hours before."""
    since, until = times[0] - timedelta(hours=_HOURS_BEFORE), times[-1] + timedelta(days=1)
    return cron, zone, since.isoformat(), until.isoformat(), _ENOUGH


_OF_TIMETABLES: list[Question] = [
    (cron, zone, since, _EVER, _COUNT) for cron in _CRON for zone, since in _PLACES
]
_TOLD = [
    (_asked_for(cron, zone, times), times)
    for message in _messages()
    for cron, zone, times in _told(*message)
]
_OF_TWICE: dict[Question, re.Match[str]] = {
    (cron, zone, f"{match[1]}T00:00", _EVER, 20): match
    for cron, zone, text in _messages()
    for match in _TWICE.finditer(text)
}
