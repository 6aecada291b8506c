"""What AWS refuses for longer than one request."""

import json
from collections.abc import Callable

from botocore.exceptions import ClientError

from tests.emulator.aws import Answer, Around

TIMES = 12
"""As often a row is refused: more often than one delivery asks for it."""


def events_are_refused() -> Around:
    """EventBridge takes nothing."""

    def around(operation: str, _: Answer, execute: Callable[[], Answer]) -> Answer:
        if operation == "events.PutEvents":
            raise _refusal(operation)
        return execute()

    return around


def one_is_refused() -> Around:
    """No batch in which the task 1 or the job 1 is asked for is answered, for a while."""
    times = 0

    def around(operation: str, parameters: Answer, execute: Callable[[], Answer]) -> Answer:
        nonlocal times
        asked = json.dumps(parameters) if operation == "dynamodb.BatchGetItem" else ""
        if '_id": {"S": "1"}' in asked and times < TIMES:
            times += 1
            raise _refusal(operation)
        return execute()

    return around


def _refusal(operation: str) -> ClientError:
    return ClientError(
        {
            "Error": {"Code": "ValidationException", "Message": "injected"},
            "ResponseMetadata": {
                "HTTPStatusCode": 400,
                "RetryAttempts": 0,
                "RequestId": "",
                "HostId": "",
                "HTTPHeaders": {},
            },
        },
        operation.split(".")[1],
    )
