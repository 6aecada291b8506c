"""The account that a test runs in: botocore's own clients, five tables, a bucket and a queue.

The state is one for the whole process, as ministack keeps it in its modules: one `Aws` at a time.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import botocore.session
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore import UNSIGNED
from botocore.config import Config
from ministack.services import dynamodb, dynamodb_streams, eventbridge, s3, sqs

from tests.emulator.transport import ACCOUNT, REGION, answering, load_ministack, shortened

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

EDITED = {
    "mwaa_task": ("task_id",),
    "mwaa_job": ("job_type", "job_id"),
    "mwaa_scheduler": ("schedule_id",),
}
"""The keys of the tables that people edit, and that have a stream."""

KEYS = EDITED | {"mwaa_dag": ("dag_id",), "mwaa_dag_dependency": ("input", "dag_id")}
BUCKET = "the-bucket"
QUEUE = "dead-letters"

Answer = dict[str, Any]
Around = Callable[[str, Answer, Callable[[], Answer]], Answer]
"""Stands around each call: (operation, parameters, execute) -> answer.

It may change `parameters` before it executes, may not execute, and may raise.
"""

_MODULES = {
    "dynamodb": dynamodb,
    "dynamodbstreams": dynamodb_streams,
    "events": eventbridge,
    "s3": s3,
    "sqs": sqs,
}
_OF_JSON = {"dynamodb", "events"}
_STREAM_LABEL = "2026-01-01T00:00:00.000"
_CONFIG = Config(
    retries={"total_max_attempts": 1},
    # For speed: to sign, and to say who asks, takes longer than to answer.
    signature_version=UNSIGNED,
    user_agent="test",
    # Else a body comes in chunks, which only a server takes apart.
    request_checksum_calculation="when_required",
    s3={"addressing_style": "path"},
)


class Aws:
    """The clients, what was asked of them, and what a test does itself, which is not counted."""

    dynamodb: "DynamoDBClient"
    s3: "S3Client"

    def __init__(self, *, validates: bool = True) -> None:
        """`validates`: whether botocore checks each call's parameters, which in the functions it
        does not, either.
        """
        load_ministack()
        dynamodb._stream_label = lambda: _STREAM_LABEL  # the same in each run
        self.calls: Counter[str] = Counter()
        self.eventual_reads: Counter[str] = Counter()
        """Reads of DynamoDB that could have seen old rows: here they never do."""
        self.around: list[Around] = []
        """Outermost first."""
        self._observed = True
        self._config = _CONFIG.merge(Config(parameter_validation=validates))
        session = botocore.session.get_session()
        self.dynamodb, self.streams, self.events, self.s3, self.sqs = (
            self._client(session, service) for service in _MODULES
        )
        self.queue_url = ""
        self.reset()

    def reset(self) -> None:
        """Everything as it was at first, also the counters; but not `around`."""
        for module in _MODULES.values():
            if hasattr(module, "reset"):
                module.reset()
        with self.unobserved():
            for table, keys in KEYS.items():
                self._create_table(table, keys)
            self.s3.create_bucket(
                Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
            )
            self.s3.put_bucket_versioning(
                Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"}
            )
            self.queue_url = self.sqs.create_queue(QueueName=QUEUE)["QueueUrl"]
        self.calls.clear()
        self.eventual_reads.clear()

    @contextmanager
    def unobserved(self) -> Iterator[None]:
        """For what the test does itself: not counted, never interrupted."""
        before, self._observed = self._observed, False
        try:
            yield
        finally:
            self._observed = before

    def put(self, table: str, row: Mapping[str, Any]) -> None:
        """Writes a row; a change of an edited table is in its stream."""
        with self.unobserved():
            self.dynamodb.put_item(TableName=table, Item=_serialized(row))

    def delete(self, table: str, row: Mapping[str, Any]) -> None:
        """Deletes the row with the key of `row`."""
        key = _serialized({name: row[name] for name in KEYS[table]})
        with self.unobserved():
            self.dynamodb.delete_item(TableName=table, Key=key)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """All rows, in the order of their keys, as boto3 reads them."""
        return [_deserialized(item) for item in self.items(table)]

    def items(self, table: str) -> list[dict[str, Any]]:
        """The same in DynamoDB's JSON."""
        # Past botocore: tests look at all rows more often than what they test calls AWS.
        by_key = dynamodb._tables.get_scoped(ACCOUNT, REGION, table)["items"]
        return [by_key[part][key] for part in sorted(by_key) for key in sorted(by_key[part])]

    def objects(self) -> dict[str, str]:
        """The text of each object, by key."""
        with self.unobserved():
            pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
            keys = [entry["Key"] for page in pages for entry in page.get("Contents", ())]
            return {
                key: self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read().decode()
                for key in keys
            }

    def stream(self, table: str) -> list[dict[str, Any]]:
        """The records of an edited table's stream, oldest first."""
        records: list[dict[str, Any]] = dynamodb.stream_live_records(
            table, account_id=ACCOUNT, region=REGION
        )
        return records

    def published_events(self) -> list[dict[str, Any]]:
        """What was put on event buses, oldest first."""
        log = eventbridge._events_log  # AWS itself shows it to nobody
        events: list[dict[str, Any]] = log.get_scoped(ACCOUNT, REGION, "entries", [])
        return events

    def end_visibility_timeouts(self) -> None:
        """Messages that were received and not deleted can be received again, without waiting."""
        for queue in sqs._queues.all_values():  # AWS has the clock for it
            for message in queue["messages"]:
                message["visible_at"] = 0

    def _create_table(self, table: str, keys: tuple[str, ...]) -> None:
        view: Any = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
        self.dynamodb.create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
            KeySchema=[
                {"AttributeName": key, "KeyType": kind}  # type: ignore[typeddict-item]
                for key, kind in zip(keys, ["HASH", "RANGE"], strict=False)
            ],
            StreamSpecification=view if table in EDITED else {"StreamEnabled": False},
        )

    def _client(self, session: Any, service: str) -> Any:
        client: Any = session.create_client(
            service,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=self._config,
        )
        client.meta.events.register("before-send", answering(_MODULES[service]))
        # What all calls, and the paginators, go through.
        send = client._make_api_call
        if service in _OF_JSON:
            send = shortened(client, _MODULES[service])

        def call(operation: str, parameters: Answer) -> Answer:
            # A copy: botocore puts a reader, which is read once, in the place of a body.
            def execute() -> Answer:
                answer: Answer = send(operation, dict(parameters))
                return answer

            return self._call(f"{service}.{operation}", parameters, execute)

        client._make_api_call = call  # as above
        return client

    def _call(self, operation: str, parameters: Answer, execute: Callable[[], Answer]) -> Answer:
        if not self._observed:
            return execute()
        if operation == "sqs.ReceiveMessage":
            parameters["WaitTimeSeconds"] = 0  # nothing arrives while a call runs
        self.calls[operation] += 1
        if _reads_eventually(operation, parameters):
            self.eventual_reads[operation] += 1
        for around in reversed(self.around):
            execute = partial(around, operation, parameters, execute)
        return execute()


def _reads_eventually(operation: str, parameters: Answer) -> bool:
    match operation:
        case "dynamodb.GetItem" | "dynamodb.Query" | "dynamodb.Scan":
            return not parameters.get("ConsistentRead")
        case "dynamodb.BatchGetItem":
            asked = parameters["RequestItems"].values()
            return not all(table.get("ConsistentRead") for table in asked)
    return False


def _serialized(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: TypeSerializer().serialize(value) for name, value in row.items()}


def _deserialized(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: TypeDeserializer().deserialize(value) for name, value in item.items()}
