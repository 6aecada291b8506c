"""Counts what AWS bills for the calls of one invocation.

Sources: "Read and write operations" in the guide of DynamoDB (a read unit is 4 kB read
consistently, a write unit 1 kB of the larger of the item before and after), S3's, EventBridge's and
CloudWatch's pages of prices.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import redirect_stdout
from io import StringIO
from typing import Any, NamedTuple

from boto3.dynamodb.types import TypeDeserializer

from tests.convergence.functions import Functions
from tests.emulator.aws import KEYS, Answer, Aws

PLATFORM_LOG_BYTES = 350
"""What Lambda itself logs of an invocation: START, END and REPORT."""
_READ_UNIT, _WRITE_UNIT = 4096, 1024


class Usage(NamedTuple):
    """Units by the names of prices.yaml, bytes of logs in hundreds, and the metrics sent."""

    units: Mapping[str, int]
    log_bytes: int
    metrics: frozenset[tuple[str, ...]]


def measured(aws: Aws, functions: Functions, invoke: Callable[[], Any]) -> Usage:
    """Invokes a function, and counts."""
    units: Counter[str] = Counter({"invocations": 1})

    def around(operation: str, parameters: Answer, execute: Callable[[], Answer]) -> Answer:
        before = _written_bytes(aws, operation, parameters)
        answer = execute()
        after = _written_bytes(aws, operation, parameters)
        units.update(_unwritten(operation, parameters, answer))
        for sizes in zip(before, after, strict=True):
            units["write units"] += _units(max(sizes), _WRITE_UNIT)
        return answer

    before, metrics = len(functions.log_text()), StringIO()
    aws.around.append(around)
    try:
        with redirect_stdout(metrics):
            invoke()
    finally:
        aws.around.remove(around)
    logged = functions.log_text()[before:] + metrics.getvalue()
    sent = [json.loads(line) for line in metrics.getvalue().splitlines()]
    # A time has more digits today than tomorrow.
    size = len(re.sub(r"\d+", "1234", logged)) + PLATFORM_LOG_BYTES
    rounded = _units(size, 100) * 100
    return Usage(units, rounded, frozenset(name for line in sent for name in _metrics(line)))


def _unwritten(operation: str, parameters: Answer, answer: Answer) -> Mapping[str, int]:
    """All units of a call but those of writes to DynamoDB."""
    match operation:
        case "dynamodb.BatchGetItem":
            asked = sum(len(table["Keys"]) for table in parameters["RequestItems"].values())
            items = [item for found in answer["Responses"].values() for item in found]
            missing = asked - len(items)  # what is not there costs a unit, too
            return {"read units": missing + sum(_units(_size(item), _READ_UNIT) for item in items)}
        case "dynamodb.Query" | "dynamodb.Scan":
            return {"read units": _units(sum(map(_size, answer["Items"])), _READ_UNIT)}
        case "events.PutEvents":
            return {"events": len(parameters["Entries"])}
        case "s3.PutObject" | "s3.ListObjectsV2":
            return {"objects written": 1}
        case "s3.HeadObject" | "s3.GetObject":
            return {"objects read": 1}
    return {}


def _written_bytes(aws: Aws, operation: str, parameters: Answer) -> list[int]:
    """The size of each item that a call writes, as it is now."""
    with aws.unobserved():
        return [
            _size(aws.dynamodb.get_item(TableName=table, Key=key).get("Item", {}))
            for table, key in _written_keys(operation, parameters)
        ]


def _written_keys(operation: str, parameters: Answer) -> Iterable[tuple[str, Answer]]:
    match operation:
        case "dynamodb.PutItem":
            yield _key(parameters["TableName"], parameters["Item"])
        case "dynamodb.UpdateItem" | "dynamodb.DeleteItem":
            yield _key(parameters["TableName"], parameters["Key"])
        case "dynamodb.BatchWriteItem":
            for table, requests in parameters["RequestItems"].items():
                for request in requests:
                    [asked] = request.values()
                    yield _key(table, asked.get("Item") or asked["Key"])


def _key(table: str, item: Answer) -> tuple[str, Answer]:
    return table, {name: item[name] for name in KEYS[table]}


def _size(item: Mapping[str, Any]) -> int:
    """Names and values, in bytes; near enough to DynamoDB's own rules for numbers and lists."""
    plain = {name: TypeDeserializer().deserialize(value) for name, value in item.items()}
    return sum(len(name) + len(str(value).encode()) for name, value in plain.items())


def _units(size: int, of: int) -> int:
    return max(1, -(-size // of))


def _metrics(line: Mapping[str, Any]) -> Iterable[tuple[str, ...]]:
    """Each metric of a line in CloudWatch's embedded format, with the values of its dimensions."""
    for directive in line["_aws"]["CloudWatchMetrics"]:
        for dimensions in directive["Dimensions"]:
            values = tuple(str(line[name]) for name in dimensions)
            for metric in directive["Metrics"]:
                yield (metric["Name"], *values)
