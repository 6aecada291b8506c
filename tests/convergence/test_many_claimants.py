"""More rows claim one name than a record holds: nothing that is lost sight of is taken for gone."""

import pytest

from dagc.apply.rebuild import rebuild
from dagc.plan import record
from tests.convergence.deployed import Follower, files, job, states, task


@pytest.fixture(autouse=True)
def _two_rows_fill_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "_MAX_KEYS_SIZE", 80)


def test_the_one_that_remains_keeps_its_file(deployed: Follower) -> None:
    aws = deployed.aws
    aws.put("mwaa_task", task("1"))
    aws.put("mwaa_job", job("9", "x"))
    deployed.follow()
    before = files(aws)
    for number in range(6):
        aws.put("mwaa_job", job(str(number), "x"))
    deployed.follow()
    assert states(aws)["job-x"] == "invalid"
    for number in range(6):
        aws.put("mwaa_job", job(str(number), f"of_its_own_{number}"))
    deployed.follow()
    assert states(aws)["job-x"] == "invalid"
    assert files(aws)["job-x"] == before["job-x"]
    rebuild(deployed.deployment)
    assert states(aws)["job-x"] == "published"
    assert files(aws)["job-x"] == before["job-x"]
    assert not rebuild(deployed.deployment).outcomes


def test_when_all_are_gone_a_rebuild_removes_the_file(deployed: Follower) -> None:
    aws = deployed.aws
    aws.put("mwaa_task", task("1"))
    aws.put("mwaa_job", job("9", "x"))
    deployed.follow()
    for number in range(6):
        aws.put("mwaa_job", job(str(number), "x"))
    deployed.follow()
    for number in (*range(6), 9):
        aws.delete("mwaa_job", job(str(number), "x"))
    deployed.follow()
    rebuild(deployed.deployment)
    assert states(aws)["job-x"] == "removed"
    assert not files(aws)
