"""The emulated AWS behaves as AWS where the compiler relies on it; faults do what they say."""

import hashlib
import json
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from hypothesis import given
from hypothesis import strategies as st

from tests.emulator.aws import BUCKET, Aws
from tests.emulator.faults import Call, Fault, Faults, at, possible, sometimes
from tests.emulator.interleaving import Interleaving
from tests.emulator.invocation import Crash, Invocation
from tests.emulator.lambda_service import LambdaService

DAG = {"dag_id": {"S": "d"}}


@pytest.fixture(scope="module")
def one_aws() -> Aws:
    return Aws()


@pytest.fixture
def aws(one_aws: Aws) -> Iterator[Aws]:
    one_aws.reset()
    yield one_aws
    one_aws.around.clear()


def _code(call: Callable[[], Any]) -> str:
    with pytest.raises(ClientError) as caught:
        call()
    return str(caught.value.response["Error"]["Code"])


# What the compiler relies on


def _begin(aws: Aws, source: str = "a") -> dict[str, Any]:
    """Counts the DAG's revision up."""
    answer = aws.dynamodb.update_item(
        TableName="mwaa_dag",
        Key=DAG,
        UpdateExpression="ADD revision :one, sources :sources",
        ExpressionAttributeValues={":one": {"N": "1"}, ":sources": {"SS": [source]}},
        ReturnValues="ALL_NEW",
    )
    return dict(answer["Attributes"])


def test_add_counts_and_collects(aws: Aws) -> None:
    assert _begin(aws) == DAG | {"revision": {"N": "1"}, "sources": {"SS": ["a"]}}
    attributes = _begin(aws, "b")
    assert attributes["revision"] == {"N": "2"}
    assert sorted(attributes["sources"]["SS"]) == ["a", "b"]


def test_conditions_on_rows(aws: Aws) -> None:
    _begin(aws)

    def settle(revision: str) -> object:
        return aws.dynamodb.put_item(
            TableName="mwaa_dag",
            Item=DAG | {"revision": {"N": revision}},
            ConditionExpression="revision = :r",
            ExpressionAttributeValues={":r": {"N": revision}},
        )

    def remove(revision: str) -> object:
        return aws.dynamodb.delete_item(
            TableName="mwaa_dag",
            Key=DAG,
            ConditionExpression="revision = :r",
            ExpressionAttributeValues={":r": {"N": revision}},
        )

    settle("1")
    assert aws.rows("mwaa_dag") == [{"dag_id": "d", "revision": 1}]
    for refused in (settle, remove):
        assert _code(lambda call=refused: call("2")) == "ConditionalCheckFailedException"  # type: ignore[misc]
    remove("1")
    assert aws.rows("mwaa_dag") == []
    assert _code(lambda: remove("1")) == "ConditionalCheckFailedException"


def test_batches_queries_and_scans(aws: Aws) -> None:
    edges = [{"input": {"S": f"task/{n % 3}"}, "dag_id": {"S": f"d{n}"}} for n in range(20)]
    written = aws.dynamodb.batch_write_item(
        RequestItems={"mwaa_dag_dependency": [{"PutRequest": {"Item": edge}} for edge in edges]}
    )
    assert written["UnprocessedItems"] == {}
    found = aws.dynamodb.batch_get_item(
        RequestItems={
            "mwaa_dag_dependency": {
                "Keys": [*edges[:2], {"input": {"S": "-"}, "dag_id": {"S": "-"}}]
            }
        }
    )
    assert sorted(map(str, found["Responses"]["mwaa_dag_dependency"])) == sorted(
        map(str, edges[:2])
    )
    of_one = aws.dynamodb.query(
        TableName="mwaa_dag_dependency",
        KeyConditionExpression="#input = :input",
        ExpressionAttributeNames={"#input": "input"},
        ExpressionAttributeValues={":input": {"S": "task/1"}},
        ConsistentRead=True,
    )
    assert [item["dag_id"]["S"] for item in of_one["Items"]] == sorted(
        edge["dag_id"]["S"] for edge in edges if edge["input"]["S"] == "task/1"
    )
    scan = aws.dynamodb.get_paginator("scan")
    aws.calls.clear()
    segments = [
        [
            item["dag_id"]["S"]
            for page in scan.paginate(
                TableName="mwaa_dag_dependency",
                Segment=n,
                TotalSegments=2,
                PaginationConfig={"PageSize": 3},
            )
            for item in page["Items"]
        ]
        for n in range(2)
    ]
    assert sorted(chain(*segments)) == sorted(edge["dag_id"]["S"] for edge in edges)
    assert aws.calls["dynamodb.Scan"] >= 7
    assert aws.eventual_reads["dynamodb.Scan"] == aws.calls["dynamodb.Scan"]
    assert aws.eventual_reads["dynamodb.BatchGetItem"] == 1
    assert aws.eventual_reads["dynamodb.Query"] == 0


def test_a_page_of_a_table_is_a_megabyte(aws: Aws) -> None:
    for number in range(30):
        aws.put("mwaa_task", {"task_id": str(number), "x": "x" * 100_000})
    first = aws.dynamodb.scan(TableName="mwaa_task")
    assert first["Count"] < 30
    assert first["LastEvaluatedKey"]
    assert len(aws.rows("mwaa_task")) == 30


def test_tables_describe_themselves(aws: Aws) -> None:
    table = aws.dynamodb.describe_table(TableName="mwaa_task")["Table"]
    assert table["LatestStreamArn"].endswith(":table/mwaa_task/stream/2026-01-01T00:00:00.000")
    missing = partial(aws.dynamodb.describe_table, TableName="none")
    assert _code(missing) == "ResourceNotFoundException"


def test_conditional_objects(aws: Aws) -> None:
    def put(text: str, **condition: str) -> str:
        return aws.s3.put_object(
            Bucket=BUCKET,
            Key="k",
            Body=text.encode(),
            Metadata={"a": "b"},
            **condition,  # type: ignore[arg-type]
        )["ETag"]

    def delete(etag: str) -> object:
        return aws.s3.delete_object(Bucket=BUCKET, Key="k", IfMatch=etag)

    first = put("1", IfNoneMatch="*")
    assert first == f'"{hashlib.md5(b"1").hexdigest()}"'
    assert _code(lambda: put("2", IfNoneMatch="*")) == "PreconditionFailed"
    second = put("2", IfMatch=first)
    assert _code(lambda: put("3", IfMatch=first)) == "PreconditionFailed"
    head = aws.s3.head_object(Bucket=BUCKET, Key="k")
    assert (head["ETag"], head["Metadata"], head["ContentLength"]) == (second, {"a": "b"}, 1)
    assert head["VersionId"]
    assert _code(lambda: delete(first)) == "PreconditionFailed"
    assert aws.objects() == {"k": "2"}
    delete(second)
    assert aws.objects() == {}
    assert _code(lambda: aws.s3.head_object(Bucket=BUCKET, Key="k")) == "404"
    assert _code(lambda: aws.s3.get_object(Bucket=BUCKET, Key="k")) == "NoSuchKey"
    assert _code(lambda: put("3", IfMatch=second)) == "NoSuchKey"
    assert _code(lambda: delete(second)) == "NoSuchKey"
    put("again", IfNoneMatch="*")
    assert aws.objects() == {"k": "again"}


def test_listings_come_in_pages(aws: Aws) -> None:
    for number in range(5):
        aws.s3.put_object(Bucket=BUCKET, Key=f"dags/é {number}+.py", Body=b"")
    aws.s3.put_object(Bucket=BUCKET, Key="other", Body=b"")
    aws.calls.clear()
    pages = aws.s3.get_paginator("list_objects_v2").paginate(
        Bucket=BUCKET, Prefix="dags/", PaginationConfig={"PageSize": 2}
    )
    keys = [entry["Key"] for page in pages for entry in page["Contents"]]
    assert keys == [f"dags/é {number}+.py" for number in range(5)]
    assert aws.calls == {"s3.ListObjectsV2": 3}


def test_events_and_messages(aws: Aws) -> None:
    entry = {"Source": "dagc", "DetailType": "DAG published", "Detail": "{}"}
    assert aws.events.put_events(Entries=[entry])["FailedEntryCount"] == 0
    assert [event["DetailType"] for event in aws.published_events()] == ["DAG published"]
    aws.sqs.send_message(QueueUrl=aws.queue_url, MessageBody="m")

    def receive() -> list[Any]:
        answer = aws.sqs.receive_message(QueueUrl=aws.queue_url, WaitTimeSeconds=20)
        return list(answer.get("Messages", []))

    (message,) = receive()
    assert receive() == []
    aws.end_visibility_timeouts()
    (message,) = receive()
    aws.sqs.delete_message(QueueUrl=aws.queue_url, ReceiptHandle=message["ReceiptHandle"])
    aws.end_visibility_timeouts()
    assert receive() == []


def test_streams_tell_what_was_and_what_is(aws: Aws) -> None:
    row = {"task_id": "1", "task_name": "a"}
    for changed in (row, row, row | {"task_name": "b"}):
        aws.put("mwaa_task", changed)
    aws.delete("mwaa_task", row)
    records = aws.stream("mwaa_task")
    assert [record["eventName"] for record in records] == ["INSERT", "MODIFY", "REMOVE"]
    old, new = ({"task_id": {"S": "1"}, "task_name": {"S": name}} for name in "ab")
    assert [record["dynamodb"].get("OldImage") for record in records] == [None, old, new]
    assert [record["dynamodb"].get("NewImage") for record in records] == [old, new, None]
    stream = aws.dynamodb.describe_table(TableName="mwaa_task")["Table"]["LatestStreamArn"]
    shard = aws.streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"][0]
    iterator = aws.streams.get_shard_iterator(
        StreamArn=stream,
        ShardId=shard["ShardId"],
        ShardIteratorType="AT_SEQUENCE_NUMBER",
        SequenceNumber=records[1]["dynamodb"]["SequenceNumber"],
    )["ShardIterator"]
    again = aws.streams.get_records(ShardIterator=iterator, Limit=1)["Records"]
    assert [record["eventID"] for record in again] == [records[1]["eventID"]]


# Interleaving


def _increment(aws: Aws) -> None:
    """Reads, and then writes what it read and one more: not safe."""
    found = aws.dynamodb.get_item(TableName="mwaa_dag", Key=DAG, ConsistentRead=True)
    count = int(found.get("Item", {"count": {"N": "0"}})["count"]["N"]) + 1
    aws.dynamodb.put_item(TableName="mwaa_dag", Item=DAG | {"count": {"N": str(count)}})


def _race(aws: Aws, seed: int) -> tuple[int, list[str]]:
    aws.reset()
    with Interleaving(random.Random(seed).randrange) as interleaving:
        aws.around[:] = [interleaving.around]
        for name in ("one", "two"):
            interleaving.start(name, lambda: _increment(aws))
        interleaving.run_until_done()
    return int(aws.rows("mwaa_dag")[0]["count"]), interleaving.trace


def test_a_race_is_lost_under_some_seeds_and_always_the_same(aws: Aws) -> None:
    outcomes = [_race(aws, seed) for seed in range(8)]
    assert {count for count, _ in outcomes} == {1, 2}
    assert [_race(aws, seed) for seed in range(8)] == outcomes
    trace = next(trace for count, trace in outcomes if count == 1)
    assert trace.index("two dynamodb.GetItem") < max(
        trace.index(f"{name} dynamodb.PutItem") for name in ("one", "two")
    )


def test_results_errors_and_starts_in_between(aws: Aws) -> None:
    with Interleaving(random.Random(0).randrange) as interleaving:
        aws.around[:] = [interleaving.around]
        first = interleaving.start("first", lambda: _begin(aws)["revision"])
        interleaving.steps(1)
        assert (first.next_call, first.done) == ("dynamodb.UpdateItem", False)
        second = interleaving.start("second", lambda: 1 // 0)
        interleaving.run_until_done()
    assert (first.result, first.error) == ({"N": "1"}, None)
    assert isinstance(second.error, ZeroDivisionError)


def test_what_still_runs_at_the_end_is_ended(aws: Aws) -> None:
    undone = []
    with Interleaving(random.Random(0).randrange) as interleaving:
        aws.around[:] = [interleaving.around]

        def run() -> None:
            try:
                _begin(aws)
            finally:
                undone.append("finally")
                _begin(aws)

        stopped, never = interleaving.start("stopped", run), interleaving.start("never", run)
        interleaving.advance(stopped)
    assert (stopped.done, never.done, undone) == (True, True, ["finally"])
    assert isinstance(stopped.error, Crash)
    assert aws.rows("mwaa_dag") == []


def test_threads_that_nobody_schedules_are_refused(aws: Aws) -> None:
    def run() -> None:
        with ThreadPoolExecutor(1) as threads:
            threads.submit(_begin, aws).result()

    with Interleaving(random.Random(0).randrange) as interleaving:
        aws.around[:] = [interleaving.around]
        invocation = interleaving.start("one", run)
        interleaving.run_until_done()
    assert "inject `in_parallel`" in str(invocation.error)


def test_an_invocations_own_threads_come_in_any_order() -> None:
    orders = set()
    for seed in range(8):
        with Interleaving(random.Random(seed).randrange) as interleaving:
            order: list[int] = []

            def run(number: int, order: list[int] = order) -> int:
                order.append(number)
                return -number

            run_all = partial(interleaving.in_parallel, run, range(3))
            invocation = interleaving.start("all", run_all)
            interleaving.run_until_done()
        assert invocation.result == [0, -1, -2]
        orders.add(tuple(order))
    assert len(orders) > 2


@given(st.data())
def test_hypothesis_can_draw(one_aws: Aws, data: st.DataObject) -> None:
    one_aws.reset()
    with Interleaving(lambda count: data.draw(st.integers(0, count - 1))) as interleaving:
        faults = Faults(interleaving, sometimes(interleaving, one_in=2, at_most=2))
        one_aws.around[:] = [interleaving.around, faults.around]
        for name in ("one", "two"):
            interleaving.start(name, lambda: _increment(one_aws))
        interleaving.run_until_done()
    one_aws.around.clear()
    assert len(faults.injected) <= 2


# Faults


def _faulty(aws: Aws, fault: Fault, function: Callable[[], Any]) -> Invocation:
    """`function` with the fault on its first call."""
    with Interleaving(random.Random(1).randrange) as interleaving:
        faults = Faults(interleaving, at({("one", 1): fault}))
        aws.around[:] = [interleaving.around, faults.around]
        invocation = interleaving.start("one", function)
        interleaving.run_until_done()
    assert [fault for _, fault in faults.injected] == [fault]
    return invocation


@pytest.mark.parametrize(
    ("fault", "error", "rows"),
    [
        (Fault.THROTTLE, ClientError, 0),
        (Fault.TIMEOUT_BEFORE, ReadTimeoutError, 0),
        (Fault.TIMEOUT_AFTER, ReadTimeoutError, 1),
        (Fault.CRASH_BEFORE, Crash, 0),
        (Fault.CRASH_AFTER, Crash, 1),
    ],
)
def test_a_fault_before_or_after_the_effect(
    aws: Aws, fault: Fault, error: type[BaseException], rows: int
) -> None:
    invocation = _faulty(aws, fault, lambda: _begin(aws))
    assert isinstance(invocation.error, error)
    assert len(aws.rows("mwaa_dag")) == rows
    if isinstance(invocation.error, ClientError):
        throttled = "ProvisionedThroughputExceededException"
        assert invocation.error.response["Error"]["Code"] == throttled


def test_a_call_that_botocore_repeats_is_refused_what_it_did_itself(aws: Aws) -> None:
    write = partial(aws.s3.put_object, Bucket=BUCKET, Key="k", Body=b"text", IfNoneMatch="*")
    error = _faulty(aws, Fault.TWICE, write).error
    assert isinstance(error, ClientError)
    assert error.response["Error"]["Code"] == "PreconditionFailed"
    assert aws.objects() == {"k": "text"}
    begun = _faulty(aws, Fault.TWICE, lambda: _begin(aws))
    assert begun.result["revision"] == {"N": "2"}


def test_a_crashed_process_does_nothing_any_more(aws: Aws) -> None:
    def run() -> str:
        try:
            _begin(aws)
        except BaseException:  # noqa: BLE001  what a crash should be safe from
            _begin(aws)
        return "done"

    invocation = _faulty(aws, Fault.CRASH_BEFORE, run)
    assert (invocation.result, type(invocation.error)) == (None, Crash)
    assert aws.rows("mwaa_dag") == []


def test_partial_batches(aws: Aws) -> None:
    keys = [{"task_id": {"S": str(number)}} for number in range(4)]

    def write() -> Any:
        puts: Any = [{"PutRequest": {"Item": key}} for key in keys]
        return aws.dynamodb.batch_write_item(RequestItems={"mwaa_task": puts})

    left = _faulty(aws, Fault.PARTIAL, write).result["UnprocessedItems"]["mwaa_task"]
    written = aws.rows("mwaa_task")
    assert 0 < len(written) < 4
    assert sorted(
        [row["task_id"] for row in written]
        + [put["PutRequest"]["Item"]["task_id"]["S"] for put in left]
    ) == ["0", "1", "2", "3"]
    for key in keys:
        aws.put("mwaa_task", {"task_id": key["task_id"]["S"]})

    def read() -> Any:
        asked: Any = {"mwaa_task": {"Keys": keys, "ConsistentRead": True}}
        return aws.dynamodb.batch_get_item(RequestItems=asked)

    answer = _faulty(aws, Fault.PARTIAL, read).result
    unprocessed = answer["UnprocessedKeys"]["mwaa_task"]
    assert unprocessed["ConsistentRead"]
    assert sorted(map(str, answer["Responses"]["mwaa_task"] + unprocessed["Keys"])) == sorted(
        map(str, keys)
    )

    def publish() -> Any:
        return aws.events.put_events(Entries=[{"Source": "s", "DetailType": "t", "Detail": "{}"}])

    answer = _faulty(aws, Fault.PARTIAL, publish).result
    assert (answer["FailedEntryCount"], len(answer["Entries"])) == (1, 1)
    assert aws.published_events() == []

    def delete() -> Any:
        statement = 'DELETE FROM "mwaa_task" WHERE "task_id" = ?'
        asked: Any = [{"Statement": statement, "Parameters": [*key.values()]} for key in keys]
        return aws.dynamodb.batch_execute_statement(Statements=asked)

    answers = _faulty(aws, Fault.PARTIAL, delete).result["Responses"]
    failed = [answer for answer in answers if "Error" in answer]
    assert (len(answers), len(failed)) == (4, len(aws.rows("mwaa_task")))
    assert failed


def test_faults_fit_their_calls(aws: Aws) -> None:
    put = {"Bucket": BUCKET, "Key": "k", "IfNoneMatch": "*"}
    assert Fault.CONFLICT in possible(Call(1, "", 1, "s3.PutObject", put))
    assert Fault.CONFLICT not in possible(Call(1, "", 1, "s3.PutObject", {}))
    write = partial(aws.s3.put_object, Bucket=BUCKET, Key="k", Body=b"", IfNoneMatch="*")
    error = _faulty(aws, Fault.CONFLICT, write).error
    assert isinstance(error, ClientError)
    assert error.response["Error"]["Code"] == "ConditionalRequestConflict"
    assert aws.objects() == {}


# Lambda


class _Handler:
    """Fails as it is told, and remembers what it processed."""

    def __init__(self, aws: Aws) -> None:
        self.aws = aws
        self.seen: list[str] = []
        self.failing: dict[str, int] = {}
        """How often a record's first key still fails."""
        self.reports = True

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        failures = []
        for record in event["Records"]:
            key = next(iter(record["dynamodb"]["Keys"].values()))["S"]
            _begin(self.aws)
            if self.failing.get(key, 0):
                self.failing[key] -= 1
                if not self.reports:
                    raise ValueError(key)
                number = record["dynamodb"]["SequenceNumber"]
                failures.append({"itemIdentifier": number})
                break
            self.seen.append(key)
        return {"batchItemFailures": failures}


def _processed(aws: Aws, handler: _Handler, seed: int, **options: Any) -> LambdaService:
    aws.reset()
    for number in range(6):
        aws.put("mwaa_task", {"task_id": f"t{number}"})
        aws.put("mwaa_scheduler", {"schedule_id": f"s{number}"})
    with Interleaving(random.Random(seed).randrange) as interleaving:
        aws.around[:] = [interleaving.around]
        service = LambdaService(aws, interleaving, handler, **options)
        service.run_until_done()
    return service


@pytest.mark.parametrize("how", ["reported", "raised"])
def test_failed_records_come_again_in_the_order_of_their_table(aws: Aws, how: str) -> None:
    handler = _Handler(aws)
    handler.failing, handler.reports = {"t2": 3, "s4": 1}, how == "reported"
    _processed(aws, handler, seed=1)
    assert handler.failing == {"t2": 0, "s4": 0}
    for table in "ts":
        seen = [key for key in handler.seen if key[0] == table]
        assert list(dict.fromkeys(seen)) == [f"{table}{number}" for number in range(6)]
    if handler.reports:
        assert len(handler.seen) == 12


def test_tables_run_side_by_side_and_batches_twice(aws: Aws) -> None:
    handler = _Handler(aws)
    _processed(aws, handler, seed=2, duplicates=1)
    assert sorted(handler.seen) == sorted([f"{t}{n}" for t in "ts" for n in range(6)] * 2)
    first = [key for key in handler.seen if key[0] == "t"]
    assert first != sorted(first)
    tables = [key[0] for key in handler.seen]
    assert tables != sorted(tables)
    assert tables != sorted(tables, reverse=True)


def test_records_that_cannot_be_delivered_are_in_the_queue(aws: Aws) -> None:
    handler = _Handler(aws)
    handler.failing, handler.reports = {"t2": 1000}, False
    service = _processed(aws, handler, seed=3, retries=2)
    assert "t2" not in handler.seen
    assert "t3" in handler.seen
    (batch,) = [message["DDBStreamBatchInfo"] for message in service.dead_letters]
    number = aws.stream("mwaa_task")[2]["dynamodb"]["SequenceNumber"]
    assert (batch["startSequenceNumber"], batch["batchSize"]) == (number, 1)
    (message,) = aws.sqs.receive_message(QueueUrl=aws.queue_url)["Messages"]
    assert json.loads(message["Body"]) == service.dead_letters[0]


def test_a_crash_is_tried_again(aws: Aws) -> None:
    handler = _Handler(aws)
    aws.put("mwaa_task", {"task_id": "t"})
    with Interleaving(random.Random(0).randrange) as interleaving:
        faults = Faults(interleaving, at({1: Fault.CRASH_AFTER, 2: Fault.THROTTLE}))
        aws.around[:] = [interleaving.around, faults.around]
        service = LambdaService(aws, interleaving, handler)
        service.run_until_done()
    assert (service.started, handler.seen) == (3, ["t"])
    assert aws.rows("mwaa_dag")[0]["revision"] == 2


def test_a_handler_that_never_succeeds_fails_the_test(aws: Aws) -> None:
    handler = _Handler(aws)
    handler.failing = {"t0": 1000}
    with pytest.raises(RuntimeError, match="failed 100 times"):
        _processed(aws, handler, seed=0)
