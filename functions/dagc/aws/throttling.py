"""Goes on after AWS has refused a request as too many."""

from collections.abc import Callable
from itertools import count
from typing import TypeVar

from botocore.exceptions import ClientError

T = TypeVar("T")

_THROTTLED = {
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingException",
}


def until_admitted(call: Callable[[], T], wait: Callable[[int], None]) -> T:
    """What `call` returns, asked again as long as AWS refuses it as too many.

    `wait` waits before another attempt, given the number of the last one; what it raises ends that.
    """
    for attempt in count(1):
        try:
            return call()
        except ClientError as error:
            if error.response["Error"]["Code"] not in _THROTTLED:
                raise
        wait(attempt)
    raise AssertionError
