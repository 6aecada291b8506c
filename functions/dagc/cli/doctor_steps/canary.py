"""The canary: writes its rows into a deployed stack, step by step, and waits for what each must
lead to: the record in `mwaa_dag`, the event that EventBridge took, and the file in the bucket. It
leaves nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from dagc.aws.row_writes import RowMoved, write_row
from dagc.cli.apply_steps.stream_wait import Clock
from dagc.cli.deployed_stack import DeployedStack
from dagc.cli.doctor_steps.canary_rows import (
    IDS,
    Keys,
    Step,
    is_canary,
    keys_with,
    removal,
    steps,
)
from dagc.cli.doctor_steps.canary_stages import Latencies, Seen, stages
from dagc.compiler import KEYS, RowKey
from dagc.plan.canary_names import DAGS
from dagc.plan.record import Record

_PAUSE = 0.1
"""Seconds between two looks, so that latencies are known as exactly."""


class Interrupted(Exception):  # noqa: N818  an outcome
    """Somebody wants it to end."""


class CanaryFailed(Exception):  # noqa: N818  an outcome
    """A step did not lead to what it must. The message says to what, and what to do."""


def run_canary(
    deployed: DeployedStack,
    *,
    seconds: float,
    clock: Clock,
    told: Callable[[str, Latencies], None],
) -> None:
    """Does all steps, each within so many `seconds`; `told` is called after each. Raises
    CanaryFailed, Interrupted, and botocore's errors; the rows are deleted in any case.
    """
    keys = _keys(deployed)
    watch = _Watch(deployed, seconds, clock)
    rows = deployed.tables.get(keys)
    _refuse_others(rows)
    if rows:
        told("removed what an earlier canary had left", watch.do(removal(keys)))
    with _removed_in_any_case(deployed, keys):
        for step in steps(keys):
            told(step.what, watch.do(step))


def _keys(deployed: DeployedStack) -> Keys:
    """Keys that the tables can have."""
    ids = {}
    for table, names in KEYS.items():
        types = deployed.tables.key_types(table)
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
def _removed_in_any_case(deployed: DeployedStack, keys: Keys) -> Iterator[None]:
    """Deletes what is left of the rows at the end; the compiler then removes the files, whether
    anybody waits or not.
    """
    try:
        yield
    finally:
        left = deployed.tables.get(keys)
        for row in removal(keys).rows:
            if row in left:
                write_row(deployed.tables, row, left[row], None)


class _Watch:
    """Does steps, and looks at what becomes of the canary's DAGs."""

    def __init__(self, deployed: DeployedStack, seconds: float, clock: Clock) -> None:
        self._deployed, self._seconds, self._clock = deployed, seconds, clock

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
        tables = self._deployed.tables
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
        records = {record.dag_id: record for record in self._deployed.dags.get(DAGS)}
        found = {dag_id: self._deployed.bucket.observe(dag_id) for dag_id in DAGS}
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
