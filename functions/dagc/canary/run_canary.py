"""The canary: writes its rows into a deployed stack, step by step, and waits for what each must
lead to: the record in `mwaa_dag`, the event that EventBridge took, and the file in the bucket. It
leaves nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from dagc.aws.bucket import Bucket
from dagc.aws.clock import Clock
from dagc.aws.dag_table import DagTable
from dagc.aws.row_tables import RowTables
from dagc.aws.row_writes import RowMoved, write_row
from dagc.canary.canary_rows import (
    IDS,
    Keys,
    Step,
    is_canary,
    keys_with,
    removal,
    steps,
)
from dagc.canary.canary_stages import Latencies, Seen, stages
from dagc.compiler import KEYS, RowKey
from dagc.plan.canary_names import DAGS
from dagc.plan.record import Record

_PAUSE = 0.1
"""Seconds between two looks, so that latencies are known as exactly."""


class Places(NamedTuple):
    """Where a stack's rows, records and files are."""

    tables: RowTables
    dags: DagTable
    bucket: Bucket


class Interrupted(Exception):  # noqa: N818  an outcome
    """Somebody wants it to end."""


class CanaryFailed(Exception):  # noqa: N818  an outcome
    """A step did not lead to what it must. The message says to what, and what to do."""


def run_canary(
    places: Places,
    *,
    seconds: float,
    clock: Clock,
    told: Callable[[str, Latencies], None],
) -> None:
    """Does all steps, each within so many `seconds`; `told` is called after each. Raises
    CanaryFailed, Interrupted, and botocore's errors; the rows are deleted in any case.
    """
    keys = _keys(places)
    watch = _Watch(places, seconds, clock)
    rows = places.tables.get(keys)
    _refuse_others(rows)
    if rows:
        told("removed what an earlier canary had left", watch.do(removal(keys)))
    with _removed_in_any_case(places, keys):
        for step in steps(keys):
            told(step.what, watch.do(step))


def _keys(places: Places) -> Keys:
    """Keys that the tables can have."""
    ids = {}
    for table, names in KEYS.items():
        types = places.tables.key_types(table)
        ids[table] = IDS["N" in {types[name] for name in names}]
    return keys_with(ids)


def _refuse_others(rows: Mapping[RowKey, Mapping[str, object]]) -> None:
    for row, item in rows.items():
        if not is_canary(row, item):
            raise CanaryFailed(
                f"{row} is somebody else's row, and the canary needs this key. Give that row "
                "another key."
            )


@contextmanager
def _removed_in_any_case(places: Places, keys: Keys) -> Iterator[None]:
    """Deletes what is left of the rows at the end; the compiler then removes the files, whether
    anybody waits or not.
    """
    try:
        yield
    finally:
        left = places.tables.get(keys)
        for row in removal(keys).rows:
            if row in left:
                write_row(places.tables, row, left[row], None)


class _Watch:
    """Does steps, and looks at what becomes of the canary's DAGs."""

    def __init__(self, places: Places, seconds: float, clock: Clock) -> None:
        self._places, self._seconds, self._clock = places, seconds, clock

    def do(self, step: Step) -> Latencies:
        """Writes the rows of a step, and waits until each DAG is what it must be."""
        before = self._look()
        self._write(step)
        start = self._clock.now()
        latencies: dict[str, dict[str, float]] = {}
        while True:
            now, after = self._look(), self._clock.now() - start
            for dag_id, wanted in step.states.items():
                seen = latencies.setdefault(dag_id, {})
                for stage in stages(before[dag_id], now[dag_id], wanted, new=step.new_file):
                    seen.setdefault(stage, after)
            if all(len(seen) == len(Latencies._fields) for seen in latencies.values()):
                by_stage = {
                    stage: max(seen[stage] for seen in latencies.values())
                    for stage in Latencies._fields
                }
                return Latencies(**by_stage)
            if after > self._seconds:
                raise CanaryFailed(_why(step, now, latencies, self._seconds))
            if self._clock.pause(_PAUSE):
                raise Interrupted

    def _write(self, step: Step) -> None:
        tables = self._places.tables
        before = tables.get(step.rows)
        try:
            for row, wanted in step.rows.items():
                if row in before or wanted is not None:
                    write_row(tables, row, before.get(row), wanted)
        except RowMoved as moved:
            raise CanaryFailed(
                f"somebody else has written {moved.row}. Does another canary run? Try again later."
            ) from moved

    def _look(self) -> dict[str, Seen]:
        records = {record.dag_id: record for record in self._places.dags.get(DAGS)}
        found = {dag_id: self._places.bucket.observe(dag_id) for dag_id in DAGS}
        return {
            dag_id: Seen(records.get(dag_id, Record(dag_id)), file.etag if file else "")
            for dag_id, file in found.items()
        }


def _why(
    step: Step,
    now: Mapping[str, Seen],
    latencies: Mapping[str, Mapping[str, float]],
    seconds: float,
) -> str:
    """What a step has not led to."""
    dag_id = next(it for it in step.states if len(latencies[it]) < len(Latencies._fields))
    record, etag = now[dag_id]
    if record.state == step.states[dag_id] and record.unannounced:
        return (
            f"{step.what}: after {seconds:g} seconds EventBridge has not taken the event "
            f"'{record.unannounced}' of {dag_id}. Look at the bus and its policy"
        )
    found = f"{record.state or 'not recorded'}, {'with' if etag else 'without'} a file"
    said = f": {record.diagnostics[0]['message']}" if record.diagnostics else ""
    begun = "" if "begun" in latencies[dag_id] else " No compile has begun."
    return (
        f"{step.what}: after {seconds:g} seconds {dag_id} is {found}{said}, and not "
        f"{step.states[dag_id].value}.{begun} docs/runbook.md says more under stream-stopped and "
        "edits-wait."
    )
