"""Rows written in their order: after each write, with the compiler at rest, no DAG is invalid that
is valid both before and after.
"""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from dagc.changes.row_change import RowChange
from dagc.changes.writing.writing_order import in_writing_order
from dagc.compiler import JOB, SCHEDULER, TASK, RowKey, job_dag_id, row_key, scheduler_dag_id
from tests.convergence.deployed import Follower, deployment_on, files, job, scheduler, states, task
from tests.emulator.aws import Aws

Moment = tuple[dict[str, str], set[str]]
"""The states of the DAGs, and which of them have a file."""
World = dict[RowKey, dict[str, Any]]


def world(*rows: tuple[str, dict[str, Any]]) -> World:
    """Rows, each with its table."""
    return {row_key(table, row): row for table, row in rows}


def changes(before: World, after: World) -> list[RowChange]:
    """What makes `after` of `before`."""
    rows = sorted(before.keys() | after.keys())
    found = [RowChange(row, before.get(row), after.get(row)) for row in rows]
    return [change for change in found if change.before != change.after]


def ordered(before: World, after: World) -> list[str]:
    """The groups, each as `table key, table key`."""
    return [
        ", ".join(f"{row.table.removeprefix('mwaa_')} {row.key[-1][1]}" for row, _, _ in group)
        for group in in_writing_order(changes(before, after))
    ]


def written(aws: Aws, before: World, after: World) -> Iterator[Moment]:
    """The states and the files at first, and after each row that was written, at rest."""
    deployed = Follower(aws, deployment_on(aws))
    for row, item in before.items():
        aws.put(row.table, item)
    deployed.follow()
    yield states(aws), set(files(aws))
    for group in in_writing_order(changes(before, after)):
        for change in group:
            if change.after is None:
                aws.delete(change.row.table, dict(change.before or {}))
            else:
                aws.put(change.row.table, dict(change.after))
            deployed.follow()
            yield states(aws), set(files(aws))


ONE = (TASK, task("1")), (JOB, job("1", "one")), (SCHEDULER, scheduler("1", "daily"))
TWO = (
    (TASK, task("2")),
    (JOB, job("2", "two", "2")),
    (SCHEDULER, scheduler("2", "nightly", "2")),
)


def test_what_appears_and_what_goes() -> None:
    up, down = ["task 2", "job 2", "scheduler 2"], ["scheduler 2", "job 2", "task 2"]
    assert ordered(world(*ONE), world(*ONE, *TWO)) == up
    assert ordered(world(*ONE, *TWO), world(*ONE)) == down
    disabled = [(table, row | {"status": 0}) for table, row in TWO]
    assert ordered(world(*disabled), world(*TWO)) == up
    assert ordered(world(*TWO), world(*disabled)) == down


def test_of_one_table_side_by_side() -> None:
    tasks = [(TASK, task(str(number))) for number in range(5)]
    assert ordered({}, world(*tasks)) == ["task 0, task 1, task 2, task 3, task 4"]


def test_a_chain_of_names() -> None:
    before = world(*((JOB, job(id_, name)) for id_, name in ("1a", "2b", "3c")))
    after = world(*((JOB, job(id_, name)) for id_, name in ("1b", "2c", "3d")))
    assert ordered(before, after) == ["job 3", "job 2", "job 1"]


def test_a_swap_of_names_ends(aws: Aws) -> None:
    before = world(*ONE, (JOB, job("2", "two")))
    after = world(*ONE, (JOB, job("1", "two")), (JOB, job("2", "one")))
    assert ordered(before, after) == ["job 1", "job 2"]
    *_, (last, _) = written(aws, before, after)
    assert set(last.values()) == {"published"}


def test_a_name_that_passes_from_a_row_that_goes_keeps_its_file(aws: Aws) -> None:
    before = world(*ONE)
    after = world(*ONE, (JOB, job("2", "one")), (SCHEDULER, scheduler("1", "daily", "2")))
    del after[row_key(JOB, job("1", ""))]
    moments = list(written(aws, before, after))
    assert moments[-1][0] == {"job-one": "published", "schedule-daily": "published"}
    for found, there in moments:
        assert found["schedule-daily"] == "published"
        assert "job-one" in there


@pytest.mark.parametrize("seed", range(12))
def test_no_dag_is_invalid_on_the_way(aws: Aws, seed: int) -> None:
    chance = random.Random(seed)
    before, after = (_drawn(chance, renaming_tasks=seed % 2 == 0) for _ in range(2))
    moments = list(written(aws, before, after))
    assert not {"invalid", "blocked"} & {*moments[0][0].values(), *moments[-1][0].values()}
    old, new = _claims(before), _claims(after)
    for dag_id in old.keys() & new.keys():
        for found, there in moments:
            if old[dag_id] == new[dag_id]:
                assert (found[dag_id], dag_id in there) == ("published", True)
            elif old[dag_id] in after or old[dag_id].table == SCHEDULER:
                assert found[dag_id] != "invalid"
            else:  # a job's name passes on, and the job goes: see above
                assert dag_id in there


def _drawn(chance: random.Random, *, renaming_tasks: bool) -> World:
    """Rows without a mistake. From one world to another, names pass on by renaming; those of tasks
    only where no task goes.
    """
    tasks, jobs, schedulers = (_some(ids, chance) for ids in ("12345", "1234", "123"))
    rows: list[tuple[str, dict[str, Any]]] = []
    shift = chance.randrange(2) if renaming_tasks else 0
    tasks = [*"12345"] if renaming_tasks else tasks
    for id_ in tasks:
        command = chance.choice(["true", "false"])
        rows.append((TASK, task(id_, command, task_name=f"t{int(id_) + shift}")))
    shift = chance.randrange(2)
    for id_ in jobs:
        members = chance.sample(tasks, chance.randint(1, len(tasks)))
        rows.append((JOB, job(id_, f"j{int(id_) + shift}", ",".join(members))))
    shift = chance.randrange(2)
    for id_ in schedulers:
        started = chance.sample(jobs, chance.randint(1, len(jobs)))
        rows.append((SCHEDULER, scheduler(id_, f"s{int(id_) + shift}", ",".join(started))))
    return world(*rows)


def _some(ids: str, chance: random.Random) -> list[str]:
    return [id_ for id_ in ids if chance.random() < 0.7] or ["1"]


def _claims(rows: World) -> dict[str, RowKey]:
    named = {JOB: job_dag_id, SCHEDULER: scheduler_dag_id}
    return {named[row.table](item): row for row, item in rows.items() if row.table in named}
