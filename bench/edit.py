"""One edit in the real handler: a stream's event in, a file in the bucket out."""

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from boto3.dynamodb.types import TypeSerializer

from bench import workload
from bench.cold import HANDLER
from bench.lambda_runtime import Function, function
from bench.measure import Comparison, Series
from demo.stack import Stack

ROUNDS = 5
_TASKS = 8


def measure(
    stack: Stack,
    package: Path,
    runtime: Path,
    variables: Mapping[str, str],
    step: Callable[[str], None],
) -> Iterator[Comparison]:
    """A job's first edit, in a cold function and in a warm one; `step` is told each."""
    fresh = workload.tokens("edit")
    reached = {**variables, **stack.aws.credentials, "AWS_ENDPOINT_URL": stack.aws.endpoint}
    cold, warm = Series("ms"), Series("ms")
    for _ in range(ROUNDS):
        with function(f"{HANDLER}.handle", package, runtime, reached) as started:
            cold.values.append(_edit(stack, started, next(fresh)))
            warm.values.append(_edit(stack, started, next(fresh)))
        step("edits")
    yield Comparison("edit to file, first of a cold function", cold)
    yield Comparison("edit to file, warm function", warm)


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
