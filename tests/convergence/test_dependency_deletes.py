"""Edges are deleted in batches, each on its own condition."""

from collections import Counter
from typing import Any

import pytest
from botocore.exceptions import ClientError

from dagc.aws import batches
from dagc.aws.dependency_table import DependencyTable
from dagc.plan.request import Dependency
from tests.convergence.deployed import Follower
from tests.emulator.aws import Answer, Aws

TABLE = "mwaa_dag_dependency"


def _edges(count: int, revision: int = 1) -> list[Dependency]:
    return [Dependency(f"task/{number}", "job-a", revision) for number in range(count)]


@pytest.fixture
def table(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> DependencyTable:
    monkeypatch.setattr(batches, "back_off", lambda _: None)
    return DependencyTable(aws.dynamodb, TABLE)


def _stored(aws: Aws) -> list[str]:
    return sorted(row["input"] for row in aws.rows(TABLE))


def test_in_one_call(aws: Aws, table: DependencyTable) -> None:
    table.put(_edges(25))
    aws.calls.clear()
    table.delete(_edges(25))
    assert aws.calls == Counter({"dynamodb.BatchExecuteStatement": 1})
    assert _stored(aws) == []


def test_those_of_a_job_that_loses_many_tasks(deployed: Follower) -> None:
    aws = deployed.aws
    for number in range(60):
        aws.put(
            "mwaa_task", {"task_id": str(number), "task_name": f"t{number}", "task_type": "EMPTY"}
        )
    job = {"job_type": "a", "job_id": "1", "job_name": "wide"}
    aws.put("mwaa_job", job | {"task_list": [str(number) for number in range(60)]})
    deployed.follow()
    aws.calls.clear()
    aws.put("mwaa_job", job | {"task_list": ["0"]})
    deployed.follow()
    assert aws.calls["dynamodb.BatchExecuteStatement"] == 3
    assert aws.calls["dynamodb.DeleteItem"] == 0
    assert [edge for edge in _stored(aws) if edge.startswith("task/")] == ["task/0"]


def test_one_that_was_stored_again_stays(aws: Aws, table: DependencyTable) -> None:
    table.put(_edges(4))
    table.put(_edges(2, revision=2))
    table.delete(_edges(5))
    assert _stored(aws) == ["task/0", "task/1"]


def test_a_part_that_was_throttled_is_tried_again(aws: Aws, table: DependencyTable) -> None:
    table.put(_edges(4))
    table.put(_edges(1, revision=2))
    asked: list[int] = []

    def throttled(operation: str, parameters: Answer, execute: Any) -> Answer:
        if operation != "dynamodb.BatchExecuteStatement":
            return dict(execute())
        asked.append(len(parameters["Statements"]))
        rest = len(parameters["Statements"][1:]) if len(asked) < 3 else 0
        parameters["Statements"] = parameters["Statements"][: len(parameters["Statements"]) - rest]
        answer: Answer = execute()
        return answer | {
            "Responses": [*answer["Responses"], *[{"Error": {"Code": "ThrottlingError"}}] * rest]
        }

    aws.around.append(throttled)
    table.delete(_edges(4))
    assert asked == [4, 3, 2]
    assert _stored(aws) == ["task/0"]


@pytest.mark.parametrize("code", ["AccessDenied", "ThrottlingError"])
def test_what_does_not_pass_is_an_error(aws: Aws, table: DependencyTable, code: str) -> None:
    def refused(operation: str, parameters: Answer, execute: Any) -> Answer:
        if operation != "dynamodb.BatchExecuteStatement":
            return dict(execute())
        return {"Responses": [{"Error": {"Code": code}} for _ in parameters["Statements"]]}

    aws.around.append(refused)
    with pytest.raises(
        ClientError, match=code if code == "AccessDenied" else "still not processed"
    ):
        table.delete(_edges(2))
