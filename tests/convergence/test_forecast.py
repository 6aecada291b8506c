"""A plan and what then happens cannot differ: whatever is edited, the function makes of it what was
foretold, DAG by DAG, and touches no other.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dagc.apply.read_inventory import read_with_rows
from dagc.changes.dag_change import Effect
from dagc.changes.forecast.consequences import Consequences, consequences, dag_changes
from dagc.changes.forecast.drift import drift, waiting
from dagc.changes.forecast.worlds import live_world, unclear_files
from dagc.changes.plan import Drift
from dagc.changes.row_change import RowChange
from dagc.compiler import RowKey, Snapshot, row_key
from dagc.plan.file_change import digest
from dagc.plan.inventory import Inventory
from dagc.plan.record import Record, State
from tests.convergence.deployed import PREFIX, Follower, files, records
from tests.convergence.world import Row, narrowed, rows, sharing
from tests.emulator.aws import BUCKET, Aws

Edits = list[tuple[str, Row, bool]]
"""Table, row, and whether it is deleted."""

_KINDS = [None, narrowed, sharing]
EDITS = st.builds(
    lambda kind, drawn: [
        (table, kind(table, row) if kind else row, gone) for (table, row), gone in drawn
    ],
    st.sampled_from(_KINDS),
    st.lists(st.tuples(rows(), st.sampled_from([False, False, False, True])), max_size=12),
)
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


_SETTINGS = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@_SETTINGS
@given(first=EDITS, then=EDITS)
def test_the_function_makes_what_was_foretold(
    aws: Aws, deployed: Follower, first: Edits, then: Edits
) -> None:
    aws.reset()
    deployed = Follower(aws, deployed.deployment)
    _make(aws, first)
    deployed.follow()
    then = _once(then)
    assert _apart(aws, deployed) == ((), ())
    foretold = _foretold(aws, deployed, then)
    before = _Seen(files(aws), records(aws))
    _make(aws, then)
    deployed.follow()
    after = _Seen(files(aws), records(aws))
    for plan in foretold.after.plans.values():
        _compare(plan.change.record, before, after)
    for dag_id in after.records.keys() | before.records.keys() | after.files.keys():
        if dag_id not in foretold.after.plans:
            assert before.of(dag_id) == after.of(dag_id), dag_id
    for change in dag_changes(foretold, before.files):
        stays = before.is_good(change.dag_id) and after.is_good(change.dag_id)
        stays &= before.files.get(change.dag_id) == after.files.get(change.dag_id)
        assert (change.effect is Effect.UNCHANGED) == stays, change.dag_id


@_SETTINGS
@given(first=EDITS, waiting_edits=EDITS, then=EDITS)
def test_also_while_earlier_edits_are_on_their_way(
    aws: Aws, deployed: Follower, first: Edits, waiting_edits: Edits, then: Edits
) -> None:
    aws.reset()
    deployed = Follower(aws, deployed.deployment)
    _make(aws, first)
    deployed.follow()
    _make(aws, waiting_edits)
    then = _once(then)
    foretold = _foretold(aws, deployed, then)
    _make(aws, then)
    deployed.follow()
    after = _Seen(files(aws), records(aws))
    for plan in foretold.after.plans.values():
        expected = plan.change.record
        assert after.records[expected.dag_id]["state"] == expected.state, expected.dag_id
        if expected.state == State.PUBLISHED:
            assert digest(after.files[expected.dag_id]) == expected.sha256, expected.dag_id


class _Seen(NamedTuple):
    """What is in the account, by DAG id."""

    files: Mapping[str, str]
    records: Mapping[str, Mapping[str, Any]]

    def of(self, dag_id: str) -> tuple[str | None, Mapping[str, Any] | None]:
        return self.files.get(dag_id), self.records.get(dag_id)

    def is_good(self, dag_id: str) -> bool:
        return self.records.get(dag_id, {}).get("state") != State.INVALID


def _compare(expected: Record, before: _Seen, after: _Seen) -> None:
    dag_id = expected.dag_id
    assert after.records[dag_id]["state"] == expected.state, dag_id
    file = after.files.get(dag_id)
    if expected.state == State.PUBLISHED:
        assert file is not None
        assert digest(file) == expected.sha256, dag_id
    else:
        stays = before.files.get(dag_id) if expected.state == State.INVALID else None
        assert file == stays, dag_id


def _foretold(aws: Aws, deployed: Follower, then: Edits) -> Consequences:
    with aws.unobserved():
        inventory, rows = _read(deployed)
    final: dict[RowKey, Row | None] = {}
    for table, row, gone in then:
        final[row_key(table, row)] = None if gone else row
    live = rows.items
    changes = [
        RowChange(key, live.get(key), row) for key, row in final.items() if live.get(key) != row
    ]
    world = live_world(inventory, rows, {}, f"s3://{BUCKET}/{PREFIX}")
    return consequences(changes, world, deployed.deployment.toolchain, NOW)


def _once(edits: Edits) -> Edits:
    """The last edit of each row alone: a plan writes a row once."""
    return list({row_key(table, row): (table, row, gone) for table, row, gone in edits}.values())


def _apart(aws: Aws, deployed: Follower) -> tuple[tuple[Drift, ...], tuple[str, ...]]:
    """What a plan shows apart from the change: nothing, where all is at rest."""
    with aws.unobserved():
        inventory, _ = _read(deployed)
    known = inventory._replace(toolchain=deployed.deployment.toolchain.fingerprint)
    assert unclear_files(inventory) == []
    return drift(inventory, {}), waiting(known, ())


def _read(deployed: Follower) -> tuple[Inventory, Snapshot]:
    it = deployed.deployment
    return read_with_rows(
        tables=it.tables,
        dags=it.dags,
        dependencies=it.dependencies,
        bucket=it.bucket,
        toolchain=it.toolchain,
        in_parallel=it.in_parallel,
    )


def _make(aws: Aws, edits: Edits) -> None:
    for table, row, gone in edits:
        aws.delete(table, row) if gone else aws.put(table, row)
