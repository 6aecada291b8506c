"""What the functions logged: one JSON record a line, beside Lambda's own lines."""

import json
import time
from typing import Any

from demo.stack import Stack

Record = dict[str, Any]


def now() -> int:
    """The present, in the log's milliseconds."""
    return int(time.time() * 1000)


def records(stack: Stack, since: int) -> list[Record]:
    """What the functions themselves logged since then."""
    return [json.loads(line) for line in _messages(stack, since) if line.startswith('{"level"')]


def is_complaint(record: Record) -> bool:
    """Whether something is wrong."""
    return record["level"] in {"WARNING", "ERROR"}


def tail(stack: Stack, lines: int = 30) -> str:
    """The end of the logs, as they stand; a crash's traceback is in them."""
    return "\n".join(["The functions' logs end with:", *_messages(stack, 0)[-lines:]])


def _messages(stack: Stack, since: int) -> list[str]:
    """Of all functions, in the order of time."""
    events = [
        event
        for group in stack.log_groups.values()
        for page in stack.logs.get_paginator("filter_log_events").paginate(
            logGroupName=group, startTime=since
        )
        for event in page["events"]
    ]
    return [event["message"] for event in sorted(events, key=lambda event: event["timestamp"])]
