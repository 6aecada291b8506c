"""One edit in the real handler: a stream's event in, a file in the bucket out."""

import re
import time
from collections.abc import Iterator
from typing import Any

from boto3.dynamodb.types import TypeSerializer

from bench import workload
from bench.imports import HANDLER
from bench.lambda_runtime import Function, function
from bench.measure import Comparison, Series
from bench.package import ONE_FILE, ROOT
from bench.place import Place
from demo.stack import Stack

ROUNDS = 11
_TASKS = 8


def measure(place: Place) -> Iterator[Comparison]:
    """A job's first edit, in a cold function and in a warm one, and what the least would take."""
    stack, fresh = place.stack, workload.tokens("edit")
    reached = {
        **place.variables,
        **stack.aws.credentials,
        "AWS_ENDPOINT_URL": stack.aws.endpoint,
    }
    cold, warm, least = Series("ms"), Series("ms"), Series("ms")
    with function(ONE_FILE, place.usual, place.runtime, reached) as putting:
        putting.invoke({})  # it starts
        for _ in range(place.rounds(ROUNDS)):
            with function(f"{HANDLER}.handle", place.package, place.runtime, reached) as started:
                cold.values.append(_edit(stack, started, next(fresh)))
                warm.values.append(_edit(stack, started, next(fresh)))
            least.values.append(putting.invoke({}).milliseconds)
            place.step("edits")
    yield Comparison("edit to file, first of a cold function", cold)
    title = "edit to file, warm function"
    yield Comparison(title, warm, "a function that only puts a file", least, target="edit-to-file")
    yield Comparison("batching window by default", Series("s", [_window()]), target="edit-window")


def _window() -> float:
    parameters = (ROOT / "template.yaml").read_text(encoding="utf-8")
    found = re.search(
        r"^  BatchingWindowSeconds:\n(?:    .*\n)*?    Default: (\d+)$", parameters, re.MULTILINE
    )
    assert found
    return float(found[1])


def _edit(stack: Stack, started: Function, token: str) -> float:
    """Adds a job, and gives the function the event of its row; the milliseconds of the answer."""
    job, tasks = workload.job(token, _TASKS)
    for task in tasks:
        stack.dynamodb.Table(stack.tables["task"]).put_item(Item=task)
    table = stack.dynamodb.Table(stack.tables["job"])
    table.put_item(Item=job)
    answer = started.invoke({"Records": [_record(job, table.latest_stream_arn or "")]})
    if answer.content != {"batchItemFailures": []}:
        raise AssertionError(answer.content)
    # Raises if the file is not there.
    stack.s3.head_object(Bucket=stack.bucket, Key=f"{stack.prefix}job-{job['job_name']}.py")
    return answer.milliseconds


def _record(item: dict[str, Any], stream: str) -> dict[str, Any]:
    image = {name: TypeSerializer().serialize(value) for name, value in item.items()}
    return {
        "eventID": item["job_id"],
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-central-1",
        "eventSourceARN": stream,
        "dynamodb": {
            "ApproximateCreationDateTime": time.time(),
            "Keys": {name: image[name] for name in ("job_type", "job_id")},
            "NewImage": image,
            "SequenceNumber": "1",
            "SizeBytes": 1,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
    }
