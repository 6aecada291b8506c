"""`dagc runs`: the latest, failures first, and what Airflow could not record."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from dagc.aws import clients
from dagc.aws.run_table import DROPPED
from dagc.cli.main import app
from tests.emulator.aws import Aws
from tests.emulator.run_table import PLUGINS, TABLE, create_table, load

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


@pytest.fixture
def dropped(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two machines could not record all, one of them twice; it told that three times, once late."""
    monkeypatch.setattr(run_table, "_client", lambda: aws.dynamodb)
    table = run_table.RunTable(TABLE, 90)
    told = [
        *((60 * 24 * 5, 4, "ip-1"), (80, 1, "ip-\x1b2")),
        *((90, 2, "ip-1"), (90, 3, "ip-1"), (90, 2, "ip-1")),
    ]
    for minutes_ago, count, host in told:
        moment = run_table.timestamp(NOW - timedelta(minutes=minutes_ago))
        trouble = {"dropped": count, "since": moment, "until": moment, "error": "refused"}
        table.tell_dropped(trouble, host)
    yield
    for item in aws.rows(TABLE):
        if item["kind"] == "dropped":
            key = {name: {"S": item[name]} for name in ("dag_id", "run")}
            aws.dynamodb.delete_item(TableName=TABLE, Key=key)


@pytest.mark.usefixtures("dropped")
def test_what_was_dropped_is_told(dagc: Any) -> None:
    said = dagc("--limit", "1").stdout.splitlines()[-1]
    assert said.startswith("Not all is here: Airflow dropped 4 events of runs on ip-1, ip-\\x1b2, ")
    assert ": refused. " in said
    found = json.loads(dagc("--format", "json").stdout)["dropped"]
    assert [(item["host"], item["dropped"]) for item in found] == [("ip-1", 3), ("ip-\x1b2", 1)]
    assert "dropped 8 events" in dagc("--days", "6").stdout


def test_where_nothing_was_dropped_nothing_is_said(dagc: Any) -> None:
    assert "dropped" not in dagc().stdout
    assert json.loads(dagc("--format", "json").stdout)["dropped"] == []


def test_the_sign_in_the_place_of_a_dags_id_is_the_same() -> None:
    assert run_table.DROPPED == DROPPED


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
    plugin = (PLUGINS / "dagc_run_events.py").read_text(encoding="utf-8")
    of_items = run_table.attributes(EVENTS[1], 90).keys()
    names = {*of_items, *re.findall(r'^ +"([a-z_]+)": ', plugin, re.MULTILINE), "dag_id", "run"}
    assert {"expires_at", "scheduler_run_id"} < names
    page = PLUGINS.parents[1].joinpath("docs", "run-history.md").read_text(encoding="utf-8")
    explained = re.findall(r"^\| (`.*?`) \| (?:both|run|try) \|", page, re.MULTILINE)
    documented = {name for cell in explained for name in re.findall(r"`(\w+)`", cell)}
    assert documented - {"rows_affected", "query_ids"} == names - {"rows_affected", "query_ids"}
