"""A job's runs have the date of the one scheduler that starts it; where several do, each moves it.

So a scheduler's file changes where another one comes to start the same job, or ceases to.
"""

import pytest

from dagc.apply.edits import follow_records
from dagc.apply.rebuild import rebuild
from tests.convergence.broken import SHARING_BREAKS, Break
from tests.convergence.crashes import Change, Row, crash_everywhere
from tests.convergence.deployed import (
    Follower,
    failing,
    files,
    job,
    records,
    scheduler,
    task,
)
from tests.emulator.aws import Aws

TASK = ("mwaa_task", task("1"))
JOBS = [("mwaa_job", job("1", "one")), ("mwaa_job", job("2", "two"))]
ONE, TWO, THREE = (("mwaa_scheduler", scheduler(id_, f"s{id_}")) for id_ in "123")
ALONE = [TASK, *JOBS, ONE]
BOTH = [*ALONE, TWO]
CHANGES = {
    "a second one comes": Change(ALONE, TWO),
    "the second one goes": Change(BOTH, TWO, is_put=False),
    "a third one comes": Change(BOTH, THREE),
    "the second one is disabled": Change(BOTH, ("mwaa_scheduler", scheduler("2", "s2", status=0))),
    "the second one leaves the job": Change(BOTH, ("mwaa_scheduler", scheduler("2", "s2", "2"))),
    "the second one is renamed": Change(BOTH, ("mwaa_scheduler", scheduler("2", "other"))),
    "one without a name comes": (Change(ALONE, ("mwaa_scheduler", scheduler("2", "")))),
    "the second one loses its name": Change(BOTH, ("mwaa_scheduler", scheduler("2", "no name"))),
    "the second one is in error": Change(BOTH, ("mwaa_scheduler", scheduler("2", "s2", "1,404"))),
    "the job breaks": Change(BOTH, ("mwaa_job", job("1", "one", "404"))),
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
    deployed.aws.around.append(failing("dynamodb.UpdateItem", "schedule-s1"))
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


@pytest.mark.parametrize("change", CHANGES)
def test_whoever_dies_leaves_nothing_untrue(change: str, aws: Aws) -> None:
    crash_everywhere(aws, CHANGES[change])


@pytest.mark.parametrize("broken", SHARING_BREAKS)
def test_a_broken_compiler_is_noticed(
    broken: Break, aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch)
    with pytest.raises(AssertionError, match="schedule-s1"):
        crash_everywhere(aws, *CHANGES.values())
