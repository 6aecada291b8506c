"""EventBridge does not answer: no DAG fails for that, and the invocation goes on."""

from collections.abc import Callable

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from tests.convergence.deployed import Follower, job, records, states, task
from tests.emulator.aws import Answer

ERRORS = [ReadTimeoutError, ConnectionClosedError, ConnectTimeoutError, EndpointConnectionError]


@pytest.mark.parametrize("error", ERRORS)
def test_nobody_answers_an_announcement(error: type[BotoCoreError], deployed: Follower) -> None:
    def around(operation: str, _: Answer, execute: Callable[[], Answer]) -> Answer:
        if operation == "events.PutEvents":
            raise error(endpoint_url=operation, error="injected")
        return execute()

    aws = deployed.aws
    aws.put("mwaa_task", task("1"))
    aws.put("mwaa_job", job("1", "one"))
    aws.put("mwaa_job", job("2", "two"))
    aws.around[:] = [around]
    assert not deployed.follow().failures
    aws.around.clear()
    assert states(aws) == {"job-one": "published", "job-two": "published"}
    assert {row["unannounced"] for row in records(aws).values()} == {"DAG published"}
