"""What a statement does with which tables, and where the suggestions lead."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from dagc.compiler import DEFAULT_TARGET, Severity, Target, find_target, load_toolchain, read_rows
from dagc.lineage.sql_report import SqlReport, sql_findings
from dagc.lineage.tables import statements_of, used_tables

CASES = yaml.safe_load((Path(__file__).parent / "sql_tables.yaml").read_text("utf-8"))
GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize("dialect", CASES)
def test_what_statements_do_with_tables(dialect: str) -> None:
    for case in CASES[dialect]:
        statements = statements_of(case["sql"], dialect)
        uses = sorted(f"{'.'.join(use.table)} {use.how}" for use in used_tables(statements))
        passed_over = sum(not statement.is_known for statement in statements)
        found = {"sql": case["sql"], "uses": uses, "passed_over": passed_over}
        assert found == {"passed_over": 0, **case}


def test_where_a_statement_begins() -> None:
    text = "-- first\n  DELETE FROM a; {{ x(\n) }}\n\tINSERT INTO a SELECT 1"
    first, second = statements_of(text, "redshift")
    assert (first.line, first.column, first.verb) == (2, 3, "DELETE")
    assert (second.line, second.column) == (2, 18)


def _report(sql: dict[str, str], dag_ids: list[str] | None = None, **job: Any) -> SqlReport:
    target = find_target(DEFAULT_TARGET)
    assert isinstance(target, Target)
    toolchain, _ = load_toolchain(target, "", GOLDEN / "team")
    assert toolchain
    tasks = [
        {
            "task_id": id_,
            "task_name": f"t{id_}",
            "task_type": "REDSHIFT-SQL",
            "task_params": {"sql": text},
        }
        for id_, text in sql.items()
    ]
    row = {"job_type": "j", "job_id": "1", "job_name": "j", "task_list": list(sql), **job}
    return sql_findings(read_rows(tasks, [row], [], toolchain), toolchain, dag_ids)


SQL = {
    "1": "INSERT INTO a SELECT 1",
    "2": "INSERT INTO b SELECT * FROM a",
    "3": "SELECT * FROM a JOIN b ON TRUE",
}


def test_a_hint_settles_its_suggestion_and_leaves_the_others() -> None:
    dependencies: list[dict[str, str]] = []
    left = list(_report(SQL).findings)
    assert [finding.diagnostic.severity for finding in left] == [Severity.SUGGESTION] * 2
    while left:
        entry = left[0].diagnostic.hint.split("add ")[1].split(" to job")[0]
        dependencies.append(json.loads(entry))
        report = _report(SQL, job_task_dependencies=dependencies)
        assert list(report.findings) == left[1:]
        left = left[1:]
    assert [(entry["pid"], entry["task_id"]) for entry in dependencies] == [("1", "2"), ("2", "3")]


def test_what_is_counted() -> None:
    report = _report({"1": "SELECT 1; SELECT 2", "2": "CALL p()"})
    assert report == SqlReport((), statements=2, tasks=2, passed_over=1)


def test_the_sql_of_a_mapped_task() -> None:
    sql = {**SQL, "3": "x"}
    report = _report(sql, job_task_configs={"3": {"expand": {"sql": ["SELECT 1", [SQL["3"]]]}}})
    assert report.statements == 4
    assert [it.diagnostic.severity for it in report.findings] == [Severity.SUGGESTION] * 2
    assert "INSERT in $.sql, line 1" in report.findings[1].diagnostic.message
    assert "SELECT in $['3'].expand.sql[1][0], line 1" in report.findings[1].diagnostic.message


@pytest.mark.parametrize(
    ("config", "passed_over"),
    [
        ({"expand": {"sql": {"from": "1"}}}, 1),
        ({"params": {"sql": {"from": "1"}}}, 1),
        ({"expand": {"database": ["a", "b"]}}, 0),
        ({"params": {"database": {"from": "1"}}}, 0),
    ],
)
def test_what_only_a_run_knows_asks_for_nothing(config: dict[str, Any], passed_over: int) -> None:
    sql = {name: SQL[name] for name in ("1", "2")}
    report = _report(sql, job_task_configs={"2": config})
    assert (report.findings, report.passed_over) == ((), passed_over)


def test_only_the_sql_of_some_dags() -> None:
    assert _report(SQL, dag_ids=["job-other"]) == SqlReport()
    assert len(_report(SQL, dag_ids=["job-j"]).findings) == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda job: job.update(task_list=[*SQL, "missing"]),
        lambda job: job.update(job_task_dependencies=[{"task_id": "1", "pid": "1x"}]),
        lambda job: job.update(
            job_task_dependencies=[{"task_id": "1", "pid": "3"}, {"task_id": "3", "pid": "1"}]
        ),
    ],
    ids=["a task that is not there", "a pid that is not there", "a cycle"],
)
def test_nothing_is_said_of_an_order_in_error(change: Callable[[dict[str, Any]], None]) -> None:
    job: dict[str, Any] = {}
    change(job)
    assert not _report(SQL, **job).findings


@pytest.mark.parametrize(("jobs", "found"), [(3, 1), (51, 0)])
def test_a_scheduler_of_the_jobs_is_looked_at_unless_it_starts_many(jobs: int, found: int) -> None:
    target = find_target(DEFAULT_TARGET)
    assert isinstance(target, Target)
    toolchain, _ = load_toolchain(target, "", GOLDEN / "team")
    assert toolchain
    sql = {"1": "INSERT INTO a SELECT 1", "2": "SELECT * FROM a"}
    ids = [str(number) for number in range(1, jobs + 1)]
    tasks = [
        {
            "task_id": id_,
            "task_name": "t",
            "task_type": "REDSHIFT-SQL",
            "task_params": {"sql": sql.get(id_, "SELECT 1")},
        }
        for id_ in ids
    ]
    rows = [{"job_type": "j", "job_id": id_, "job_name": id_, "task_list": id_} for id_ in ids]
    scheduler = {"schedule_id": "1", "schedule_name": "s", "job_list": ids}
    snapshot = read_rows(tasks, rows, [scheduler], toolchain)
    assert len(sql_findings(snapshot, toolchain, ["job-1"]).findings) == found
    assert len(sql_findings(snapshot, toolchain, ["schedule-s"]).findings) == 1
