"""A call that its client gave up is executed later: whatever it breaks, second looks repair.

The clock of these tests stands still until they move it. A rebuild is not part of any.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from dagc.apply import protocol
from dagc.apply.deployment import Deployment
from dagc.apply.edits import follow_records
from dagc.apply.second_looks import look_again
from dagc.aws.dependency_table import SECOND_LOOKS
from dagc.plan.second_look import EVERY, LATEST
from tests.convergence.deployed import (
    Follower,
    compiled,
    dependencies,
    deployment_on,
    files,
    job,
    records,
    scheduler,
    states,
    task,
)
from tests.emulator.aws import Answer, Aws
from tests.emulator.invocation import Crash

ON, OFF = job("1", "x"), job("1", "x", status=0)


class Late:
    """Stands around calls: botocore gives up those of an operation and asks again; those that it
    gave up can be executed later.
    """

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._given_up: list[Callable[[], Answer]] = []

    def giving_up(self, operation: str, edit: Callable[[], object]) -> None:
        """Makes the edit, with each first attempt at `operation` given up."""

        def around(called: str, _: Answer, execute: Callable[[], Answer]) -> Answer:
            answer = execute()
            if called == operation:
                self._given_up.append(execute)
                answer["ResponseMetadata"]["RetryAttempts"] = 1
            return answer

        self._aws.around[:] = [around]
        edit()
        self._aws.around.clear()

    def arrive(self) -> int:
        """Executes what was given up; returns how many were."""
        for execute in self._given_up:
            execute()
        return len(self._given_up)


class World:
    """A follower of edits whose clock is the test's."""

    def __init__(self, aws: Aws) -> None:
        self.aws = aws
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.deployment: Deployment = deployment_on(aws)._replace(now=lambda: self.now)
        self.follower = Follower(aws, self.deployment)
        self.late = Late(aws)

    def put(self, table: str, row: dict[str, Any]) -> None:
        """Writes a row, and follows that."""
        self.aws.put(table, row)
        assert not self.follower.follow().failures

    def looks_after(self, seconds: int) -> list[str]:
        """Time goes on, and the DAGs are compiled whose second look is due then."""
        self.now += timedelta(seconds=seconds)
        taken = look_again(self.deployment)
        assert not taken.failures
        return [outcome.after.dag_id for outcome in taken.outcomes]

    def is_as_the_rows_say(self) -> bool:
        """Whether the file of job-x is, and what its record says of there being one."""
        dag = compiled(self.aws, self.deployment.toolchain).get("job-x")
        wanted = {"job-x": dag.text} if dag and dag.enabled and dag.text else {}
        file = records(self.aws).get("job-x", {}).get("file")
        return files(self.aws) == wanted and bool(file) is bool(wanted)


@pytest.fixture
def world(aws: Aws) -> World:
    """One task and the job `x`, compiled."""
    made = World(aws)
    made.put("mwaa_task", task("1"))
    made.put("mwaa_job", ON)
    return made


def _late_delete(world: World) -> None:
    """Off (the first DELETE hangs, the second does it) and on again: same bytes, same ETag."""
    world.late.giving_up("s3.DeleteObject", lambda: world.put("mwaa_job", OFF))
    world.put("mwaa_job", ON)


def _late_put_where_nothing_is(world: World) -> None:
    """Off, on (the first PUT hangs), and off again: nothing is there, as before."""
    world.put("mwaa_job", OFF)
    world.late.giving_up("s3.PutObject", lambda: world.put("mwaa_job", ON))
    world.put("mwaa_job", OFF)


def _late_put_over_the_same(world: World) -> None:
    """Another command (the first PUT hangs), and the one of before."""
    edit = task("1", "false")
    world.late.giving_up("s3.PutObject", lambda: world.put("mwaa_task", edit))
    world.put("mwaa_task", task("1"))


KINDS = [_late_delete, _late_put_where_nothing_is, _late_put_over_the_same]


@pytest.mark.parametrize("kind", KINDS)
def test_a_late_call_of_a_file(kind: Callable[[World], None], world: World) -> None:
    kind(world)
    assert world.is_as_the_rows_say()
    assert world.late.arrive() == 1
    assert not world.is_as_the_rows_say()
    assert states(world.aws)["job-x"] in ("published", "disabled")
    assert world.looks_after(EVERY) == ["job-x"]
    assert world.is_as_the_rows_say()


@pytest.mark.parametrize("kind", KINDS)
def test_as_late_as_a_call_can_be(kind: Callable[[World], None], world: World) -> None:
    kind(world)
    assert world.looks_after(EVERY) == ["job-x"]
    assert world.looks_after(2 * EVERY) == []
    world.late.arrive()
    assert world.looks_after(LATEST - 3 * EVERY) == ["job-x"]
    assert world.is_as_the_rows_say()
    assert world.looks_after(EVERY) == []
    assert not world.deployment.dependencies.looks()


@pytest.mark.parametrize("kind", KINDS)
def test_without_second_looks(
    kind: Callable[[World], None], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test of the tests."""
    monkeypatch.setattr(protocol, "ask_for_looks", lambda results, _: results)
    kind(world)
    world.late.arrive()
    assert world.looks_after(EVERY) == world.looks_after(LATEST) == []
    assert not world.is_as_the_rows_say()


def test_two_late_calls_of_a_dependency(world: World) -> None:
    """A task is named (its PUT hangs), left (its DELETE hangs) and named again: then both come."""
    world.put("mwaa_task", task("2"))
    both = job("1", "x", "1,2")
    world.late.giving_up("dynamodb.BatchWriteItem", lambda: world.put("mwaa_job", both))
    world.late.giving_up("dynamodb.BatchExecuteStatement", lambda: world.put("mwaa_job", ON))
    world.put("mwaa_job", both)
    world.late.arrive()
    assert ("task/2", "job-x") not in dependencies(world.aws)
    world.put("mwaa_task", task("2", "false"))
    assert not world.is_as_the_rows_say()
    assert world.looks_after(EVERY) == ["job-x"]
    assert world.is_as_the_rows_say()
    assert ("task/2", "job-x") in dependencies(world.aws)


def test_a_late_call_of_a_compile_that_died(world: World) -> None:
    """Nobody is left who knows of it; but its revision is not settled, which the next one sees."""
    late: list[Callable[[], Answer]] = []

    def around(called: str, _: Answer, execute: Callable[[], Answer]) -> Answer:
        if called == "s3.DeleteObject":
            late.append(execute)
            raise Crash(called)
        return execute()

    world.aws.put("mwaa_job", OFF)
    edit = world.follower.records()
    world.aws.around[:] = [around]
    with pytest.raises(Crash):
        follow_records(edit, world.deployment)
    world.aws.around.clear()
    follow_records(edit, world.deployment)
    world.put("mwaa_job", ON)
    [delete] = late
    delete()
    assert not world.is_as_the_rows_say()
    assert world.looks_after(EVERY) == ["job-x"]
    assert world.is_as_the_rows_say()


def test_a_look_that_cannot_be_asked_for(world: World) -> None:
    """The DAG has not ended then: its edit is delivered again."""

    def around(called: str, asked: Answer, execute: Callable[[], Answer]) -> Answer:
        if called == "dynamodb.BatchWriteItem" and SECOND_LOOKS in str(asked):
            raise ReadTimeoutError(endpoint_url=called)
        answer = execute()
        answer["ResponseMetadata"]["RetryAttempts"] = 1
        return answer

    world.aws.put("mwaa_task", task("1", "false"))
    edit = world.follower.records()
    world.aws.around[:] = [around]
    [failure] = follow_records(edit, world.deployment).failures
    assert failure.what == "job-x"
    record = records(world.aws)["job-x"]
    assert record["settled"] < record["revision"]
    world.aws.around.clear()
    assert not follow_records(edit, world.deployment).failures
    assert world.looks_after(EVERY) == ["job-x"]


def test_who_is_alone_and_asks_once_is_in_no_doubt(world: World) -> None:
    world.put("mwaa_scheduler", scheduler("1", "s"))
    world.put("mwaa_job", OFF)
    world.put("mwaa_job", ON)
    assert not world.deployment.dependencies.looks()
