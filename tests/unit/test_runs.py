"""`dagc runs`: the latest, failures first; and what the plugin does when AWS fails."""

import json
import logging
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from dagc.aws import clients
from dagc.cli.main import app
from tests.emulator.aws import Aws
from tests.emulator.run_table import FILE, TABLE, create_table, load

run_table = load()
NOW = datetime.now(UTC)
URL = "https://airflow.example/dags/job-bad/runs/r1/tasks/load?try_number=1"


def event(dag_id: str, run_id: str, state: str, minutes_ago: int, **more: Any) -> Any:
    start = NOW - timedelta(minutes=minutes_ago)
    end = None if state == "running" else start + timedelta(seconds=90)
    return run_table.Event(dag_id, run_id, state, start, end, **more)


EVENTS = [
    event("job-bad", "r1", "failed", 50, details={"reason": "task_failure"}),
    event(
        *("job-bad", "r1", "failed", 49),
        task_id="load",
        try_number=1,
        details={"error": "ValueError: no \x1b[31mtable\nsales", "url": URL, "query_ids": ["q-1"]},
    ),
    event("job-bad", "r1", "up_for_retry", 48, task_id="flaky", try_number=1),
    event("job-bad", "r10", "success", 40),
    event("job-good", "r2", "success", 30),
    event("job-good", "r2", "success", 29, task_id="copy", try_number=1)
    ,
    event("job-bad", "r3", "running", 20),
    event("job-bad", "r3", "failed", 19, task_id="part", map_index=2, try_number=1),
    event("job-good", "r5", "success", 10),
    event("job-old", "r4", "success", 60 * 24 * 5),
]  # fmt: skip


@pytest.fixture(scope="module")
def aws() -> Iterator[Aws]:
    aws = Aws()
    create_table(aws.dynamodb)
    for event in EVENTS:
        aws.dynamodb.update_item(**run_table.update(TABLE, event, 90))
    yield aws
    aws.reset()


@pytest.fixture
def dagc(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(clients, "make_client", lambda _: aws.dynamodb)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["runs", *arguments])

    return run


def listed(result: Result) -> list[tuple[str, str]]:
    assert result.exit_code == 0, result.output
    return [(run["dag_id"], run["run_id"]) for run in json.loads(result.stdout)["runs"]]


def test_failures_come_first_and_then_the_latest(dagc: Any) -> None:
    assert listed(dagc("--format", "json")) == [
        ("job-bad", "r3"),  # still runs, but a task of it has failed for good
        ("job-bad", "r1"),
        ("job-good", "r5"),
        ("job-good", "r2"),
        ("job-bad", "r10"),
    ]


@pytest.mark.parametrize(
    ("options", "runs"),
    [
        (["--failed"], ["r3", "r1"]),
        (["--limit", "1"], ["r3"]),
        (["--dag", "job-bad"], ["r3", "r1", "r10"]),
        (["--dag", "job-old"], []),
        (["--dag", "job-old", "--days", "6"], ["r4"]),
        (["--days", "6"], ["r3", "r1", "r5", "r2", "r10", "r4"]),
    ],
)
def test_a_choice_of_them(dagc: Any, options: list[str], runs: list[str]) -> None:
    assert [run for _, run in listed(dagc(*options, "--format", "json"))] == runs


def test_it_only_queries(dagc: Any, aws: Aws) -> None:
    aws.calls.clear()
    dagc()
    dagc("--dag", "job-bad", "--run", "r1")
    assert set(aws.calls) == {"dynamodb.Query"}


def test_a_running_run_with_a_failed_task_is_found_behind_newer_runs(dagc: Any, aws: Aws) -> None:
    aws.calls.clear()
    assert listed(dagc("--failed", "--limit", "1", "--format", "json")) == [("job-bad", "r3")]
    assert aws.calls["dynamodb.BatchGetItem"] == 1


def test_people_see_what_failed_and_where_to_look(dagc: Any) -> None:
    out = dagc("--dag", "job-bad").stdout
    first, *others = [line for line in out.splitlines() if line.startswith(("failed", "running"))]
    assert first.startswith("running  job-bad  r3 ")
    assert first.rstrip().endswith("part[2]")
    assert others[0].rstrip().endswith("1 min 30 s  load")
    assert "  load, try 1: ValueError: no \\x1b[31mtable\\nsales\n" in out
    assert f"  log: {URL}\n" in out
    assert "  its tasks: dagc runs --dag job-bad --run r1\n" in out
    assert "flaky" not in out


def test_the_tasks_of_a_run(dagc: Any) -> None:
    out = dagc("--dag", "job-bad", "--run", "r1").stdout
    assert [line.split()[1] for line in out.splitlines()[2:4]] == ["load", "flaky"]
    assert "q-1" in out
    told = json.loads(dagc("--dag", "job-bad", "--run", "r1", "--format", "json").stdout)
    assert told["run"]["reason"] == "task_failure"
    assert [attempt["task_id"] for attempt in told["tries"]] == ["load", "flaky"]


def test_no_runs_are_no_error(dagc: Any) -> None:
    result = dagc("--dag", "job-none")
    assert result.exit_code == 0
    assert "--days" in result.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--run", "r1"], "--dag"),
        (["--dag", "job-bad", "--run", "none"], "no run 'none' of 'job-bad'"),
        (["--table-prefix", "other_"], "other_run"),
        (["--days", "0"], "--days"),
    ],
)
def test_wrong_usage(dagc: Any, options: list[str], said: str) -> None:
    result = dagc(*options)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output


class Unreachable:
    """A client whose every request fails."""

    def __init__(self) -> None:
        self.asked = 0
        self.exceptions = type("exceptions", (), {"ConditionalCheckFailedException": KeyError})

    def update_item(self, **_: Any) -> None:
        """Fails."""
        self.asked += 1
        raise OSError("no route")


def test_a_table_that_fails_is_left_alone_and_nothing_raises(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client = Unreachable()
    monkeypatch.setattr(run_table, "_client", lambda _: client)
    table = run_table.RunTable("there", 90)
    with caplog.at_level(logging.WARNING):
        for _ in range(10):
            table.record(EVENTS[0], run_table.Deadline(60))
    assert client.asked == len(caplog.messages) == run_table.FAILURES
    for part in ("'there'", "job-bad r1", "OSError: no route", "dynamodb:UpdateItem", "run_table"):
        assert part in caplog.messages[0]


def test_a_deadline_bounds_what_never_answers(caplog: pytest.LogCaptureFixture) -> None:
    answer = threading.Event()
    table = run_table.RunTable("there", 90)
    with pytest.MonkeyPatch.context() as patch, caplog.at_level(logging.WARNING):
        # As a search for credentials that nobody answers: the request itself has not begun.
        patch.setattr(run_table, "_client", lambda _: answer.wait())
        table.record(EVENTS[0], run_table.Deadline(0.05))
        assert table.recorded_tries("d", "r", run_table.Deadline(0.05)) is None
    assert not answer.is_set()
    assert [message.count("no answer in time") for message in caplog.messages] == [1, 1]
    answer.set()


def test_what_is_run_in_time_returns_or_raises() -> None:
    deadline = run_table.Deadline(60)
    assert deadline.run(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        deadline.run(lambda: 1 / 0)
    assert not deadline.is_over
    assert run_table.Deadline(0).is_over


def test_no_name_records_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Unreachable()
    monkeypatch.setattr(run_table, "_client", lambda _: client)
    run_table.RunTable("", 90).record(EVENTS[0], run_table.Deadline(60))
    assert not client.asked


@pytest.mark.parametrize(
    ("statement", "rows"),
    [
        ({"ResultRows": 7, "HasResultSet": False}, 7),
        ({"ResultRows": 7, "HasResultSet": True}, None),
        ({"ResultRows": -1}, None),
        ({}, None),
        ({"SubStatements": [{"ResultRows": 2}, {"ResultRows": -1}, {"ResultRows": 3}]}, 5),
    ],
)
def test_rows_affected(statement: dict[str, Any], rows: int | None) -> None:
    assert run_table.rows_affected(statement) == rows


def test_every_attribute_is_documented() -> None:
    plugin = FILE.with_name("dagc_run_history.py").read_text(encoding="utf-8")
    of_items = run_table.attributes(EVENTS[1], 90).keys()
    names = {*of_items, *re.findall(r'^ +"([a-z_]+)": ', plugin, re.MULTILINE), "dag_id", "run"}
    assert {"expires_at", "scheduler_run_id"} < names
    page = FILE.parents[2].joinpath("docs", "run-history.md").read_text(encoding="utf-8")
    explained = re.findall(r"^\| (`.*?`) \| (?:both|run|try) \|", page, re.MULTILINE)
    documented = {name for cell in explained for name in re.findall(r"`(\w+)`", cell)}
    assert documented - {"rows_affected", "query_ids"} == names - {"rows_affected", "query_ids"}
