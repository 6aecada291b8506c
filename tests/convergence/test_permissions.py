"""What each function asks of AWS, its role allows; and what its role allows, the function asks.

The edits are those of `exactness.yaml`, whose calls are counted there. Each function brings them
about in its own way, and each call is put before what IAM would decide. S3 answers as it does under
the role: that a key is missing is a 403 for who may not list the bucket.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

from dagc.aws.dependency_table import JOB_ROWS
from tests.convergence.deployed import PREFIX, Follower
from tests.convergence.functions import Functions
from tests.convergence.little_room import little_room
from tests.convergence.test_exactness import EDITS, ROWS, make
from tests.emulator.aws import BUCKET, KEYS, QUEUE, Answer, Aws
from tests.emulator.lambda_service import Batch, dead_letter
from tests.emulator.transport import ACCOUNT, REGION
from tests.stack import template
from tests.stack.account_names import account_names, in_account, policies_of_roles
from tests.stack.iam_simulator import Request, applies, is_allowed, listed

LABEL = "2026-01-01T00:00:00.000"
TABLES = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/"
ACTIONS = {
    "s3.HeadObject": "s3:GetObject",
    "s3.ListObjectsV2": "s3:ListBucket",
}
"""Operations that have no action of their own name."""
STATEMENTS = {"DELETE": "dynamodb:PartiQLDelete", "INSERT": "dynamodb:PartiQLInsert"}
"""The action of a statement, by its first word. All of one call are of a kind."""
BY_LAMBDA = {"FollowTheStreams", "SendDeadLetters", "WriteTheLog"}
"""What Lambda itself does under the role: it delivers, gives up, and keeps the log."""
NOT_HERE = {"WatchTheStreams"}
"""The emulator has no Lambda to ask: tests/stack/test_enforced.py tries this one."""


class Watched(NamedTuple):
    """A function: how it brings an edit about, what it may, and what it has asked."""

    function: str
    bring_about: Callable[[], Any]
    role: list[dict[str, Any]]
    asked: list[Request]

    def around(self, operation: str, parameters: Answer, execute: Callable[[], Answer]) -> Answer:
        """Notes a call; answers as S3 does for this role where a key is missing."""
        if operation == "dynamodbstreams.GetRecords":  # the iterator hides of which stream it is
            parameters = {**parameters, "StreamArn": self.asked[-1].resource}
        self.asked.extend(requests(operation, parameters))
        try:
            return execute()
        except ClientError as error:
            is_missing = error.response["Error"]["Code"] in {"404", "NoSuchKey"}
            lists = is_allowed(self.role, Request("s3:ListBucket", f"arn:aws:s3:::{BUCKET}"))
            if operation.startswith("s3.") and is_missing and not lists:
                raise ClientError({"Error": {"Code": "403"}}, operation) from error
            raise


def requests(operation: str, parameters: Answer) -> Iterator[Request]:
    """What IAM is asked for a call: a request for each resource."""
    service, _, name = operation.partition(".")
    action = ACTIONS.get(operation, f"{service.removesuffix('streams')}:{name}")
    if statements := parameters.get("Statements"):
        action = STATEMENTS[statements[0]["Statement"].split()[0]]
    match service:
        case "dynamodb":
            for table, keys in _leading_keys(parameters).items():
                context = {"dynamodb:LeadingKeys": keys} if keys else {}
                yield Request(action, f"{TABLES}{table}", context)
        case "dynamodbstreams":
            yield Request(action, parameters["StreamArn"])
        case "s3" if name == "ListObjectsV2":
            context = {"s3:prefix": (parameters["Prefix"],)}
            yield Request(action, f"arn:aws:s3:::{parameters['Bucket']}", context)
        case "s3":
            yield Request(action, f"arn:aws:s3:::{parameters['Bucket']}/{parameters['Key']}")
        case "events":
            for entry in parameters["Entries"]:
                bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/{entry['EventBusName']}"
                yield Request(action, bus, {"events:source": (entry["Source"],)})
        case "sqs":
            yield Request(action, f"arn:aws:sqs:{REGION}:{ACCOUNT}:{QUEUE}")
        case _:
            raise AssertionError(operation)


def _leading_keys(parameters: Answer) -> dict[str, tuple[str, ...]]:
    """The values of the partition key, by table, of what is read or written by its key."""

    def value(table: str, item: Mapping[str, Any]) -> str:
        (text,) = item[KEYS[table][0]].values()
        return str(text)

    if reads := parameters.get("RequestItems"):
        return {
            table: tuple(value(table, key) for key in asked["Keys"]) if "Keys" in asked else ()
            for table, asked in reads.items()
        }
    if statements := parameters.get("Statements"):  # of one table, of which each names one
        return {it["Statement"].split('"')[1]: () for it in statements}
    table = parameters["TableName"]
    item = parameters.get("Key") or parameters.get("Item")
    return {table: (value(table, item),) if item else ()}


@pytest.fixture(scope="module")
def roles() -> Mapping[str, list[dict[str, Any]]]:
    """The statements of each function's role, with the emulated account's names."""
    here = {
        "AWS::Partition": "aws",
        "AWS::Region": REGION,
        "AWS::AccountId": ACCOUNT,
        "AWS::URLSuffix": "amazonaws.com",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in here.items():
            patch.setitem(template.PSEUDO, name, value)
        names = account_names("mwaa_", LABEL, BUCKET, QUEUE)
        found: dict[str, list[dict[str, Any]]] = in_account(
            policies_of_roles(CanarySchedule="rate(1 hour)"), names
        )
    return found


@pytest.fixture(params=["Compiler", "Rebuild", "Redrive"])
def watched(
    aws: Aws,
    functions: Functions,
    roles: Mapping[str, list[dict[str, Any]]],
    request: pytest.FixtureRequest,
) -> Watched:
    """A function of the deployed stack; it has seen no row yet."""
    follower = Follower(aws, functions.deployment)
    ways: dict[str, Callable[[], Any]] = {
        "Compiler": lambda: functions.stream({"Records": follower.records()}),
        "Rebuild": lambda: functions.rebuild(remove="all"),
        "Redrive": lambda: _redrive(aws, functions, follower.records()),
    }
    role = roles[f"Dag{request.param}Role"]
    made = Watched(request.param, ways[request.param], role, [])
    aws.around[:] = [made.around]
    return made


def _redrive(aws: Aws, functions: Functions, records: list[dict[str, Any]]) -> None:
    """As if Lambda had given the records up."""
    by_stream: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        by_stream.setdefault(record["eventSourceARN"], []).append(record)
    with aws.unobserved():
        for batch in by_stream.values():
            body = json.dumps(dead_letter(Batch(batch)))
            aws.sqs.send_message(QueueUrl=aws.queue_url, MessageBody=body)
    answer = functions.redrive()
    assert answer["failed"] == 0, answer


@pytest.fixture
def history(aws: Aws, watched: Watched) -> Watched:
    """All edits, one after the other; an object that is somebody else's; a message that names no
    records, and a job id whose rows are not listed any more, as after a restore; and rows of one
    name that are too many to be listed.
    """
    for table, rows in ROWS.items():
        for row in rows:
            aws.put(table, row)
    watched.bring_about()
    for edit in EDITS:
        for made in [*edit.get("first", ()), edit]:
            make(made, aws)
            watched.bring_about()
    aws.put("mwaa_job", {"job_type": "a", "job_id": "8", "job_name": "theirs", "task_list": "2"})
    aws.delete("mwaa_dag_dependency", {"input": "job/1", "dag_id": JOB_ROWS})
    with aws.unobserved():
        aws.s3.put_object(Bucket=BUCKET, Key=f"{PREFIX}job-theirs.py", Body=b"theirs")
        aws.sqs.send_message(QueueUrl=aws.queue_url, MessageBody="{}")
    watched.bring_about()
    with little_room():
        for key in "123":
            aws.put("mwaa_job", {"job_type": "c", "job_id": f"c{key}", "job_name": "crowd"})
            aws.put("mwaa_scheduler", {"schedule_id": f"c{key}", "schedule_name": "crowd"})
        watched.bring_about()
        aws.delete("mwaa_job", {"job_type": "c", "job_id": "c1"})
        aws.delete("mwaa_scheduler", {"schedule_id": "c1"})
        watched.bring_about()
    return watched


def test_a_role_allows_what_is_asked_and_nothing_else(history: Watched) -> None:
    assert_exact(history)


def test_so_does_the_canarys(
    aws: Aws, functions: Functions, roles: Mapping[str, list[dict[str, Any]]]
) -> None:
    """Which may touch its own rows, states and files alone."""
    follower = Follower(aws, functions.deployment)

    def deliver() -> None:
        with aws.unobserved():
            functions.stream({"Records": follower.records()})

    functions.deliver = deliver
    canary = Watched("Canary", functions.canary, roles["DagCanaryRole"], [])
    aws.around[:] = [canary.around]
    canary.bring_about()
    assert_exact(canary)
    others = Request("dynamodb:PutItem", f"{TABLES}mwaa_job", {"dynamodb:LeadingKeys": ("etl",)})
    assert not is_allowed(canary.role, others)


def assert_exact(history: Watched) -> None:
    """All that was asked is allowed, and all that is allowed was asked."""
    asked = list({str(it): it for it in history.asked}.values())
    assert not [it for it in asked if not is_allowed(history.role, it)]
    unused = {
        (sid, part["Action"], part["Resource"])
        for sid, part in parts(history.role)
        if sid not in BY_LAMBDA | NOT_HERE and not any(applies(part, it) for it in asked)
    }
    assert unused == set()


def parts(role: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each action on each resource, as a statement of its own, with the name of the whole."""
    for statement in role:
        for action in listed(statement["Action"]):
            for resource in listed(statement["Resource"]):
                yield statement["Sid"], {**statement, "Action": action, "Resource": resource}


def test_the_conditions_count(roles: Mapping[str, list[dict[str, Any]]]) -> None:
    bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"
    bucket = f"arn:aws:s3:::{BUCKET}"
    for role in ("DagCompilerRole", "DagRebuildRole", "DagRedriveRole"):
        for sources, expected in [(("dagc",), True), (("dagc", "aws.s3"), False), ((), False)]:
            context = {"events:source": sources}
            assert is_allowed(roles[role], Request("events:PutEvents", bus, context)) is expected
        for prefix, expected in [(PREFIX, True), ("dags/", False), ("", False)]:
            context = {"s3:prefix": (prefix,)}
            assert is_allowed(roles[role], Request("s3:ListBucket", bucket, context)) is expected
        assert not is_allowed(roles[role], Request("s3:ListBucket", bucket))
