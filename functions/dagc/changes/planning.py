"""Makes a plan of the rows that are to change, and of the world in which they do. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from dagc.changes.dag_change import DagChange, Effect
from dagc.changes.forecast.consequences import (
    Consequences,
    consequences,
    dag_changes,
    stale_last_good,
)
from dagc.changes.forecast.forecast import World
from dagc.changes.plan import Plan
from dagc.changes.row_change import RowChange
from dagc.compiler import (
    TASK,
    AllDags,
    Diagnostic,
    SchedulerRow,
    Severity,
    Snapshot,
    Toolchain,
    asset_circles,
    external_waits,
    shared_dates,
    vain_starts,
)
from dagc.plan.record import State

ReadFiles = Callable[[Sequence[str]], Mapping[str, str]]
"""Reads the files of DAGs, by DAG id; of those that are there."""


def plan_changes(
    changes: Sequence[RowChange],
    world: World,
    toolchain: Toolchain,
    *,
    now: datetime,
    read_files: ReadFiles,
) -> tuple[Plan, Snapshot]:
    """The plan of `changes` in `world`, with what is wrong then; and all rows as they are to be.

    Of an invalid DAG that becomes valid, or goes, the last good file is read.
    """
    found = consequences(changes, world, toolchain, now)
    dags = tuple(
        dag for dag in dag_changes(found, read_files(stale_last_good(found))) if _is_told(dag)
    )
    diagnostics = _by_severity(_diagnostics(changes, dags, found))
    return Plan(tuple(changes), (), dags, diagnostics), found.after.world.rows


def _is_told(dag: DagChange) -> bool:
    """Whether a plan has it: not what no edited row reaches, nor what is no DAG before or after."""
    is_one = any(side.state not in (None, State.DISABLED) for side in (dag.before, dag.after))
    return dag.effect is not Effect.UNCHANGED or (bool(dag.ways) and is_one)


def _diagnostics(
    changes: Iterable[RowChange], dags: Iterable[DagChange], found: Consequences
) -> Iterator[tuple[Diagnostic, str]]:
    """What is wrong in DAGs, each with the DAG id; and in tasks that are written, with ""."""
    rows = found.after.world.rows
    written = [change.row for change in changes if change.after is not None]
    ids = [row.value("task_id") for row in written if row.table == TASK]
    for task in rows.tasks(ids).values():
        if task.enabled:
            yield from ((diagnostic, "") for diagnostic in task.diagnostics)
    for dag in dags:
        yield from ((diagnostic, dag.dag_id) for diagnostic in dag.after.diagnostics)
    ours = {row for dag in dags for row in dag.after.rows}
    schedulers = [
        row
        for claimants in rows.claims().values()
        for row in claimants
        if isinstance(row, SchedulerRow)
    ]
    for scheduler, diagnostic in shared_dates(schedulers):
        if scheduler.row in ours:
            yield diagnostic, scheduler.dag_id
    yield from _vain_waits(dags, rows)


def _vain_waits(dags: Iterable[DagChange], rows: Snapshot) -> Iterator[tuple[Diagnostic, str]]:
    """A warning for each scheduler of `dags`, and each task of their jobs, that waits for what
    never comes, and for each circle of schedulers with one of them; with the DAG id.
    """
    files = {dag.dag_id: dag.after.text for dag in dags if dag.after.text is not None}
    all_dags = AllDags.of(rows.claims(), files)
    for dag in dags:
        for row in all_dags.claims.get(dag.dag_id, ()):
            if isinstance(row, SchedulerRow):
                found = vain_starts([row], all_dags)
            else:
                found = external_waits(rows.tasks(row.task_rows).values(), all_dags, row)
            yield from ((diagnostic, dag.dag_id) for diagnostic in found)
    told = {dag.dag_id for dag in dags}
    for dag_ids, diagnostic in asset_circles(all_dags):
        yield from ((diagnostic, dag_id) for dag_id in dag_ids if dag_id in told)


def _by_severity(
    found: Iterable[tuple[Diagnostic, str]],
) -> dict[Diagnostic, tuple[str, ...]]:
    """The DAG ids that each diagnostic affects; errors first."""
    affected: dict[Diagnostic, dict[str, None]] = {}
    for diagnostic, dag_id in found:
        affected.setdefault(diagnostic, {}).update({dag_id: None} if dag_id else {})
    order = list(Severity)
    ranked = sorted(affected, key=lambda it: (order.index(it.severity), it))
    return {diagnostic: tuple(affected[diagnostic]) for diagnostic in ranked}
