"""An edit compiles exactly the DAGs that can read the row, at a cost known to the last call.

The edits, and what each costs, are in `exactness.yaml`. Each is made in a small world and in one
with a hundred times as many rows, and must cost the same.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from dagc.apply.rebuild import rebuild
from dagc.apply.results import Outcome
from dagc.aws.dynamodb_json import dynamodb_item
from tests.convergence.deployed import Follower, deployment_on, job, task
from tests.emulator.aws import KEYS, Aws

Row = dict[str, Any]
Rows = Mapping[str, list[Row]]
Edit = Mapping[str, Any]

TABLE: Mapping[str, Any] = yaml.safe_load(
    Path(__file__).with_name("exactness.yaml").read_text(encoding="utf-8")
)
ROWS: Rows = TABLE["rows"]
EDITS: list[Edit] = TABLE["edits"]
SHARE = 25
"""Rows that are put together: a job and tasks."""


@pytest.fixture(scope="module", params=[100, 10_000], ids="{:,} rows".format)
def world(account: Aws, request: pytest.FixtureRequest) -> Follower:
    """The rows of the table among so many others, all compiled."""
    account.around.clear()
    account.reset()
    others = request.param - sum(map(len, ROWS.values()))
    for number in range(0, others, SHARE):
        _put_others(account, number, min(SHARE, others - number))
    for table, rows in ROWS.items():
        for row in rows:
            account.put(table, row)
    deployment = deployment_on(account)
    rebuild(deployment)
    follower = Follower(account, deployment)
    follower.records()
    return follower


@pytest.fixture(params=EDITS, ids=[edit["edit"] for edit in EDITS])
def edit(world: Follower, request: pytest.FixtureRequest) -> Iterator[Edit]:
    """An edit, which is undone after the test."""
    yield request.param
    for made in [*request.param.get("first", ()), request.param]:
        for table, rows in made.get("put", {}).items():
            for row in rows:
                world.aws.delete(table, row)
    for table, rows in ROWS.items():
        for row in rows:
            world.aws.put(table, row)
    world.follow()


def test_edit(world: Follower, edit: Edit) -> None:
    for before in edit.get("first", ()):
        make(before, world.aws)
        world.follow()
    make(edit, world.aws)
    followed = world.follow()
    calls = {name.split(".")[1]: count for name, count in sorted(world.aws.calls.items())}
    assert {
        "compiles": sorted(outcome.after.dag_id for outcome in followed.outcomes),
        "files": sorted(filter(None, map(_effect, followed.outcomes))),
        "calls": calls,
    } == {name: edit[name] for name in ("compiles", "files", "calls")}
    assert not followed.failures
    assert "Scan" not in calls
    assert not world.aws.eventual_reads


def _effect(outcome: Outcome) -> str:
    """What became of the file: "+job-a", "-job-a"; "" for nothing."""
    sign = "+" if outcome.written else "-" if outcome.deleted else ""
    return sign and sign + outcome.after.dag_id


def make(edit: Mapping[str, Rows], aws: Aws) -> None:
    for table, changes in edit.get("put", {}).items():
        for change in changes:
            key = [change[name] for name in KEYS[table]]
            known = [row for row in ROWS[table] if [row[name] for name in KEYS[table]] == key]
            aws.put(table, {**(known[0] if known else {}), **change})
    for table, keys in edit.get("delete", {}).items():
        for row in keys:
            aws.delete(table, row)


def _put_others(aws: Aws, first: int, count: int) -> None:
    """A job and tasks, of which it names two: its dependencies take longer to make than they do."""
    ids = [f"other_{number}" for number in range(first, first + count)]
    name, *tasks = ids
    rows = {
        "mwaa_task": [task(task_id) for task_id in tasks],
        "mwaa_job": [job(name, name, ",".join(tasks[:2]))],
    }
    with aws.unobserved():
        aws.dynamodb.batch_write_item(
            RequestItems={
                table: [{"PutRequest": {"Item": dynamodb_item(row)}} for row in items]
                for table, items in rows.items()
                if items
            }
        )
