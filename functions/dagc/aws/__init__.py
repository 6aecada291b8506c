"""Talks to AWS, one request at a time. botocore is imported here alone.

The caller decides what runs side by side. Errors of AWS and of the network (`INFRASTRUCTURE`) are
raised as botocore raises them.
"""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

INFRASTRUCTURE = (BotoCoreError, ClientError)
"""What is AWS's fault or the network's: worth another try, and never a row's fault."""


def is_refused(error: Exception) -> bool:
    """Whether AWS has refused a request for what it is: then it certainly did nothing."""
    answer = getattr(error, "response", None) or {}  # botocore's timeouts have one that is None
    return bool(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 500) < 500)


def was_repeated(answer: Mapping[str, Any]) -> bool:
    """Whether botocore had given up an attempt at a request before this answer came: that one may
    still be executed.
    """
    return bool(answer.get("ResponseMetadata", {}).get("RetryAttempts"))
