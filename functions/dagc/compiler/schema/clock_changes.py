"""When the clock of a time zone is put forward and back."""

from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from dagc.compiler.schema.airflow_runs import zone_info

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_DAYS = 366


class ClockChange(NamedTuple):
    """The times on the clock, from `first` up to `end`, that never come, or that come twice."""

    first: datetime
    end: datetime
    skipped: bool


@lru_cache(maxsize=1024)
def clock_changes(zone: str, since: datetime) -> tuple[ClockChange, ...]:
    """Returns the changes of the clock in `zone` in the year from the day of `since` on."""
    if zone == "UTC":
        return ()
    info = zone_info(zone)
    start = datetime.combine(since, time(), info).astimezone(UTC)
    offsets = [_offset(start + day * _DAY, info) for day in range(_DAYS + 1)]
    changes = []
    for day, (before, after) in enumerate(pairwise(offsets)):
        if before != after:
            change = _first_minute(start + day * _DAY, info).replace(tzinfo=None)
            first, end = sorted((change + before, change + after))
            changes.append(ClockChange(first, end, skipped=before < after))
    return tuple(changes)


def _first_minute(day: datetime, info: tzinfo) -> datetime:
    """Returns the moment, in the day that begins at `day`, from which on another time is shown."""
    low, high = day, day + _DAY
    while high - low > _MINUTE:
        middle = low + (high - low) // 2 // _MINUTE * _MINUTE
        if _offset(middle, info) == _offset(day, info):
            low = middle
        else:
            high = middle
    return high


def _offset(moment: datetime, info: tzinfo) -> timedelta:
    offset = moment.astimezone(info).utcoffset()
    assert offset is not None
    return offset
