"""A rebuild lists the rows of new job ids many at a time, over nothing that is there."""

from collections.abc import Callable

import pytest

from dagc.apply.rebuild import rebuild
from dagc.aws import batches
from dagc.aws.dependency_table import MAX_JOB_ROWS, DependencyTable
from dagc.compiler import JOB, RowKey, row_key
from tests.convergence.deployed import Follower, files, job, scheduler, states, task
from tests.emulator.aws import Answer, Aws

TABLE = "mwaa_dag_dependency"


@pytest.fixture
def table(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> DependencyTable:
    monkeypatch.setattr(batches, "back_off", lambda _: None)
    return DependencyTable(aws.dynamodb, TABLE)


def _row(job_type: str, job_id: str = "1") -> RowKey:
    return row_key(JOB, {"job_type": job_type, "job_id": job_id})


def _listed(table: DependencyTable, job_id: str = "1") -> tuple[set[RowKey], int]:
    [found] = table.job_rows([f"job/{job_id}"])
    return set(found.rows), found.revision


def test_where_nothing_is_listed(aws: Aws, table: DependencyTable) -> None:
    new = {"job/1": [_row("a"), _row("b")], "job/2": [_row("a", "2")]}
    assert table.insert_job_rows(new) == ["job/1", "job/2"]
    assert aws.calls == {"dynamodb.BatchExecuteStatement": 1}
    assert _listed(table) == ({_row("a"), _row("b")}, 1)


def test_what_is_listed_stays(table: DependencyTable) -> None:
    table.add_job_row("job/1", _row("b"))
    new = {"job/1": [_row("a")], "job/2": [_row("a", "2")]}
    assert table.insert_job_rows(new) == ["job/2"]
    assert _listed(table) == ({_row("b")}, 1)


def test_what_was_throttled_is_tried_again(aws: Aws, table: DependencyTable) -> None:
    table.add_job_row("job/2", _row("b", "2"))
    asked: list[int] = []

    def throttled(operation: str, parameters: Answer, execute: Callable[[], Answer]) -> Answer:
        if operation != "dynamodb.BatchExecuteStatement":
            return execute()
        asked.append(len(parameters["Statements"]))
        *first, _ = parameters["Statements"]
        if len(asked) > 1:
            return execute()
        parameters["Statements"] = first
        return {"Responses": [*execute()["Responses"], {"Error": {"Code": "ThrottlingError"}}]}

    aws.around.append(throttled)
    new = {f"job/{number}": [_row("a", f"{number}")] for number in (1, 2, 3)}
    assert table.insert_job_rows(new) == ["job/1", "job/3"]
    assert asked == [3, 1]


def test_a_rebuild_takes_them_together(deployed: Follower) -> None:
    deployed.aws.put("mwaa_task", task("1"))
    for number in range(60):
        deployed.aws.put("mwaa_job", job(str(number), f"j{number}"))
    deployed.aws.calls.clear()
    rebuild(deployed.deployment)
    assert deployed.aws.calls["dynamodb.BatchExecuteStatement"] == 3
    assert len(files(deployed.aws)) == 60


def test_one_that_is_listed_meanwhile(deployed: Follower) -> None:
    """An edit lists another row of the id after the rebuild has read that there is none."""
    aws, dependencies = deployed.aws, deployed.deployment.dependencies
    aws.put("mwaa_task", task("1"))
    aws.put("mwaa_job", job("1", "one"))
    aws.put("mwaa_scheduler", scheduler("1", "daily"))

    def overtaken(operation: str, _: Answer, execute: Callable[[], Answer]) -> Answer:
        if operation == "dynamodb.BatchExecuteStatement":
            with aws.unobserved():
                dependencies.add_job_row("job/1", _row("b"))
        return execute()

    aws.around.append(overtaken)
    rebuild(deployed.deployment)
    assert _listed(dependencies)[0] == {_row("a"), _row("b")}
    assert set(states(aws).values()) == {"published"}


def test_more_than_can_be_listed(deployed: Follower) -> None:
    for number in range(MAX_JOB_ROWS + 1):
        deployed.aws.put("mwaa_job", job("1", f"j{number}", job_type=f"t{number:02}"))
    rebuild(deployed.deployment)
    assert deployed.aws.calls["dynamodb.BatchExecuteStatement"] == 0
    [found] = deployed.deployment.dependencies.job_rows(["job/1"])
    assert found.is_cut
