"""A job's runs have the date of the one scheduler that starts it; where several do, each moves it.

So a scheduler's file changes where another one comes to start the same job, or ceases to.
"""

from typing import Any

import pytest

from dagc.apply.edits import follow_records
from dagc.apply.rebuild import rebuild
from tests.convergence.broken import SHARING_BREAKS, Break
from tests.convergence.deployed import (
    Follower,
    deployment_on,
    failing,
    files,
    job,
    records,
    scheduler,
    task,
    toolchain,
)
from tests.convergence.expectation import Expectation
from tests.emulator.aws import Aws
from tests.emulator.faults import Fault, Faults, at
from tests.emulator.interleaving import Interleaving

Row = tuple[str, dict[str, Any]]

TASK = ("mwaa_task", task("1"))
JOBS = [("mwaa_job", job("1", "one")), ("mwaa_job", job("2", "two"))]
ONE, TWO, THREE = (("mwaa_scheduler", scheduler(id_, f"s{id_}")) for id_ in "123")
ALONE = [TASK, *JOBS, ONE]
BOTH = [*ALONE, TWO]
CHANGES: dict[str, tuple[list[Row], Row, bool]] = {
    "a second one comes": (ALONE, TWO, True),
    "the second one goes": (BOTH, TWO, False),
    "a third one comes": (BOTH, THREE, True),
    "the second one is disabled": (BOTH, ("mwaa_scheduler", scheduler("2", "s2", status=0)), True),
    "the second one leaves the job": (BOTH, ("mwaa_scheduler", scheduler("2", "s2", "2")), True),
    "the second one is renamed": (BOTH, ("mwaa_scheduler", scheduler("2", "other")), True),
    "the second one is in error": (BOTH, ("mwaa_scheduler", scheduler("2", "s2", "1,404")), True),
    "the job breaks": (BOTH, ("mwaa_job", job("1", "one", "404")), True),
}


def shared(deployed: Follower) -> dict[str, bool]:
    """Of each scheduler with a file, whether it moves the date of its job's runs."""
    found = files(deployed.aws).items()
    return {dag_id: "microsecond" in text for dag_id, text in found if "schedule" in dag_id}


def _put(deployed: Follower, *rows: Row) -> None:
    for row in rows:
        deployed.aws.put(*row)


def test_a_second_scheduler_comes_and_goes(deployed: Follower) -> None:
    _put(deployed, *ALONE)
    deployed.follow()
    assert shared(deployed) == {"schedule-s1": False}
    _put(deployed, TWO)
    deployed.follow()
    assert shared(deployed) == {"schedule-s1": True, "schedule-s2": True}
    assert records(deployed.aws)["schedule-s1"]["shared_jobs"] == {"job/1"}
    deployed.aws.delete(*ONE)
    deployed.follow()
    assert shared(deployed) == {"schedule-s2": False}
    assert not rebuild(deployed.deployment).outcomes


def test_both_come_at_once(deployed: Follower) -> None:
    _put(deployed, *BOTH)
    followed = deployed.follow()
    assert shared(deployed) == {"schedule-s1": True, "schedule-s2": True}
    assert sum(outcome.written for outcome in followed.outcomes) == 4


def test_each_comes_to_start_the_job_of_the_other(deployed: Follower) -> None:
    _put(deployed, *ALONE, ("mwaa_scheduler", scheduler("2", "s2", "2")))
    deployed.follow()
    assert shared(deployed) == {"schedule-s1": False, "schedule-s2": False}
    for id_ in "12":
        _put(deployed, ("mwaa_scheduler", scheduler(id_, f"s{id_}", "1,2")))
    assert not deployed.follow().failures
    assert shared(deployed) == {"schedule-s1": True, "schedule-s2": True}


def test_one_of_its_jobs_is_shared(deployed: Follower) -> None:
    _put(deployed, *ALONE, ("mwaa_scheduler", scheduler("2", "s2", "1,2")))
    deployed.follow()
    text = files(deployed.aws)["schedule-s2"]
    assert text.count("logical_date=LOGICAL_DATE") == 1
    assert '"logical_date": "{{ (dag_run' in text


def test_a_scheduler_that_cannot_be_compiled_is_compiled_later(deployed: Follower) -> None:
    _put(deployed, *ALONE)
    deployed.follow()
    _put(deployed, TWO)
    new = deployed.records()
    deployed.aws.around.append(failing("s3.HeadObject", "schedule-s1"))
    followed = follow_records(new, deployed.deployment)
    assert {failure.what for failure in followed.failures} == {"schedule-s1", "schedule-s2"}
    assert followed.resume_at is not None
    deployed.aws.around.clear()
    assert not follow_records(new, deployed.deployment).failures
    assert shared(deployed) == {"schedule-s1": True, "schedule-s2": True}


@pytest.mark.parametrize("lost", ["mwaa_dag", "mwaa_dag_dependency"])
def test_lost_tables(deployed: Follower, lost: str) -> None:
    _put(deployed, *BOTH)
    deployed.follow()
    for row in deployed.aws.rows(lost):
        deployed.aws.delete(lost, row)
    rebuild(deployed.deployment)
    assert shared(deployed) == {"schedule-s1": True, "schedule-s2": True}
    assert not rebuild(deployed.deployment).outcomes


def _crash(aws: Aws, change: str, at_call: int) -> tuple[bool, Expectation]:
    """The change, whose invocation ends after so many calls, if it does not end before; and then
    its event is delivered again.
    """
    before, (table, row), is_put = CHANGES[change]
    aws.reset()
    with Interleaving(lambda _: 0) as run:
        deployed = Follower(aws, deployment_on(aws, run.in_parallel))
        expectation = Expectation(aws, toolchain())
        for its_table, its_row in before:
            aws.put(its_table, its_row)
            expectation.edited()
        deployed.follow()
        (aws.put if is_put else aws.delete)(table, row)
        expectation.edited()
        new = deployed.records()
        faults = Faults(run, at({("edit", at_call): Fault.CRASH_AFTER}))
        aws.around[:] = [run.around, faults.around]
        invocation = run.start("edit", lambda: follow_records(new, deployed.deployment))
        while not invocation.done:
            run.advance(invocation)
        aws.around.clear()
        follow_records(new, deployed.deployment)
    return bool(faults.injected), expectation


def _crash_everywhere(aws: Aws, *changes: str) -> None:
    for change in changes:
        crashed, at_call = True, 0
        while crashed:
            at_call += 1
            crashed, expectation = _crash(aws, change, at_call)
            expectation.check()


@pytest.mark.parametrize("change", CHANGES)
def test_whoever_dies_leaves_nothing_untrue(change: str, aws: Aws) -> None:
    _crash_everywhere(aws, change)


@pytest.mark.parametrize("broken", SHARING_BREAKS)
def test_a_broken_compiler_is_noticed(
    broken: Break, aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch)
    with pytest.raises(AssertionError, match="schedule-s1"):
        _crash_everywhere(aws, *CHANGES)
