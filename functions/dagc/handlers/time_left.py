"""Says whether an invocation has time to begin something more."""

from collections.abc import Callable

from aws_lambda_powertools.utilities.typing import LambdaContext

_RESERVE_MS = 90_000
"""For what has begun, and for the end."""


def has_time(context: LambdaContext) -> bool:
    """Whether enough is left of the function's time for another chunk of DAGs."""
    return bool(context.get_remaining_time_in_millis() > _RESERVE_MS)


def time_for(context: LambdaContext, seconds: int) -> Callable[[], bool]:
    """Says whether so many seconds from now are not over, nor the function's time."""
    end_ms = context.get_remaining_time_in_millis() - seconds * 1000
    return lambda: has_time(context) and context.get_remaining_time_in_millis() > end_ms
