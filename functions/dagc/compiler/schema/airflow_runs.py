"""When Airflow starts the runs of a cron text: what its `CronDataIntervalTimetable` makes of it.

The rule is the same from 2.10 to 3.3 (`airflow/timetables/_cron.py`); tests/airflow compares. The
next time is sought on the clock on the wall, and then read as a moment of the zone. (With catchup,
Airflow up to 3.2 does not get past some changes of the clock with a text for every hour, but not
every day: it aligns the end of its last interval to an earlier time. That is not followed here.)
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


@cache
def zone_info(name: str) -> "ZoneInfo":
    """The time zone `name` of the pinned tzdata package: the machine's own database would vary."""
    from importlib import resources
    from zoneinfo import ZoneInfo  # most schedules need none, and it takes a while to import

    path = resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
    with path.open("rb") as file:
        return ZoneInfo.from_file(file, name)


def runs(expression: str, zone: str, since: datetime) -> Iterator[datetime]:
    """The moments of `expression`, a cron text that some date matches, in the time zone `zone` from
    the local time `since` on.
    """
    from croniter import croniter

    moment = moment_of(since, zone)
    if croniter.match(expression, since):
        yield moment
    while True:
        following = next_time(expression, on_the_clock(moment))
        moment = moment_after(expression, zone, moment, following)
        yield moment


def next_time(expression: str, wall: datetime) -> datetime:
    """The next time on the clock that matches `expression`, after `wall`."""
    from croniter import croniter

    following: datetime = croniter(expression, wall).get_next(datetime)
    return following


def moment_after(expression: str, zone: str, moment: datetime, following: datetime) -> datetime:
    """The moment that Airflow takes for `following`, the next time on the clock after `moment`.

    A text for every hour goes on by the time between the two as the clock shows them, so that it
    runs in each hour of a day of 23 or 25. Another one is read in the zone.
    """
    if not covers_every_hour(expression):
        return moment_of(following, zone)
    between = following - on_the_clock(moment)
    return (moment.astimezone(UTC) + between).astimezone(zone_info(zone))


def moment_of(wall: datetime, zone: str) -> datetime:
    """The moment at which a clock in `zone` shows `wall`. Where it does so twice, the second; where
    it never does, as much later as the clock is put forward: the later of Python's two readings.
    """
    info = zone_info(zone)
    readings = (wall.replace(tzinfo=info, fold=fold).astimezone(UTC) for fold in (0, 1))
    return max(readings).astimezone(info)


def on_the_clock(moment: datetime) -> datetime:
    """The time that a clock in the zone of `moment` shows then."""
    return moment.replace(tzinfo=None, fold=0)


@cache
def covers_every_hour(expression: str) -> bool:
    """Says whether `expression` has every hour, as Airflow asks croniter."""
    from croniter import croniter

    return bool(croniter(expression).expanded[1] == ["*"])
