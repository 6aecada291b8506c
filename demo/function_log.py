"""What the functions logged: one JSON record a line, beside Lambda's own lines."""

import json
import time
from collections.abc import Iterator
from typing import Any

from demo.stack import Stack

Record = dict[str, Any]
Line = tuple[int, str]
"""When, in milliseconds, and what."""

LATE_MS = 5000
"""How much later than its time says a line may appear in the log."""


def follow(stack: Stack) -> Iterator[list[Record]]:
    """What the functions themselves log from now on; each time what is new since the last."""
    begun = _now()
    told: set[Line] = set()
    while True:
        lines = _lines(stack, max(begun, _now() - LATE_MS))
        new = [line for line in lines if line not in told]
        told.update(new)
        yield [json.loads(message) for _, message in new if message.startswith('{"level"')]


def is_complaint(record: Record) -> bool:
    """Whether something is wrong."""
    return record["level"] in {"WARNING", "ERROR"}


def tail(stack: Stack, lines: int = 30) -> str:
    """The end of the logs, as they stand; a crash's traceback is in them."""
    messages = [message for _, message in _lines(stack, 0)]
    return "\n".join(["The functions' logs end with:", *messages[-lines:]])


def _now() -> int:
    """The present, in the log's milliseconds."""
    return int(time.time() * 1000)


def _lines(stack: Stack, since: int) -> list[Line]:
    """What is in the logs of all functions, in the order of time."""
    lines = [
        (event["timestamp"], event["message"])
        for group in stack.log_groups.values()
        for page in stack.logs.get_paginator("filter_log_events").paginate(
            logGroupName=group, startTime=since
        )
        for event in page["events"]
    ]
    # A traceback's lines have one time, and are in order.
    return sorted(lines, key=lambda line: line[0])
