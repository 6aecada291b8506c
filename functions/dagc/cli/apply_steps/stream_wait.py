"""Waits until the streams have brought the rows of a plan to the compiler."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from dagc.aws.clock import Clock
from dagc.changes.writing.plan_file import Expected
from dagc.changes.writing.verdict import difference
from dagc.plan.record import Record, is_at_rest

REST = 10.0
"""Seconds in which no DAG changes. Then one is believed that was compiled since and is not as
planned, or is as planned and was not compiled: edits are on their way for less than that.
"""
_FIRST_PAUSE, _LAST_PAUSE = 0.25, 2.0
"""Seconds between two looks."""


class Result(StrEnum):
    """What became of a DAG."""

    AS_PLANNED = "as planned"
    DIFFERS = "differs"
    NOT_SEEN = "not compiled yet"


class Arrival(NamedTuple):
    """What became of a DAG, and its record; `what` says in what it differs, if it does."""

    expected: Expected
    record: Record | None
    result: Result
    what: str = ""


Read = Callable[[Sequence[str]], Mapping[str, Record]]
"""Reads the records of DAGs."""


def wait_for(
    dags: Iterable[Expected],
    before: Mapping[str, Record] | None,
    read: Read,
    *,
    seconds: float,
    clock: Clock,
    told: Callable[[int], None],
) -> list[Arrival]:
    """What became of `dags` within so many seconds, or until all is decided.

    `before` are their records from before rows were written; None where none had to be. `told` is
    called with the number of DAGs that are decided on, whenever that has changed.
    """
    watch = _Watch(list(dags), before)
    start, pause = clock.now(), _FIRST_PAUSE
    while True:
        known = len(watch.decided)
        watch.look(read, clock.now())
        if len(watch.decided) > known:
            told(len(watch.decided))
        left = seconds - (clock.now() - start)
        if not watch.open or left <= 0 or clock.pause(min(pause, left)):
            return watch.arrivals()
        pause = min(pause * 1.5, _LAST_PAUSE)


class _Watch:
    """The DAGs that are still `open`, and those that are `decided` on."""

    def __init__(self, dags: Sequence[Expected], before: Mapping[str, Record] | None) -> None:
        self.open = {entry.dag_id: entry for entry in dags}
        self.decided: dict[str, Arrival] = {}
        self._order = list(self.open)
        self._before = before
        self._records: Mapping[str, Record] = {}
        """As they were seen last; and since when they are all as they are."""
        self._since = 0.0

    def look(self, read: Read, now: float) -> None:
        """Decides on those DAGs of which it can be told now."""
        records = read(list(self.open))
        if any(records.get(dag_id) != self._records.get(dag_id) for dag_id in self.open):
            self._since = now
        self._records = records
        for dag_id, entry in list(self.open.items()):
            arrival = self._arrival(entry)
            if self._is_final(arrival, now):
                self.decided[dag_id] = arrival
                del self.open[dag_id]

    def _is_final(self, arrival: Arrival, now: float) -> bool:
        """Whether it is not worth looking again."""
        dag_id = arrival.expected.dag_id
        if arrival.result is Result.AS_PLANNED and (
            self._before is None or self._is_compiled(dag_id)
        ):
            return True
        rests = now - self._since >= REST
        return rests and arrival.result is not Result.NOT_SEEN

    def arrivals(self) -> list[Arrival]:
        """What is known of each DAG, in the order of the plan."""
        last = {dag_id: self._arrival(entry) for dag_id, entry in self.open.items()}
        return [(self.decided | last)[dag_id] for dag_id in self._order]

    def _arrival(self, entry: Expected) -> Arrival:
        """What can be said of a DAG as it was seen last."""
        record = self._records.get(entry.dag_id)
        what = difference(entry, record)
        if is_at_rest(record) and not what:
            return Arrival(entry, record, Result.AS_PLANNED)
        if self._is_compiled(entry.dag_id):
            return Arrival(entry, record, Result.DIFFERS, what)
        return Arrival(entry, record, Result.NOT_SEEN, what)

    def _is_compiled(self, dag_id: str) -> bool:
        """Whether a compile that began since the rows were written has ended."""
        record = self._records.get(dag_id)
        before = (self._before or {}).get(dag_id, Record(dag_id)).revision
        return record is not None and record.revision > before and is_at_rest(record)
