"""Makes the clients of AWS's services, for the functions and for the command line.

They are botocore's, the same as boto3's, without what boto3 puts on top of them: that takes another
40 ms of a cold start. Credentials and region come from where botocore finds them; the region also
from AWS_REGION, as in AWS's other tools.
"""

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, overload

from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.model import OperationModel
from botocore.session import Session, get_session

from dagc.aws.threads import THREADS

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 5},
    connect_timeout=2,
    read_timeout=10,
    max_pool_connections=THREADS,
    # Else an object goes in chunks, with a checksum behind them; `put_over` sends it before.
    request_checksum_calculation="when_required",
    # What logs of AWS call us. botocore would put a longer name together anew, twice for each call:
    # a twelfth of a call's CPU (measured).
    user_agent="dagc",
)
"""Of each client. A request that hangs is ended long before the function's own time is."""
IN_FUNCTIONS = CONFIG.merge(Config(parameter_validation=False))
"""Of a function's. All of its calls are ours, and the tests check their shapes: to check them once
more takes a tenth of a call's CPU (measured).
"""


@overload
def make_client(
    service: Literal["cloudformation"], config: Config = ...
) -> "CloudFormationClient": ...
@overload
def make_client(service: Literal["dynamodb"], config: Config = ...) -> "DynamoDBClient": ...
@overload
def make_client(
    service: Literal["dynamodbstreams"], config: Config = ...
) -> "DynamoDBStreamsClient": ...
@overload
def make_client(service: Literal["events"], config: Config = ...) -> "EventBridgeClient": ...
@overload
def make_client(service: Literal["lambda"], config: Config = ...) -> Any: ...
@overload
def make_client(service: Literal["s3"], config: Config = ...) -> "S3Client": ...
@overload
def make_client(service: Literal["sqs"], config: Config = ...) -> "SQSClient": ...
def make_client(service: str, config: Config = CONFIG) -> Any:
    """A client of the service, by botocore's name for it. Threads may share it."""
    client = _session().create_client(service, config=config)
    if service == "s3":
        client.meta.events.register("before-sign.s3.PutObject", _without_expect)
    if service == "dynamodb":
        for operation in _ITEMS:
            client.meta.events.register(f"before-parse.dynamodb.{operation}", items_as_sent)
    return client


def make_patient_client(service: str) -> Any:
    """A client that waits for an answer as long as it takes, and asks once."""
    config = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=None)
    return _session().create_client(service, config=config)


def _without_expect(request: AWSRequest, **_: object) -> None:
    """Sends a file at once. botocore would first ask whether S3 takes it (`Expect: 100-continue`),
    whatever its size: one more way there and back.
    """
    del request.headers["Expect"]


_ITEMS = {
    "BatchGetItem": "Responses",
    "Query": "Items",
    "Scan": "Items",
    "UpdateItem": "Attributes",
}
"""In which part of its answer an operation of DynamoDB has items."""


def items_as_sent(
    operation_model: OperationModel,
    response_dict: dict[str, Any],
    customized_response_dict: dict[str, Any],
    **_: object,
) -> None:
    """Takes items as the answer's JSON has them. botocore would look at each value in each of the
    ten types that it could have: half of the time of a rebuild that finds nothing to do.
    """
    if response_dict["status_code"] != 200:
        return
    try:
        answer = json.loads(response_dict["body"])
    except ValueError:  # cut off: botocore finds that its checksum is another, and asks again
        return
    part = _ITEMS[operation_model.name]
    if part in answer:
        customized_response_dict[part] = answer.pop(part)
        response_dict["body"] = json.dumps(answer).encode()


@cache
def _session() -> Session:
    """One for all clients: they share what it has read of botocore's data."""
    return get_session({"region": ("region", ["AWS_REGION", "AWS_DEFAULT_REGION"], None, None)})
