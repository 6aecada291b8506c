"""The canary that a schedule starts: it passes where edits become files, fails where they do not,
and leaves nothing in any case.
"""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from dagc.canary.run_canary import CanaryFailed, Interrupted
from tests.convergence.deployed import Follower, files, states
from tests.convergence.functions import Functions
from tests.emulator.aws import EDITED, Answer, Aws

STEPS = ["created", "edited", "broken", "repaired", "removed"]


@pytest.fixture
def compiles(aws: Aws, functions: Functions) -> Callable[[], Any]:
    """Delivers what the streams hold to the compiler."""
    follower = Follower(aws, functions.deployment)
    return lambda: functions.stream({"Records": follower.records()})


def rows(aws: Aws) -> list[dict[str, Any]]:
    return [row for table in EDITED for row in aws.rows(table)]


def test_it_passes_and_leaves_nothing(
    aws: Aws, functions: Functions, compiles: Callable[[], Any]
) -> None:
    functions.deliver = compiles
    took = functions.canary()
    assert list(took) == STEPS
    assert all(0 <= seconds < 1 for step in took.values() for seconds in step.values())
    assert not rows(aws)
    assert not files(aws)
    assert set(states(aws).values()) == {"removed"}
    lines = [line["step"] for line in functions.log() if line["message"] == "canary"]
    assert lines == STEPS


def test_edits_that_do_not_arrive_are_an_error(
    aws: Aws, functions: Functions, compiles: Callable[[], Any]
) -> None:
    with pytest.raises(CanaryFailed, match="No compile has begun"):
        functions.canary()
    assert not rows(aws)
    compiles()
    assert not files(aws)


def test_its_time_is_over(aws: Aws, functions: Functions) -> None:
    functions.remaining_ms = 100_000
    with pytest.raises(Interrupted):
        functions.canary()
    assert not rows(aws)


def test_what_one_left_that_died_goes_first(
    aws: Aws, functions: Functions, compiles: Callable[[], Any]
) -> None:
    def dies(operation: str, _: Answer, execute: Callable[[], Answer]) -> Answer:
        if operation == "dynamodb.DeleteItem":
            raise ClientError({"Error": {"Code": "500"}}, operation)
        return execute()

    aws.around[:] = [dies]
    with pytest.raises(ClientError):
        functions.canary()
    aws.around.clear()
    assert len(rows(aws)) == 3
    compiles()
    functions.remaining_ms = 900_000
    functions.deliver = compiles
    assert list(functions.canary()) == ["removed what an earlier canary had left", *STEPS]
    assert not rows(aws)


def test_an_event_that_nobody_takes_is_an_error(
    aws: Aws, functions: Functions, compiles: Callable[[], Any]
) -> None:
    def refuses(operation: str, _: Answer, execute: Callable[[], Answer]) -> Answer:
        if operation == "events.PutEvents":
            raise ClientError({"Error": {"Code": "500"}}, operation)
        return execute()

    aws.around[:] = [refuses]
    functions.deliver = compiles
    with pytest.raises(CanaryFailed, match="EventBridge has not taken the event 'DAG published'"):
        functions.canary()
    assert not rows(aws)
