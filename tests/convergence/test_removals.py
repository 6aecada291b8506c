"""A rebuild removes many files at once only when told to: a table may be empty by mistake."""

import pytest

from dagc.apply.rebuild import rebuild
from tests.convergence.deployed import PREFIX, Follower, files, job, records, task
from tests.emulator.aws import BUCKET

NAMES = [f"job-job_{number}" for number in range(10)]


@pytest.fixture
def ten_jobs(deployed: Follower) -> Follower:
    """Published."""
    deployed.aws.put("mwaa_task", task("1"))
    for number in range(10):
        deployed.aws.put("mwaa_job", job(str(number), f"job_{number}"))
    deployed.follow()
    assert sorted(files(deployed.aws)) == NAMES
    return deployed


def _lose(ten_jobs: Follower, count: int) -> None:
    """Jobs are gone, and no event tells of it."""
    for number in range(count):
        ten_jobs.aws.delete("mwaa_job", job(str(number), ""))


def test_few_are_removed(ten_jobs: Follower) -> None:
    _lose(ten_jobs, 2)
    rebuilt = rebuild(ten_jobs.deployment, max_removed_percent=20)
    assert not rebuilt.refused
    assert sorted(files(ten_jobs.aws)) == NAMES[2:]


def test_many_are_not_and_everything_else_is_repaired(ten_jobs: Follower) -> None:
    _lose(ten_jobs, 3)
    ten_jobs.aws.put("mwaa_job", job("9", "job_9", job_params={"owner": "me"}))
    ten_jobs.aws.put("mwaa_job", job("10", "new"))
    rebuilt = rebuild(ten_jobs.deployment, max_removed_percent=20)
    assert sorted(rebuilt.refused) == NAMES[:3]
    assert {outcome.after.dag_id for outcome in rebuilt.outcomes} == {"job-job_9", "job-new"}
    assert sorted(files(ten_jobs.aws)) == sorted([*NAMES, "job-new"])
    assert 'owner": "me"' in files(ten_jobs.aws)["job-job_9"]


def test_all_are_where_that_is_meant(ten_jobs: Follower) -> None:
    _lose(ten_jobs, 10)
    assert len(rebuild(ten_jobs.deployment, max_removed_percent=20).refused) == 10
    assert not rebuild(ten_jobs.deployment, max_removed_percent=100).refused
    assert files(ten_jobs.aws) == {}


def test_renamed_jobs_count_too(ten_jobs: Follower) -> None:
    for number in range(3):
        ten_jobs.aws.put("mwaa_job", job(str(number), f"renamed_{number}"))
    rebuilt = rebuild(ten_jobs.deployment, max_removed_percent=20)
    assert sorted(rebuilt.refused) == NAMES[:3]
    assert {f"job-renamed_{number}" for number in range(3)} < files(ten_jobs.aws).keys()


def test_disabled_jobs_count_too(ten_jobs: Follower) -> None:
    for number in range(3):
        ten_jobs.aws.put("mwaa_job", job(str(number), f"job_{number}", status=0))
    assert sorted(rebuild(ten_jobs.deployment, max_removed_percent=20).refused) == NAMES[:3]
    assert sorted(files(ten_jobs.aws)) == NAMES


def test_invalid_jobs_do_not(ten_jobs: Follower) -> None:
    for number in range(10):
        ten_jobs.aws.put("mwaa_job", job(str(number), f"job_{number}", "404"))
    assert not rebuild(ten_jobs.deployment, max_removed_percent=0).refused
    assert {row["state"] for row in records(ten_jobs.aws).values()} == {"invalid"}
    assert sorted(files(ten_jobs.aws)) == NAMES


def test_files_that_no_record_knows_count_too(ten_jobs: Follower) -> None:
    _lose(ten_jobs, 10)
    for name in NAMES:
        ten_jobs.aws.delete("mwaa_dag", {"dag_id": name})
    assert sorted(rebuild(ten_jobs.deployment, max_removed_percent=20).refused) == NAMES
    assert sorted(files(ten_jobs.aws)) == NAMES


def test_foreign_objects_do_not(deployed: Follower) -> None:
    deployed.aws.put("mwaa_task", task("1"))
    deployed.aws.put("mwaa_job", job("1", "one"))
    deployed.aws.put("mwaa_job", job("2", "blocked"))
    with deployed.aws.unobserved():
        key = f"{PREFIX}job-blocked.py"
        deployed.aws.s3.put_object(Bucket=BUCKET, Key=key, Body=b"theirs")
    deployed.follow()
    deployed.aws.delete("mwaa_job", job("2", "blocked"))
    assert not rebuild(deployed.deployment, max_removed_percent=20).refused


def test_an_edit_is_not_guarded(ten_jobs: Follower) -> None:
    _lose(ten_jobs, 10)
    ten_jobs.follow()
    assert files(ten_jobs.aws) == {}
