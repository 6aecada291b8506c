"""What fails too often goes to a queue, and is run again from there when somebody says so."""

from collections.abc import Callable
from random import Random

import pytest
from botocore.exceptions import ClientError
from ministack.services import dynamodb

from tests.convergence.deployed import files, job, task
from tests.convergence.functions import Functions
from tests.emulator.aws import Answer, Aws
from tests.emulator.interleaving import Interleaving
from tests.emulator.lambda_service import LambdaService

# Powertools warns where there was nothing to measure.
pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")


class Outage:
    """S3 takes no file of `job-unlucky`, or an operation of streams fails."""

    def __init__(self) -> None:
        self.fails = "s3.PutObject"
        self.code = "InternalError"

    def around(self, operation: str, parameters: Answer, execute: Callable[[], Answer]) -> Answer:
        """Fails, where it does."""
        if operation == self.fails and "unlucky" in parameters.get("Key", "unlucky"):
            raise ClientError({"Error": {"Code": self.code, "Message": "injected"}}, operation)
        return execute()

    def end(self) -> None:
        """Nothing fails any more."""
        self.fails = ""


@pytest.fixture
def outage(aws: Aws, functions: Functions) -> Outage:
    """Rows were edited meanwhile, and Lambda has given up the one of `job-unlucky`."""
    service = LambdaService(aws, Interleaving(Random(0).randrange), functions.stream, retries=3)
    aws.put("mwaa_task", task("1"))
    service.run_until_done()
    outage = Outage()
    aws.around.append(outage.around)
    for number, name in enumerate(["first", "unlucky", "last"]):
        aws.put("mwaa_job", job(str(number), name))
    service.run_until_done()
    assert len(service.given_up) == 1
    return outage


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
    assert functions.redrive() == {"redriven": 1, "expired": 0, "failed": 0}
    assert files(aws).keys() == {"job-first", "job-unlucky", "job-last"}
    assert _waiting(aws) == 0
    assert "dynamodb.Scan" not in aws.calls
    assert functions.redrive() == {"redriven": 0, "expired": 0, "failed": 0}


@pytest.mark.usefixtures("outage")
def test_what_fails_again_stays(aws: Aws, functions: Functions) -> None:
    for _ in range(2):
        assert functions.redrive() == {"redriven": 0, "expired": 0, "failed": 1}
        assert _waiting(aws) == 1


@pytest.mark.parametrize(
    "operation", ["dynamodbstreams.GetShardIterator", "dynamodbstreams.GetRecords"]
)
def test_what_no_stream_hands_out_now_stays(
    aws: Aws, functions: Functions, outage: Outage, operation: str
) -> None:
    outage.fails, outage.code = operation, "LimitExceededException"
    with pytest.raises(ClientError):
        functions.redrive()
    assert _waiting(aws) == 1
    outage.end()
    assert functions.redrive() == {"redriven": 1, "expired": 0, "failed": 0}


def test_what_has_expired_is_rebuilt(
    aws: Aws, functions: Functions, outage: Outage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dynamodb, "_STREAM_RETENTION_SECONDS", -1)
    outage.end()
    assert functions.redrive() == {"redriven": 0, "expired": 1, "failed": 0}
    assert files(aws).keys() == {"job-first", "job-unlucky", "job-last"}
    assert _waiting(aws) == 0


@pytest.mark.usefixtures("outage")
def test_what_has_expired_stays_where_the_rebuild_fails(
    aws: Aws, functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dynamodb, "_STREAM_RETENTION_SECONDS", -1)
    assert functions.redrive() == {"redriven": 0, "expired": 1, "failed": 0}
    assert _waiting(aws) == 1


def test_a_stream_that_is_gone_is_rebuilt(aws: Aws, functions: Functions, outage: Outage) -> None:
    """As when a table was made anew."""
    outage.fails, outage.code = "dynamodbstreams.GetShardIterator", "ResourceNotFoundException"
    assert functions.redrive() == {"redriven": 0, "expired": 1, "failed": 0}
    assert files(aws).keys() == {"job-first", "job-unlucky", "job-last"}
    assert _waiting(aws) == 0
