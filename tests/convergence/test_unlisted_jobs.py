"""An edited job that is not listed under its id: its row was there before the stack."""

from collections.abc import Callable

import pytest

from dagc.apply.edits import follow_records
from tests.convergence.deployed import Follower, job, scheduler, states, task
from tests.emulator.aws import Answer

CHANGED = job("1", "one", job_params={"owner": "me"})
PUBLISHED = {"job-one": "published", "schedule-daily": "published"}


@pytest.fixture
def unlisted(deployed: Follower) -> Follower:
    """A job that no event has told of."""
    deployed.aws.put("mwaa_task", task("1"))
    deployed.aws.put("mwaa_job", job("1", "one"))
    deployed.records()
    return deployed


def test_its_scheduler_finds_it_then(unlisted: Follower) -> None:
    unlisted.aws.put("mwaa_scheduler", scheduler("1", "daily"))
    unlisted.follow()
    assert states(unlisted.aws) == {"schedule-daily": "invalid"}
    unlisted.aws.put("mwaa_job", CHANGED)
    unlisted.follow()
    assert states(unlisted.aws) == PUBLISHED


def test_a_scheduler_that_comes_before_it_is_listed(unlisted: Follower) -> None:
    """After the readers were asked for, before the row is listed: it is asked for once more."""
    aws = unlisted.aws
    aws.put("mwaa_job", CHANGED)
    records = unlisted.records()
    came: list[str] = []

    def around(operation: str, parameters: Answer, execute: Callable[[], Answer]) -> Answer:
        if not came and operation == "dynamodb.UpdateItem" and "job_rows" in str(parameters):
            came.append(operation)
            aws.put("mwaa_scheduler", scheduler("1", "daily"))
            unlisted.follow()
            assert states(aws) == {"schedule-daily": "invalid"}
        return execute()

    aws.around.append(around)
    follow_records(records, unlisted.deployment)
    assert came
    assert states(aws) == PUBLISHED
