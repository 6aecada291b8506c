"""Waits before another attempt: exponential backoff with full jitter.

Full jitter: any time up to the limit, so that those who were disturbed together do not come again
together (AWS Architecture Blog, "Exponential Backoff And Jitter").
"""

import random
import time

_FIRST_LIMIT = 0.1
_LAST_LIMIT = 5.0
"""Seconds."""


def back_off(attempt: int) -> None:
    """Waits before another attempt: the higher its number, which begins at 1, the longer."""
    limit = min(_LAST_LIMIT, _FIRST_LIMIT * 2 ** (attempt - 1))
    time.sleep(limit * random.random())  # noqa: S311  no secret
