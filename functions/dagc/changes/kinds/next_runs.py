"""When the next runs of a DAG begin, as its file says.

Airflow starts a run at the end of its data interval: of a DAG for every day, the run that begins on
Tuesday is that of Monday. (One of several cron texts has no data interval.) All times here are
those at which runs begin. The rules are those of Airflow's CronDataIntervalTimetable and
DeltaDataIntervalTimetable (`airflow/timetables/interval.py` and `_cron.py`), 2.10 to 3.3.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from heapq import merge
from itertools import dropwhile, groupby, islice, takewhile
from typing import NamedTuple

from dagc.changes.kinds.timetable_reading import Timetable, read_timetable
from dagc.compiler import clock_changes, cron_runs, moment_of, zone_info

COUNT = 5
_NEAR = timedelta(days=30)
"""So far ahead, a change of the clock is looked for."""
_AFTER_CHANGE = 2
"""Runs after a change of the clock that are shown, beside the last one before it."""
_BACK = tuple(timedelta(hours=hours) for hours in (3, 48, 220, 1000, 10_000))
"""How long before a moment the last run before it is looked for, in turn."""
_FOLD = timedelta(hours=4)
"""Longer than a time on the clock comes twice."""
_UNREADABLE = (ValueError, KeyError, OSError, OverflowError)
"""What cron texts and time zones that are none raise."""
_NO_INTERVAL_TWICE = (3, 3)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NextRuns(NamedTuple):
    """The moments, in the DAG's time zone `zone`, at which the next `runs` begin; and those
    `across` the next change of the clock, if one is near: the last before it, and some after.
    `words` say what there is to say beside them, or why there are none. `at_times`: the runs cover
    no data interval.
    """

    zone: str
    runs: tuple[datetime, ...]
    across: tuple[datetime, ...] = ()
    words: str = ""
    at_times: bool = False


def next_runs(text: str, since: datetime, before: str = "") -> NextRuns | None:
    """The runs that begin after the moment `since`, as the DAG file `text` says; None where it has
    no schedule, as a job, which is started by others. `before` is the file until then.
    """
    timetable = read_timetable(text)
    if timetable is None:
        return None
    if timetable.times:
        return _at_times(timetable, since)
    if not (timetable.cron or timetable.length):
        return NextRuns(timetable.zone, (), words=timetable.words)
    try:
        info = zone_info(timetable.zone)
        following = _following(read_timetable(before), timetable, since)
        runs = tuple(islice(_moments(following, since), COUNT))
        across = tuple(_across_change(following, since, runs))
    except _UNREADABLE:
        return NextRuns(timetable.zone, (), words="a timetable that is not read here")
    shown, around = (tuple(run.astimezone(info) for run in them) for them in (runs, across))
    return NextRuns(timetable.zone, shown, around, _words(timetable, runs))


def _at_times(timetable: Timetable, since: datetime) -> NextRuns:
    """The runs of several cron texts: they begin at its times, from the start_date to the end_date,
    one where two texts have the same.
    """
    first = max(since, timetable.start or since)
    try:
        info = zone_info(timetable.zone)
        of_each = (_times(timetable._replace(cron=text), first) for text in timetable.times)
        moments = (moment for moment, _ in groupby(merge(*of_each)))
        later = dropwhile(lambda moment: moment <= since, moments)
        runs = tuple(islice(takewhile(lambda run: run <= _end(timetable), later), COUNT))
    except _UNREADABLE:
        return NextRuns(timetable.zone, (), words="a timetable that is not read here")
    said = _words(timetable, runs)
    if runs and not timetable.catchup:
        at_once = "and, if none has run yet, one at once for the last time that is over"
        said = ", ".join(filter(None, [said, at_once]))
    local = tuple(run.astimezone(info) for run in runs)
    return NextRuns(timetable.zone, local, words=said, at_times=True)


def _end(timetable: Timetable) -> datetime:
    return timetable.end or datetime.max.replace(tzinfo=UTC)


def _following(old: Timetable | None, new: Timetable, since: datetime) -> Timetable:
    """`new` as it goes on after the last run of `old`: from 3.3 on, no interval of Airflow begins
    before that of the last run, nor with it.
    """
    last_begin = _last_interval(old, since)[0] if old and new.cron else None
    if last_begin is None or new.airflow < _NO_INTERVAL_TWICE:
        return new
    first = last_begin + timedelta(microseconds=1)
    return new._replace(start=max(first, new.start or first))


def _words(timetable: Timetable, runs: tuple[datetime, ...]) -> str:
    if not runs:
        return "no run any more: end_date is over"
    said = []
    if timetable.assets:
        said.append("and when its assets have been updated")
    if timetable.length:
        said.append("counted from the last run, if there is one")
    if timetable.catchup and timetable.start:
        first = timetable.start.astimezone(zone_info(timetable.zone))
        said.append(f"and, for catchup, those that are missing since {first:%Y-%m-%d}")
    return ", ".join(said)


def run_at_once(before: str, after: str, since: datetime) -> datetime | None:
    """The end of the interval of a run that Airflow starts at once, at `since`, where the DAG file
    `before` becomes `after`; None for none. (It does where the new schedule has a time that is over
    already, and that is later than the last run by the old one.)
    """
    old, new = read_timetable(before), read_timetable(after)
    if new is None or not new.cron or new.catchup:
        return None
    try:
        _, end = _last_interval(_following(old, new, since), since)
        _, last = _last_interval(old, since) if old else (None, None)
        info = zone_info(new.zone)
    except _UNREADABLE:
        return None
    if end is None or (last is not None and end <= last):
        return None
    return end.astimezone(info)


def _last_interval(
    timetable: Timetable, since: datetime
) -> tuple[datetime | None, datetime | None]:
    """The last two moments, up to `since`, at which runs began: the interval of the last run. None
    for those that there are not, or that are very long ago.
    """
    found: list[datetime] = []
    if not (timetable.cron or timetable.length):
        return None, None
    for back in _BACK:
        found = list(takewhile(lambda run: run <= since, _moments(timetable, since - back)))
        if len(found) > 1:
            break
    return (found[-2] if len(found) > 1 else None), (found[-1] if found else None)


def _moments(timetable: Timetable, since: datetime) -> Iterator[datetime]:
    """The moments after `since` at which runs begin, without end unless there is an end_date.

    The first interval begins at the first time from the start_date on; the last one, at the latest,
    at the end_date.
    """
    after, last = since, None
    if timetable.start is not None:
        after = max(since, next(_times(timetable, timetable.start)))
    if timetable.end is not None:
        last = next(_later(_times(timetable, timetable.end), timetable.end))
    for moment in _later(_times(timetable, after), after):
        if last is not None and moment > last:
            return
        yield moment


def _later(moments: Iterator[datetime], than: datetime) -> Iterator[datetime]:
    return dropwhile(lambda moment: moment <= than, moments)


def _times(timetable: Timetable, since: datetime) -> Iterator[datetime]:
    """The times of the schedule from `since` on, whatever its dates, in UTC."""
    if timetable.cron:
        wall = (since - _FOLD).astimezone(zone_info(timetable.zone)).replace(tzinfo=None, second=0)
        runs = cron_runs(timetable.cron, timetable.zone, wall.replace(microsecond=0, fold=0))
        moments = (moment.astimezone(UTC) for moment in runs)  # in one zone, Python compares clocks
        yield from dropwhile(lambda moment: moment < since, moments)
    else:
        yield from _spaced(timetable, since)


def _spaced(timetable: Timetable, since: datetime) -> Iterator[datetime]:
    """The times of a length: with catchup they are counted from the start_date, without from 1970
    on, unless the start_date is still to come (`_skip_to_latest`).
    """
    length = timetable.length
    assert length
    origin = _EPOCH
    latest_start = since - (since - origin) % length - length
    if timetable.start and (timetable.catchup or timetable.start > latest_start):
        origin = timetable.start
    moment = origin + -((origin - since) // length) * length
    while True:
        yield moment
        moment += length


def _across_change(
    timetable: Timetable, since: datetime, known: tuple[datetime, ...]
) -> Iterator[datetime]:
    """The last run before the next change of the clock, and the first ones after it; but for those
    that are `known`, and none where one after it is.
    """
    change = _next_change(timetable.zone, since)
    if change is None or not timetable.cron or any(run >= change for run in known):
        return
    for back in _BACK:
        begin = max(since, change - back)
        before = list(_earlier(_moments(timetable, begin), change))
        if before or begin == since:
            yield from (run for run in before[-1:] if run not in known)
            break
    yield from islice(_moments(timetable, change - timedelta(microseconds=1)), _AFTER_CHANGE)


def _earlier(moments: Iterator[datetime], than: datetime) -> Iterator[datetime]:
    return takewhile(lambda moment: moment < than, moments)


def _next_change(zone: str, since: datetime) -> datetime | None:
    """The next moment at which the clock in `zone` is put forward or back, if it is near."""
    day = since.astimezone(zone_info(zone)).replace(tzinfo=None).date()
    for change in clock_changes(zone, datetime.combine(day, time())):
        moment = moment_of(change.first, zone).astimezone(UTC)
        if moment > since:
            return moment if moment <= since + _NEAR else None
    return None
