"""A file is written on condition that the object is still the one that was looked at, or is absent.

Most of what the condition keeps out, a later compile repairs: histories hardly notice its absence.
These do, at once: what was somebody else's is gone, or an old text comes after the last compile.
"""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from dagc.apply.edits import follow_records
from tests.convergence.broken import no_condition_of_put
from tests.convergence.deployed import PREFIX, Follower, deployment_on, files, job, states, task
from tests.emulator.aws import BUCKET, Answer, Aws

KEY = f"{PREFIX}job-one.py"
FOREIGN = "somebody else's\n"


def _at_the_put(aws: Aws, happens: Callable[[Callable[[], Answer]], Answer]) -> None:
    """This happens instead of the next PutObject."""

    def around(operation: str, _: Answer, execute: Callable[[], Answer]) -> Answer:
        if operation != "s3.PutObject":
            return execute()
        aws.around.clear()
        return happens(execute)

    aws.around.append(around)


def _put_job(aws: Aws) -> Follower:
    deployed = Follower(aws, deployment_on(aws))
    aws.put("mwaa_task", task("1"))
    aws.put("mwaa_job", job("1", "one"))
    return deployed


def _somebody_elses(aws: Aws, execute: Callable[[], Answer]) -> Answer:
    with aws.unobserved():
        aws.s3.put_object(Bucket=BUCKET, Key=KEY, Body=FOREIGN.encode())
    return execute()


def into_an_empty_place(aws: Aws) -> None:
    """Somebody puts an object where the file is about to be created."""
    deployed = _put_job(aws)
    _at_the_put(aws, lambda execute: _somebody_elses(aws, execute))
    deployed.follow()
    assert files(aws) == {"job-one": FOREIGN}
    assert states(aws) == {"job-one": "blocked"}


def over_the_file(aws: Aws) -> None:
    """Somebody puts an object where the file is about to be replaced."""
    deployed = _put_job(aws)
    deployed.follow()
    aws.put("mwaa_task", task("1", "false"))
    _at_the_put(aws, lambda execute: _somebody_elses(aws, execute))
    deployed.follow()
    assert files(aws) == {"job-one": FOREIGN}
    assert states(aws) == {"job-one": "blocked"}


def _late(aws: Aws, deployed: Follower) -> None:
    """The put of what is to be followed is executed when a newer text is there."""
    late: list[Callable[[], Any]] = []

    def hang(execute: Callable[[], Answer]) -> Answer:
        late.append(execute)
        raise ReadTimeoutError(endpoint_url="s3")

    _at_the_put(aws, hang)
    events = deployed.records()
    assert follow_records(events, deployed.deployment).failures
    aws.put("mwaa_task", task("1", "date"))
    follow_records([*events, *deployed.records()], deployed.deployment)
    before = files(aws)
    assert "date" in before["job-one"]
    [execute] = late
    try:
        execute()
    except aws.s3.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] == "PreconditionFailed"  # noqa: PT017
    assert files(aws) == before


def a_late_creation(aws: Aws) -> None:
    """The first put of a file hangs."""
    _late(aws, _put_job(aws))


def a_late_change(aws: Aws) -> None:
    """A later put of a file hangs."""
    deployed = _put_job(aws)
    deployed.follow()
    aws.put("mwaa_task", task("1", "false"))
    _late(aws, deployed)


SCENES = pytest.mark.parametrize(
    "scene", [into_an_empty_place, over_the_file, a_late_creation, a_late_change]
)


@SCENES
def test_it_is_kept(scene: Callable[[Aws], None], aws: Aws) -> None:
    scene(aws)


@SCENES
def test_its_absence_is_noticed(
    scene: Callable[[Aws], None], aws: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_condition_of_put(monkeypatch)
    with pytest.raises(AssertionError):
        scene(aws)
