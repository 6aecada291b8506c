"""A scheduler says what its jobs lack: an error where there is no file to start, a warning where
the last good one stands; and it says so no longer when that is over.
"""

from typing import Any

import pytest

from dagc.apply.edits import follow_records
from dagc.apply.rebuild import rebuild
from dagc.compiler import row_key
from tests.convergence.broken import SCHEDULER_BREAKS, Break
from tests.convergence.crashes import Change, crash_everywhere
from tests.convergence.deployed import (
    PREFIX,
    Follower,
    failing,
    files,
    job,
    records,
    scheduler,
    states,
    task,
)
from tests.emulator.aws import BUCKET, Aws

BOTH = {"job-one", "schedule-daily"}


@pytest.fixture
def published(deployed: Follower) -> Follower:
    """A job and its scheduler."""
    deployed.aws.put("mwaa_task", task("1"))
    deployed.aws.put("mwaa_job", job("1", "one"))
    deployed.aws.put("mwaa_scheduler", scheduler("1", "daily"))
    deployed.follow()
    assert files(deployed.aws).keys() == BOTH
    return deployed


def said(deployed: Follower) -> list[tuple[str, str]]:
    """The diagnostics of the scheduler: severity and code."""
    diagnostics: list[Any] = records(deployed.aws)["schedule-daily"].get("diagnostics", [])
    return [(diagnostic["severity"], diagnostic["code"]) for diagnostic in diagnostics]


def test_a_job_that_was_never_published(deployed: Follower) -> None:
    deployed.aws.put("mwaa_job", job("1", "one"))
    deployed.aws.put("mwaa_scheduler", scheduler("1", "daily"))
    deployed.follow()
    assert files(deployed.aws) == {}
    assert states(deployed.aws) == dict.fromkeys(BOTH, "invalid")
    assert said(deployed) == [("error", "unpublished-job")]

    deployed.aws.put("mwaa_task", task("1"))
    deployed.follow()
    assert files(deployed.aws).keys() == BOTH
    assert said(deployed) == []


def test_a_job_whose_last_good_file_stands(published: Follower) -> None:
    before = files(published.aws)
    published.aws.delete("mwaa_task", task("1"))
    published.follow()
    assert files(published.aws) == before
    assert states(published.aws) == {"job-one": "invalid", "schedule-daily": "published"}
    assert said(published) == [("warning", "unpublished-job")]

    published.aws.put("mwaa_task", task("1"))
    published.follow()
    assert files(published.aws) == before
    assert said(published) == []


def test_a_last_good_file_that_somebody_removes(published: Follower) -> None:
    published.aws.delete("mwaa_task", task("1"))
    published.follow()
    with published.aws.unobserved():
        published.aws.s3.delete_object(Bucket=BUCKET, Key=f"{PREFIX}job-one.py")
    rebuild(published.deployment)
    assert said(published) == [("error", "unpublished-job")]
    assert not rebuild(published.deployment).outcomes


def test_a_foreign_object_in_place_of_the_jobs_file(deployed: Follower) -> None:
    key = f"{PREFIX}job-one.py"
    with deployed.aws.unobserved():
        deployed.aws.s3.put_object(Bucket=BUCKET, Key=key, Body=b"theirs")
    deployed.aws.put("mwaa_task", task("1"))
    deployed.aws.put("mwaa_job", job("1", "one"))
    deployed.aws.put("mwaa_scheduler", scheduler("1", "daily"))
    deployed.follow()
    assert said(deployed) == [("error", "unpublished-job")]

    with deployed.aws.unobserved():
        deployed.aws.s3.delete_object(Bucket=BUCKET, Key=key)
    rebuild(deployed.deployment)
    assert files(deployed.aws).keys() == BOTH
    assert said(deployed) == []


@pytest.mark.parametrize("tasks", ["1", "404"])
def test_a_scheduler_waits_for_the_first_compile_of_its_job(deployed: Follower, tasks: str) -> None:
    """The job's own compile has not got that far. Nothing is said that is true for a moment only,
    and nothing is published that cannot run.
    """
    row = job("1", "one", tasks)
    deployed.aws.put("mwaa_task", task("1"))
    deployed.aws.put("mwaa_job", row)
    deployed.aws.put("mwaa_scheduler", scheduler("1", "daily"))
    deployed.deployment.dependencies.add_job_row("job/1", row_key("mwaa_job", row))
    followed = follow_records(deployed.aws.stream("mwaa_scheduler"), deployed.deployment)
    assert {outcome.after.dag_id for outcome in followed.outcomes} == BOTH
    assert len(followed.outcomes) == 2
    assert files(deployed.aws).keys() == (BOTH if tasks == "1" else set())
    assert said(deployed) == ([] if tasks == "1" else [("error", "unpublished-job")])


def test_a_job_that_cannot_be_compiled_first(deployed: Follower) -> None:
    row = job("1", "one")
    deployed.aws.put("mwaa_job", row)
    deployed.aws.put("mwaa_scheduler", scheduler("1", "daily"))
    deployed.deployment.dependencies.add_job_row("job/1", row_key("mwaa_job", row))
    deployed.aws.around.append(failing("s3.HeadObject", "job-one"))
    followed = follow_records(deployed.aws.stream("mwaa_scheduler"), deployed.deployment)
    assert {failure.what for failure in followed.failures} == BOTH
    assert followed.resume_at is not None
    assert deployed.aws.calls["s3.HeadObject"] == 2


def test_a_scheduler_that_cannot_be_compiled_is_compiled_later(published: Follower) -> None:
    """The job's edit is delivered again for it, though the job itself is done."""
    published.aws.delete("mwaa_task", task("1"))
    new = published.records()
    published.aws.around.append(failing("dynamodb.UpdateItem", "schedule-daily"))
    followed = follow_records(new, published.deployment)
    assert {failure.what for failure in followed.failures} == BOTH
    assert followed.resume_at is not None
    assert said(published) == []

    published.aws.around.clear()
    assert not follow_records(new, published.deployment).failures
    assert said(published) == [("warning", "unpublished-job")]
    again = follow_records(new, published.deployment)
    assert [outcome.after.dag_id for outcome in again.outcomes] == ["job-one"]


def test_lost_records(published: Follower) -> None:
    published.aws.delete("mwaa_task", task("1"))
    published.follow()
    published.aws.delete("mwaa_dag", {"dag_id": "job-one"})
    rebuild(published.deployment)
    assert said(published) == [("warning", "unpublished-job")]
    assert not rebuild(published.deployment).outcomes


def test_other_diagnostics_stand_beside_it(deployed: Follower) -> None:
    deployed.aws.put("mwaa_job", job("1", "one"))
    deployed.aws.put("mwaa_scheduler", scheduler("1", "daily", "1,2"))
    deployed.follow()
    assert said(deployed) == [("error", "unpublished-job"), ("error", "missing-job")]


PUBLISHED = [
    ("mwaa_task", task("1")),
    ("mwaa_job", job("1", "one")),
    ("mwaa_scheduler", scheduler("1", "daily")),
]
CHANGES = {
    "broken": Change(PUBLISHED, PUBLISHED[0], is_put=False),
    "repaired": Change(PUBLISHED[1:], PUBLISHED[0]),
    "published for the first time": Change([PUBLISHED[0], PUBLISHED[2]], PUBLISHED[1]),
    "renamed": Change(PUBLISHED, ("mwaa_job", job("1", "other"))),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whoever_dies_leaves_nothing_untrue(change: str, aws: Aws) -> None:
    crash_everywhere(aws, CHANGES[change])


@pytest.mark.parametrize("broken", SCHEDULER_BREAKS)
def test_a_broken_compiler_is_noticed(
    broken: Break, aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken(monkeypatch)
    with pytest.raises(AssertionError, match="schedule-daily"):
        crash_everywhere(aws, CHANGES["broken"])
