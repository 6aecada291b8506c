"""What the function logged: one JSON record a line, beside Lambda's own lines."""

import json
import time
from typing import Any

from demo.stack import Stack

Record = dict[str, Any]


def now() -> int:
    """The present, in the log's milliseconds."""
    return int(time.time() * 1000)


def records(stack: Stack, since: int) -> list[Record]:
    """What the function itself logged since then."""
    return [json.loads(line) for line in _messages(stack, since) if line.startswith('{"level"')]


def is_complaint(record: Record) -> bool:
    """Whether something is wrong."""
    return record["level"] in {"WARNING", "ERROR"}


def tail(stack: Stack, lines: int = 30) -> str:
    """The end of the log, as it stands; a crash's traceback is in it."""
    return "\n".join(["The function's log ends with:", *_messages(stack, 0)[-lines:]])


def _messages(stack: Stack, since: int) -> list[str]:
    pages = stack.logs.get_paginator("filter_log_events").paginate(
        logGroupName=stack.log_group, startTime=since
    )
    return [event["message"] for page in pages for event in page["events"]]
