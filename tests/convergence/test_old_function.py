"""Two deployments at once: an invocation of the function before still runs when the rebuild of the
new one has begun, or ended. In the end, all files are the new templates'.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dagc.apply import protocol
from dagc.apply.deployment import Deployment
from dagc.apply.edits import follow_records
from dagc.apply.rebuild import rebuild
from dagc.apply.second_looks import look_again
from dagc.compiler import Target
from dagc.plan.second_look import EVERY, LATEST
from tests.convergence.deployed import (
    Follower,
    compiled,
    deployment_on,
    files,
    job,
    task,
    toolchain,
    tools_for,
)
from tests.emulator.aws import Aws
from tests.emulator.interleaving import Interleaving

Run = Callable[[Deployment], Any]


class Both:
    """The rows of two jobs, compiled by the function before; of a third, edited since."""

    def __init__(self, aws: Aws, run: Interleaving) -> None:
        self.aws = aws
        aws.reset()
        self.now = datetime(2026, 1, 1, tzinfo=UTC)
        self.new = deployment_on(aws, run.in_parallel)._replace(now=self._clock)
        self.old = deployment_on(aws, run.in_parallel, tools_for(Target(2, 10)))._replace(
            now=self._clock
        )
        follower = Follower(aws, self.old)
        aws.put("mwaa_task", task("1"))
        aws.put("mwaa_job", job("1", "x"))
        rebuild(self.old)
        follower.records()
        aws.put("mwaa_job", job("1", "x", job_params={"owner": "me"}))
        aws.put("mwaa_job", job("2", "y"))
        self.edits = follower.records()

    def look_again(self) -> None:
        """Takes the looks that are due soon, and the last ones."""
        for seconds in (EVERY, LATEST):
            self.now += timedelta(seconds=seconds)
            assert not look_again(self.new).failures

    def _clock(self) -> datetime:
        """Goes on by a second whenever somebody looks."""
        self.now += timedelta(seconds=1)
        return self.now

    def is_new(self) -> bool:
        """Whether all files are as the new function compiles them."""
        dags = compiled(self.aws, toolchain())
        return files(self.aws) == {dag_id: dag.text for dag_id, dag in dags.items()}


def _follow(both: Both) -> Run:
    return lambda deployment: follow_records(both.edits, deployment)


def _rebuild(_: Both) -> Run:
    return rebuild


def test_the_old_one_comes_last(aws: Aws) -> None:
    both = Both(aws, Interleaving(lambda _: 0))
    rebuild(both.new)
    assert both.is_new()
    _follow(both)(both.old)
    assert not both.is_new()
    both.look_again()
    assert both.is_new()


def test_nobody_would_notice(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test of the test: without looks, the old text stays."""
    monkeypatch.setattr(protocol, "ask_for_looks", lambda results, _: results)
    both = Both(aws, Interleaving(lambda _: 0))
    rebuild(both.new)
    _follow(both)(both.old)
    both.look_again()
    assert not both.is_new()


@pytest.mark.parametrize("old", [_follow, _rebuild])
def test_the_old_one_is_held(old: Callable[[Both], Run], aws: Aws) -> None:
    """It begins, and stands still before its first call, its second, …; the new one rebuilds."""
    _play(aws, lambda both: [lambda: old(both)(both.old), lambda: rebuild(both.new)])


def test_the_new_one_is_held(aws: Aws) -> None:
    """The old invocation follows edits, from begin to end, while the new one's rebuild waits."""
    _play(aws, lambda both: [lambda: rebuild(both.new), lambda: _follow(both)(both.old)])


def _play(aws: Aws, invocations: Callable[[Both], list[Callable[[], Any]]]) -> None:
    """The first of two invocations begins, and is held at each of its calls; the second runs."""
    held_at, ended = 1, False
    while not ended:
        with Interleaving(lambda _: 0) as run:
            both = Both(aws, run)
            aws.around[:] = [run.around]
            slow, fast = (run.start("invocation", it) for it in invocations(both))
            for _ in range(held_at):
                if not slow.done:
                    run.advance(slow)
            ended = slow.done
            for invocation in (fast, slow):
                while not invocation.done:
                    run.advance(invocation)
                assert invocation.error is None, invocation.error
            aws.around.clear()
            both.look_again()
        assert both.is_new(), held_at
        held_at += 1
