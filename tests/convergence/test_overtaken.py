"""One edit's invocation is held, at each of its AWS calls in turn; another's overtakes it there.

All pairs of edits that get in each other's way: whatever the place, the end is what the rows say.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from dagc.apply.edits import follow_records
from tests.convergence.broken import BREAKS, Break
from tests.convergence.deployed import Follower, deployment_on, job, scheduler, task, toolchain
from tests.convergence.expectation import Expectation
from tests.emulator.aws import Aws
from tests.emulator.interleaving import Interleaving

Edit = tuple[str, dict[str, Any], bool]


def put(table: str, row: dict[str, Any]) -> Edit:
    return f"mwaa_{table}", row, True


def delete(table: str, row: dict[str, Any]) -> Edit:
    return f"mwaa_{table}", row, False


TASKS = [put("task", task("1")), put("task", task("2"))]
JOB = put("job", job("1", "x", "1"))
OTHER_JOB = put("job", job("2", "y", "1"))
ONE, TWO, THREE = (put("scheduler", scheduler(id_, f"s{id_}", "1")) for id_ in "123")
PAIRS: dict[str, tuple[list[Edit], Edit, Edit]] = {
    "a change is taken back": (
        [*TASKS, JOB],
        put("task", task("1", "false")),
        put("task", task("1")),
    ),
    "a new job, and its task changes": (TASKS, JOB, put("task", task("1", "false"))),
    "a new job is deleted": (TASKS, JOB, delete("job", job("1", "x", "1"))),
    "renamed, and back": ([*TASKS, JOB], put("job", job("1", "y", "1")), JOB),
    "two swap their names": (
        [*TASKS, JOB, put("job", job("2", "y", "2"))],
        put("job", job("1", "y", "1")),
        put("job", job("2", "x", "2")),
    ),
    "another task, and back": ([*TASKS, JOB], put("job", job("1", "x", "2")), JOB),
    "broken and repaired": ([*TASKS, JOB], delete("task", task("1")), put("task", task("1"))),
    "a scheduler, and its job": (TASKS, put("scheduler", scheduler("1", "s", "1")), JOB),
    "a scheduler, and its job is renamed": (
        [*TASKS, JOB],
        put("scheduler", scheduler("1", "s", "1")),
        put("job", job("1", "y", "1")),
    ),
    "a job breaks, and a scheduler comes": (
        [*TASKS, JOB],
        delete("task", task("1")),
        put("scheduler", scheduler("1", "s", "1")),
    ),
    "a job that was never published is repaired, and a scheduler comes": (
        [JOB],
        put("task", task("1")),
        put("scheduler", scheduler("1", "s", "1")),
    ),
    "a job of a scheduler breaks, and is repaired": (
        [*TASKS, JOB, put("scheduler", scheduler("1", "s", "1"))],
        delete("task", task("1")),
        put("task", task("1")),
    ),
    "a job of a scheduler is repaired, and is renamed": (
        [JOB, put("scheduler", scheduler("1", "s", "1"))],
        put("task", task("1")),
        put("job", job("1", "y", "1")),
    ),
    "two schedulers come to start a job": ([*TASKS, JOB], ONE, TWO),
    "a second scheduler of a job, and a third": ([*TASKS, JOB, ONE], TWO, THREE),
    "a second scheduler of a job comes, the first goes": (
        [*TASKS, JOB, ONE],
        TWO,
        delete("scheduler", scheduler("1", "s1")),
    ),
    "a second scheduler of a job comes, and goes": (
        [*TASKS, JOB, ONE],
        TWO,
        delete("scheduler", scheduler("2", "s2")),
    ),
    "two of three schedulers of a job go": (
        [*TASKS, JOB, ONE, TWO, THREE],
        delete("scheduler", scheduler("2", "s2")),
        delete("scheduler", scheduler("3", "s3")),
    ),
    "one of two schedulers of a job goes, another comes": (
        [*TASKS, JOB, ONE, TWO],
        delete("scheduler", scheduler("2", "s2")),
        THREE,
    ),
    "two schedulers exchange their jobs": (
        [*TASKS, JOB, OTHER_JOB, ONE, put("scheduler", scheduler("2", "s2", "2"))],
        put("scheduler", scheduler("1", "s1", "2")),
        TWO,
    ),
    "each of two schedulers starts the other's job, too": (
        [*TASKS, JOB, OTHER_JOB, ONE, put("scheduler", scheduler("2", "s2", "2"))],
        put("scheduler", scheduler("1", "s1", "1,2")),
        put("scheduler", scheduler("2", "s2", "1,2")),
    ),
    "a scheduler leaves a job to another, and its job changes": (
        [*TASKS, JOB, OTHER_JOB, ONE, TWO],
        put("scheduler", scheduler("1", "s1", "2")),
        put("job", job("1", "x", "404")),
    ),
    "a disabled job, and on again": (
        [*TASKS, JOB, put("scheduler", scheduler("1", "s", "1"))],
        put("job", job("1", "x", "1", status=0)),
        JOB,
    ),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_overtaken(pair: str, aws: Aws) -> None:
    _play(aws, pair)


@pytest.mark.parametrize("broken", BREAKS)
def test_a_broken_compiler_is_noticed(
    broken: Break, aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch)
    with pytest.raises(AssertionError, match="is not what the rows say"):
        _play(aws, *PAIRS)


def _play(aws: Aws, *pairs: str) -> None:
    for pair in pairs:
        for expectation in _ends(aws, pair):
            expectation.check()


def _ends(aws: Aws, pair: str) -> Iterator[Expectation]:
    """The end, with the first edit's invocation held before its first call, its second, …"""
    before, first, second = PAIRS[pair]
    held_at = 0
    ended = False
    while not ended:
        aws.reset()
        with Interleaving(lambda _: 0) as run:
            deployed = Follower(aws, deployment_on(aws, run.in_parallel))
            expectation = Expectation(aws, toolchain())
            for edit in before:
                _make(edit, aws, expectation)
            deployed.follow()
            aws.around[:] = [run.around]
            slow = _invocation(first, deployed, run, expectation)
            for _ in range(held_at):
                if not slow.done:
                    run.advance(slow)
            ended = slow.done
            fast = _invocation(second, deployed, run, expectation)
            for invocation in (fast, slow):
                while not invocation.done:
                    run.advance(invocation)
                assert invocation.error is None, invocation.error
            aws.around.clear()
        yield expectation
        held_at += 1


def _make(edit: Edit, aws: Aws, expectation: Expectation) -> None:
    table, row, is_put = edit
    (aws.put if is_put else aws.delete)(table, row)
    expectation.edited()


def _invocation(edit: Edit, deployed: Follower, run: Interleaving, expectation: Expectation) -> Any:
    _make(edit, deployed.aws, expectation)
    records = deployed.records()
    return run.start("edit", lambda: follow_records(records, deployed.deployment))
