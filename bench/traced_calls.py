"""The AWS calls of one invocation: how many lie one after the other, and their bytes."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple


class Call(NamedTuple):
    """One request and its answer: seconds since the invocation began, and bytes there and back."""

    operation: str
    start: float
    end: float
    sent: int
    received: int


def depth(calls: Iterable[Call]) -> int:
    """The longest row of calls each of which started when the one before it had ended.

    What runs side by side counts once: with one latency for all calls, this times the latency is
    what an invocation waits.
    """
    longest, end = 0, float("-inf")
    for call in sorted(calls, key=lambda one: one.end):
        if call.start >= end:
            longest, end = longest + 1, call.end
    return longest


def wire_bytes(first_line: str, headers: Mapping[str, str | bytes]) -> int:
    """The bytes of a request or an answer in HTTP/1.1, as far as its headers are known; its body is
    as long as they say.
    """
    size, body = len(first_line) + 4, 0
    for name, value in headers.items():
        size += len(name) + len(value) + 4
        if name.lower() == "content-length":
            body = int(value)
    return size + body
