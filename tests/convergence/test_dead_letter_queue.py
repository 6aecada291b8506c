"""What fails too often goes to a queue, and is run again from there when somebody says so."""

import json
import math
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from botocore.exceptions import ClientError
from ministack.services import dynamodb

from tests.convergence.deployed import files, job, task
from tests.convergence.functions import Functions
from tests.emulator.aws import Answer, Around, Aws
from tests.emulator.interleaving import Interleaving
from tests.emulator.lambda_service import LambdaService

NOTHING = {"redriven": 0, "expired": 0, "failed": 0, "in_flight": 0}
PLACE = {
    "streamArn": "arn:aws:dynamodb:eu-central-1:123456789012:table/mwaa_job/stream/now",
    "shardId": "shardId-00000000000000000000-00000000",
    "startSequenceNumber": "1",
}


class Outage:
    """S3 takes no file of `job-unlucky…`, or another operation fails, as many `times`."""

    def __init__(self) -> None:
        self.fails = "s3.PutObject"
        self.code = "InternalError"
        self.times = math.inf

    def around(self, operation: str, parameters: Answer, execute: Callable[[], Answer]) -> Answer:
        """Fails, where it does."""
        fails = operation == self.fails and "unlucky" in parameters.get("Key", "unlucky")
        if fails and self.times > 0:
            self.times -= 1
            raise ClientError({"Error": {"Code": self.code, "Message": "injected"}}, operation)
        return execute()

    def end(self) -> None:
        """Nothing fails any more."""
        self.fails = ""


@pytest.fixture
def outage(aws: Aws, functions: Functions) -> Outage:
    """Rows were edited meanwhile, and Lambda could not deliver the one of `job-unlucky`."""
    return _edited_meanwhile(aws, functions, "first", "unlucky", "last")


@pytest.fixture
def outage_of_two(aws: Aws, functions: Functions) -> Outage:
    """Two batches are in the queue."""
    return _edited_meanwhile(aws, functions, "unlucky-1", "first", "unlucky-2")


def _edited_meanwhile(aws: Aws, functions: Functions, *jobs: str) -> Outage:
    service = LambdaService(aws, Interleaving(Random(0).randrange), functions.stream, retries=3)
    aws.put("mwaa_task", task("1"))
    service.run_until_done()
    outage = Outage()
    aws.around.append(outage.around)
    for number, name in enumerate(jobs):
        aws.put("mwaa_job", job(str(number), name))
    service.run_until_done()
    assert len(service.dead_letters) == sum("unlucky" in name for name in jobs)
    return outage


@pytest.fixture(
    params=[
        "no JSON",
        "[]",
        "{}",
        '{"DDBStreamBatchInfo": null}',
        json.dumps({"DDBStreamBatchInfo": PLACE}),
        json.dumps({"DDBStreamBatchInfo": {**PLACE, "endSequenceNumber": "the last"}}),
    ]
)
def unreadable(aws: Aws, request: pytest.FixtureRequest) -> None:
    """A message that names no batch is in the queue: before those of fixtures named later."""
    _send(aws, request.param)


def _send(aws: Aws, body: str) -> None:
    with aws.unobserved():
        aws.sqs.send_message(QueueUrl=aws.queue_url, MessageBody=body)


def _waiting(aws: Aws) -> int:
    """The messages in the queue."""
    aws.end_visibility_timeouts()
    with aws.unobserved():
        answer = aws.sqs.get_queue_attributes(QueueUrl=aws.queue_url, AttributeNames=["All"])
    return int(answer["Attributes"]["ApproximateNumberOfMessages"])


@pytest.mark.usefixtures("outage")
def test_the_others_went_on(aws: Aws) -> None:
    assert files(aws).keys() == {"job-first", "job-last"}
    assert _waiting(aws) == 1


def test_it_is_run_again(aws: Aws, functions: Functions, outage: Outage) -> None:
    outage.end()
    aws.calls.clear()
    assert functions.redrive() == {**NOTHING, "redriven": 1}
    assert files(aws).keys() == {"job-first", "job-unlucky", "job-last"}
    assert _waiting(aws) == 0
    assert "dynamodb.Scan" not in aws.calls
    assert functions.redrive() == NOTHING


@pytest.mark.usefixtures("outage")
def test_what_fails_again_stays(aws: Aws, functions: Functions) -> None:
    for _ in range(2):
        assert functions.redrive() == {**NOTHING, "failed": 1, "in_flight": 1}
        assert _waiting(aws) == 1


@pytest.mark.parametrize(
    "operation", ["dynamodbstreams.GetShardIterator", "dynamodbstreams.GetRecords"]
)
def test_what_no_stream_hands_out_now_stays(
    aws: Aws, functions: Functions, outage: Outage, operation: str
) -> None:
    outage.fails, outage.code = operation, "LimitExceededException"
    assert functions.redrive() == {**NOTHING, "failed": 1, "in_flight": 1}
    assert _waiting(aws) == 1
    outage.end()
    assert functions.redrive() == {**NOTHING, "redriven": 1}


def test_what_has_expired_is_rebuilt(
    aws: Aws, functions: Functions, outage: Outage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dynamodb, "_STREAM_RETENTION_SECONDS", -1)
    outage.end()
    assert functions.redrive() == {**NOTHING, "expired": 1}
    assert files(aws).keys() == {"job-first", "job-unlucky", "job-last"}
    assert _waiting(aws) == 0


@pytest.mark.usefixtures("outage")
def test_what_has_expired_stays_where_the_rebuild_fails(
    aws: Aws, functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dynamodb, "_STREAM_RETENTION_SECONDS", -1)
    assert functions.redrive() == {**NOTHING, "failed": 1, "in_flight": 1}
    assert _waiting(aws) == 1


def test_a_stream_that_is_gone_is_rebuilt(aws: Aws, functions: Functions, outage: Outage) -> None:
    """As when a table was made anew."""
    outage.fails, outage.code = "dynamodbstreams.GetShardIterator", "ResourceNotFoundException"
    assert functions.redrive() == {**NOTHING, "expired": 1}
    assert files(aws).keys() == {"job-first", "job-unlucky", "job-last"}
    assert _waiting(aws) == 0


def test_a_stream_of_another_view_type_is_rebuilt(
    aws: Aws, functions: Functions, outage: Outage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its records cannot be followed; meanwhile somebody has put that right for later ones."""
    outage.end()
    read = aws.streams.get_records

    def without_images(**parameters: Any) -> Any:
        answer = read(**parameters)
        for record in answer["Records"]:
            record["dynamodb"].pop("NewImage", None)
        return answer

    monkeypatch.setattr(aws.streams, "get_records", without_images)
    assert functions.redrive() == {**NOTHING, "expired": 1}
    assert files(aws).keys() == {"job-first", "job-unlucky", "job-last"}
    assert _waiting(aws) == 0


@pytest.mark.usefixtures("unreadable")
def test_what_cannot_be_read_is_rebuilt_and_the_rest_run_again(
    aws: Aws, functions: Functions, outage: Outage
) -> None:
    outage.end()
    aws.calls.clear()
    assert functions.redrive() == {**NOTHING, "redriven": 1, "expired": 1}
    assert aws.calls["dynamodb.Scan"]
    assert files(aws).keys() == {"job-first", "job-unlucky", "job-last"}
    assert _waiting(aws) == 0


@pytest.mark.parametrize(
    "operation",
    [
        "dynamodbstreams.GetShardIterator",
        "dynamodbstreams.GetRecords",
        "s3.PutObject",
        "sqs.DeleteMessage",
    ],
)
def test_the_other_messages_go_on_where_aws_fails_at_one(
    aws: Aws, functions: Functions, outage_of_two: Outage, operation: str
) -> None:
    outage_of_two.fails, outage_of_two.times = operation, 1
    assert functions.redrive() == {**NOTHING, "redriven": 1, "failed": 1, "in_flight": 1}
    assert "job-unlucky-2" in files(aws)
    assert any(
        line["level"] == "ERROR" and "injected" in line["reason"] for line in functions.log()
    )
    assert _waiting(aws) == 1
    assert functions.redrive() == {**NOTHING, "redriven": 1}
    assert files(aws).keys() == {"job-first", "job-unlucky-1", "job-unlucky-2"}
    assert _waiting(aws) == 0


def test_nothing_is_begun_without_time(aws: Aws, functions: Functions, outage: Outage) -> None:
    outage.end()
    aws.calls.clear()
    functions.remaining_ms = 60_000
    assert functions.redrive() == NOTHING
    assert aws.calls.keys() == {"sqs.GetQueueAttributes"}
    assert _waiting(aws) == 1


def test_no_message_is_begun_when_time_is_over(
    aws: Aws, functions: Functions, outage_of_two: Outage
) -> None:
    outage_of_two.end()
    aws.around.append(_over_after("sqs.DeleteMessage", functions))
    assert functions.redrive() == {**NOTHING, "redriven": 1, "failed": 1, "in_flight": 1}
    assert files(aws).keys() == {"job-first", "job-unlucky-1"}
    assert _waiting(aws) == 1


def test_what_cannot_be_read_stays_where_a_rebuild_has_no_time(
    aws: Aws, functions: Functions, outage: Outage
) -> None:
    outage.end()
    _send(aws, "no JSON")
    aws.put("mwaa_job", job("4", "later"))
    aws.around.append(_over_after("dynamodb.Scan", functions))
    assert functions.redrive() == {**NOTHING, "redriven": 1, "failed": 1, "in_flight": 1}
    assert files(aws).keys() == {"job-first", "job-unlucky", "job-last"}
    assert _waiting(aws) == 1


def _over_after(operation: str, functions: Functions) -> Around:
    """The function's time is over as soon as this was done once."""

    def around(called: str, _: Answer, execute: Callable[[], Answer]) -> Answer:
        answer = execute()
        if called == operation:
            functions.remaining_ms = 60_000
        return answer

    return around
