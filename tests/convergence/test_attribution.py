"""What AWS fails at fails the DAGs that it concerns, and not those that only stand beside them."""

import json
from collections.abc import Callable, Collection
from typing import Any

import pytest
from botocore.exceptions import ClientError

from dagc.apply.rebuild import rebuild
from tests.convergence.deployed import (
    PREFIX,
    Follower,
    files,
    job,
    records,
    scheduler,
    states,
    task,
)
from tests.convergence.functions import Functions
from tests.emulator.aws import BUCKET, Answer, Around, Aws

JOBS = 110
"""More than one batch of anything."""
EVERY = {f"job-j{number}" for number in range(JOBS)}
UNLUCKY = "job-j77"
CODES = [(400, "ValidationException"), (500, "InternalServerError")]


def _put_jobs(aws: Aws) -> None:
    """Each with a task of its own."""
    for number in range(JOBS):
        aws.put("mwaa_task", task(f"t{number}"))
        aws.put("mwaa_job", job(str(number), f"j{number}", f"t{number}"))


def _error(operation: str, status: int = 500, code: str = "InternalFailure") -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": "injected"}}
    return ClientError(answer | {"ResponseMetadata": {"HTTPStatusCode": status}}, operation)


def _refusing(operation: str, text: str, status: int, code: str) -> Around:
    """AWS refuses each request of an operation in which `text` stands."""

    def around(called: str, parameters: Answer, execute: Callable[[], Answer]) -> Answer:
        if called == operation and text in json.dumps(parameters, default=str):
            raise _error(operation, status, code)
        return execute()

    return around


def _untaken(dag_ids: Collection[str], code: str = "ThrottlingException") -> Around:
    """EventBridge hands the events of these DAGs back."""

    def around(called: str, parameters: Answer, execute: Callable[[], Answer]) -> Answer:
        if called != "events.PutEvents":
            return execute()
        bad = [json.loads(it["Detail"])["dag_id"] in dag_ids for it in parameters["Entries"]]
        good = [it for it, is_bad in zip(parameters["Entries"], bad, strict=True) if not is_bad]
        if good:
            parameters["Entries"] = good
            execute()
        entries = [{"ErrorCode": code} if is_bad else {"EventId": "1"} for is_bad in bad]
        return {"FailedEntryCount": sum(bad), "Entries": entries}

    return around


def _announced(aws: Aws) -> list[str]:
    return [json.loads(event["Detail"])["dag_id"] for event in aws.published_events()]


def _owed(aws: Aws) -> dict[str, str]:
    found = records(aws).items()
    return {dag_id: row["unannounced"] for dag_id, row in found if row.get("unannounced")}


@pytest.mark.parametrize(("status", "code"), CODES)
@pytest.mark.parametrize(
    ("operation", "text"),
    [
        ("dynamodb.BatchGetItem", '{"job_type": {"S": "a"}, "job_id": {"S": "77"}}'),
        ("dynamodb.BatchGetItem", '{"task_id": {"S": "t77"}}'),
        ("dynamodb.BatchWriteItem", f'"{UNLUCKY}"'),
    ],
    ids=["its row", "its task", "its dependency"],
)
def test_a_batch_that_is_refused_for_one(
    deployed: Follower, operation: str, text: str, status: int, code: str
) -> None:
    _put_jobs(deployed.aws)
    deployed.aws.around.append(_refusing(operation, text, status, code))
    followed = deployed.follow()
    assert [failure.what for failure in followed.failures] == [UNLUCKY]
    assert {edit.dag_ids or edit.input for edit in followed.unfinished} == {frozenset({UNLUCKY})}
    assert files(deployed.aws).keys() == EVERY - {UNLUCKY}
    settled = {dag_id for dag_id, row in records(deployed.aws).items() if row.get("settled")}
    assert settled == EVERY - {UNLUCKY}

    for _ in range(2):  # nor does it hold them up in any rebuild
        rebuilt = rebuild(deployed.deployment)
        assert [failure.what for failure in rebuilt.failures] == [UNLUCKY]
    deployed.aws.around.clear()
    assert not rebuild(deployed.deployment).failures
    assert files(deployed.aws).keys() == EVERY


@pytest.mark.parametrize("operation", ["dynamodb.BatchGetItem", "dynamodb.Query"])
def test_what_schedulers_read_of_each_other(deployed: Follower, operation: str) -> None:
    text = {
        "dynamodb.BatchGetItem": '{"input": {"S": "job/7"}, "dag_id": {"S": "*"}}',
        "dynamodb.Query": '{":input": {"S": "job/7"}}',
    }[operation]
    deployed.aws.put("mwaa_task", task("1"))
    for number in "4567":
        deployed.aws.put("mwaa_job", job(number, f"j{number}"))
    deployed.follow()
    for number in "4567":
        deployed.aws.put("mwaa_scheduler", scheduler(number, f"s{number}", number))
    deployed.aws.around.append(_refusing(operation, text, 400, "ValidationException"))
    followed = deployed.follow()
    assert [failure.what for failure in followed.failures] == ["schedule-s7"]
    found = files(deployed.aws).keys()
    assert {"schedule-s4", "schedule-s5", "schedule-s6"} < found
    assert "schedule-s7" not in found


def test_an_event_that_is_not_taken(deployed: Follower) -> None:
    _put_jobs(deployed.aws)
    deployed.aws.around.append(_untaken({UNLUCKY}))
    followed = deployed.follow()
    assert (followed.failures, followed.resume_at) == ((), None)
    assert files(deployed.aws).keys() == EVERY
    assert all(row["settled"] == row["revision"] for row in records(deployed.aws).values())
    assert sorted(_announced(deployed.aws)) == sorted(EVERY - {UNLUCKY})
    assert _owed(deployed.aws) == {UNLUCKY: "DAG published"}

    assert not rebuild(deployed.deployment).is_done
    deployed.aws.around.clear()
    rebuilt = rebuild(deployed.deployment)
    assert [outcome.after.dag_id for outcome in rebuilt.outcomes] == [UNLUCKY]
    assert rebuilt.is_done
    assert sorted(_announced(deployed.aws)) == sorted(EVERY)
    assert not _owed(deployed.aws)
    assert not rebuild(deployed.deployment).outcomes


def test_a_request_that_is_refused_for_one_of_its_events(deployed: Follower) -> None:
    _put_jobs(deployed.aws)
    refusing = _refusing("events.PutEvents", UNLUCKY, 400, "ValidationException")
    deployed.aws.around.append(refusing)
    assert not deployed.follow().failures
    assert sorted(_announced(deployed.aws)) == sorted(EVERY - {UNLUCKY})
    assert _owed(deployed.aws) == {UNLUCKY: "DAG published"}


def test_an_event_that_is_taken_when_it_is_sent_again(deployed: Follower) -> None:
    deployed.aws.put("mwaa_task", task("1"))
    deployed.aws.put("mwaa_job", job("1", "one"))
    untaken, times = _untaken({"job-one"}), 0

    def once(called: str, parameters: Answer, execute: Callable[[], Answer]) -> Answer:
        nonlocal times
        times += called == "events.PutEvents"
        return untaken(called, parameters, execute) if times == 1 else execute()

    deployed.aws.around.append(once)
    deployed.follow()
    assert _announced(deployed.aws) == ["job-one"]
    assert not _owed(deployed.aws)


def test_eventbridge_is_down(deployed: Follower) -> None:
    aws = deployed.aws
    aws.put("mwaa_task", task("1"))
    for number, tasks in enumerate(["1", "1", "404", "1"]):
        aws.put("mwaa_job", job(str(number), f"j{number}", tasks))
    aws.around.append(_refusing("events.PutEvents", "", 500, "InternalFailure"))
    followed = deployed.follow()
    assert (followed.failures, followed.resume_at) == ((), None)
    assert files(aws).keys() == {"job-j0", "job-j1", "job-j3"}
    assert set(states(aws).values()) == {"published", "invalid"}
    assert all(row["settled"] == row["revision"] for row in records(aws).values())
    kinds = {"job-j0": "DAG published", "job-j1": "DAG published", "job-j3": "DAG published"}
    assert _owed(aws) == {**kinds, "job-j2": "DAG refused"}

    aws.put("mwaa_job", job("0", "j0", comment="changes nothing"))
    aws.put("mwaa_job", job("1", "j1", "1", status=0))
    aws.put("mwaa_job", job("2", "j2", "404", status=0))
    aws.around.clear()
    deployed.follow()
    events = [json.loads(event["Detail"]) for event in aws.published_events()]
    # What was refused, and is off before anybody heard of it, is not told.
    assert [(event["dag_id"], event["state"]) for event in events] == [
        ("job-j0", "published"),
        ("job-j1", "disabled"),
    ]
    assert _owed(aws) == {"job-j3": "DAG published"}
    rebuild(deployed.deployment)
    assert _announced(aws)[2:] == ["job-j3"]
    assert not _owed(aws)


def test_a_rebuild_that_cannot_tell_is_not_done(aws: Aws, functions: Functions) -> None:
    aws.put("mwaa_task", task("1"))
    aws.put("mwaa_job", job("1", "one"))
    aws.around.append(_refusing("events.PutEvents", "", 500, "InternalFailure"))
    with pytest.raises(Exception, match="'unannounced': 1"):
        functions.rebuild()
    assert files(aws).keys() == {"job-one"}
    [line] = [line for line in functions.log() if line["level"] == "ERROR"]
    assert (line["message"], line["dag_id"]) == ("not announced, will be later", "job-one")
    aws.around.clear()
    assert functions.rebuild()["unannounced"] == 0


def test_a_rebuild_that_cannot_note_a_job_row(deployed: Follower) -> None:
    deployed.aws.put("mwaa_task", task("1"))
    for number in "12":
        deployed.aws.put("mwaa_job", job(number, f"j{number}"))
        deployed.aws.put("mwaa_scheduler", scheduler(number, f"s{number}", number))
    for operation in ("dynamodb.BatchExecuteStatement", "dynamodb.UpdateItem"):
        refusing = _refusing(operation, '"job/1"', 400, "ValidationException")
        deployed.aws.around.append(refusing)
    rebuilt = rebuild(deployed.deployment)
    assert [failure.what for failure in rebuilt.failures] == ["job/1", "schedule-s1"]
    assert files(deployed.aws).keys() == {"job-j1", "job-j2", "schedule-s2"}
    deployed.aws.around.clear()
    rebuild(deployed.deployment)
    assert set(states(deployed.aws).values()) == {"published"}


def test_a_rebuild_that_cannot_look_at_a_file(deployed: Follower) -> None:
    deployed.aws.put("mwaa_task", task("1"))
    deployed.aws.put("mwaa_job", job("1", "one"))
    with deployed.aws.unobserved():
        deployed.aws.s3.put_object(Bucket=BUCKET, Key=f"{PREFIX}job-other.py", Body=b"")
    deployed.aws.around.append(_refusing("s3.HeadObject", "job-other", 500, "500"))
    rebuilt = rebuild(deployed.deployment)
    assert [failure.what for failure in rebuilt.failures] == ["job-other"]
    assert "job-one" in files(deployed.aws)
