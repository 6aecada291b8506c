"""What rows that change mean for DAGs: as they are with the live rows, and with others. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from dagc.changes.dag_change import DagChange, DagSide, Effect, Way
from dagc.changes.forecast.forecast import Forecast, World, forecast
from dagc.changes.row_change import RowChange
from dagc.compiler import Diagnostic, RowKey, Toolchain
from dagc.plan.dag_plan import DagPlan
from dagc.plan.edit import Edit, claimed_ids, requests_for
from dagc.plan.inputs import input_of
from dagc.plan.record import State, diagnostic_of
from dagc.plan.request import Request


@dataclass(frozen=True)
class Consequences:
    """The DAGs that `edits` concern: `before`, with the rows as they are live, which may differ
    from what is in the bucket; and `after`, once the edits are made and all is at rest.
    """

    edits: Sequence[Edit]
    before: Forecast
    after: Forecast


def consequences(
    changes: Sequence[RowChange], world: World, toolchain: Toolchain, now: datetime
) -> Consequences:
    """What `changes` lead to in `world`, and what these DAGs are without them."""
    edits = [_edit(change, now) for change in changes]
    rows = world.rows.edited({change.row: change.after for change in changes})
    known = _requests(edits, world)
    while True:
        before = forecast(known, world, toolchain, now)
        # Of a job whose own edit is on its way, it is only now known what it reads.
        requests = _requests(edits, before.world)
        after = forecast(requests, replace(before.world, rows=rows), toolchain, now)
        others = after.plans.keys() - before.plans.keys()
        if not others:
            return Consequences(edits, before, after)
        known = [*known, *map(Request, sorted(others))]


def _requests(edits: Sequence[Edit], world: World) -> list[Request]:
    """The DAGs that edits touch, by what is known of who reads what."""
    readers = {edit.input: world.readers.get(edit.input, frozenset()) for edit in edits}
    return requests_for(edits, readers)


def dag_changes(found: Consequences, last_good: Mapping[str, str]) -> tuple[DagChange, ...]:
    """The DAGs that the edits concern, in the order of their ids.

    `last_good` has the files of DAGs that are invalid now, as far as they are known.
    """
    ways = _ways(found)
    sides = {dag_id: _sides(found, dag_id, last_good) for dag_id in sorted(found.after.plans)}
    renamed = _renamed(sides)
    return tuple(
        DagChange(
            dag_id, effect_of(before, after), before, after, ways[dag_id], renamed.get(dag_id, "")
        )
        for dag_id, (before, after) in sides.items()
    )


def stale_last_good(found: Consequences) -> list[str]:
    """The invalid DAGs whose last good file is replaced or removed: what it holds is not known."""
    before, after = found.before.world, found.after.world
    return [
        dag_id
        for dag_id, plan in sorted(found.before.plans.items())
        if plan.change.record.state == State.INVALID
        and dag_id in before.files
        and before.files[dag_id] != after.files.get(dag_id)
    ]


def _edit(change: RowChange, now: datetime) -> Edit:
    images = [image for image in (change.before, change.after) if image is not None]
    return Edit(
        row=change.row,
        dag_ids=claimed_ids(change.row, images),
        input=input_of(change.row),
        new=change.before is None,
        gone=change.after is None,
        edited_at=now.timestamp(),
        sequence="0",
    )


def _sides(
    found: Consequences, dag_id: str, last_good: Mapping[str, str]
) -> tuple[DagSide, DagSide]:
    plan = found.before.plans[dag_id]
    then = found.after.plans[dag_id]
    before = _side(plan)
    # Without a compile, all that it is made of is as before.
    after = _side(then) if then.dag is not None else before
    if before.state is State.INVALID:
        files, files_then = found.before.world.files, found.after.world.files
        stays = after.state is State.PUBLISHED and files.get(dag_id) == files_then.get(dag_id)
        before = before._replace(text=after.text if stays else last_good.get(dag_id))
    return before, after


def _side(plan: DagPlan) -> DagSide:
    """A DAG as its plan has it, which was compiled."""
    assert plan.dag is not None
    state = State(plan.change.record.state)
    return DagSide(
        state=None if state is State.REMOVED else state,
        text=plan.dag.text,
        diagnostics=_diagnostics(plan),
        rows=tuple(row.row for row in plan.claimed.rows),
    )


def _diagnostics(plan: DagPlan) -> tuple[Diagnostic, ...]:
    """What the compiler says of the rows, and what was found in the place of the file."""
    assert plan.dag is not None
    known = plan.dag.diagnostics
    return (*known, *map(diagnostic_of, plan.change.record.diagnostics[len(known) :]))


def effect_of(before: DagSide, after: DagSide) -> Effect:
    """What happens to a DAG, by what it is before and after."""
    was_there = before.state in (State.PUBLISHED, State.INVALID, State.BLOCKED)
    match after.state:
        case State.INVALID:
            return Effect.STILL_INVALID if before.state is State.INVALID else Effect.INVALID
        case State.BLOCKED:
            return Effect.BLOCKED
        case State.PUBLISHED if not was_there:
            return Effect.CREATED
        case State.PUBLISHED if before.state is not State.PUBLISHED:
            return Effect.VALID_AGAIN
        case State.PUBLISHED:
            return Effect.UNCHANGED if before.text == after.text else Effect.CHANGED
    return Effect.REMOVED if was_there else Effect.UNCHANGED


def _renamed(sides: Mapping[str, tuple[DagSide, DagSide]]) -> dict[str, str]:
    """The other id of each DAG whose row gets another name, by DAG id."""
    left = {row: id_ for id_, (old, new) in sides.items() for row in old.rows if not new.rows}
    come = {row: id_ for id_, (old, new) in sides.items() for row in new.rows if not old.rows}
    both = sorted(left.keys() & come.keys())
    return {left[row]: come[row] for row in both} | {come[row]: left[row] for row in both}


def _ways(found: Consequences) -> dict[str, tuple[Way, ...]]:
    """How the edits reach each DAG: by claiming or by being read, or through another DAG."""
    claiming: dict[str, list[RowKey]] = {}
    read: dict[str, list[RowKey]] = {}
    for edit in found.edits:
        for dag_id in edit.dag_ids:
            claiming.setdefault(dag_id, []).append(edit.row)
        read.setdefault(edit.input, []).append(edit.row)
    ways: dict[str, tuple[Way, ...]] = {}
    for dag_id, plan in found.after.plans.items():  # whoever asks for a DAG comes before it
        old = found.before.plans[dag_id].change.record.inputs
        inputs = sorted(old.keys() | plan.change.record.inputs.keys())
        rows = [*claiming.get(dag_id, ()), *(row for name in inputs for row in read.get(name, ()))]
        direct = {row: Way(row, (dag_id,)) for row in rows}
        through = {
            way.row: Way(way.row, (*way.steps, dag_id))
            for cause in sorted(found.after.causes.get(dag_id, ()))
            for way in ways[cause]
        }
        ways[dag_id] = tuple((through | direct).values())
    return ways
