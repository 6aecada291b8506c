"""Says whether an invocation has time to begin something more."""

from aws_lambda_powertools.utilities.typing import LambdaContext

_RESERVE_MS = 90_000
"""For what has begun, and for the end."""


def has_time(context: LambdaContext) -> bool:
    """Whether enough is left of the function's time for another chunk of DAGs."""
    return bool(context.get_remaining_time_in_millis() > _RESERVE_MS)
