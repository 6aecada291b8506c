"""The time, for what waits until AWS has done something."""

from collections.abc import Callable
from typing import NamedTuple


class Clock(NamedTuple):
    """`now` in seconds; `pause` waits so many seconds, and says whether to stop waiting at all."""

    now: Callable[[], float]
    pause: Callable[[float], bool]
