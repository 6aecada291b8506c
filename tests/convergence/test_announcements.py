"""An event for each change of a DAG that is worth telling, and none for what changes nothing."""

import json
from typing import Any

import pytest

from dagc.apply.edits import follow_records
from dagc.apply.rebuild import rebuild
from tests.convergence.deployed import (
    PREFIX,
    Follower,
    failing,
    files,
    job,
    records,
    scheduler,
    task,
)
from tests.emulator.aws import BUCKET, Aws

OFF = job("1", "two", status=0)
HISTORY: list[tuple[str, tuple[str, dict[str, Any]], list[str]]] = [
    ("it is created", ("mwaa_job", job("1", "one")), ["published job-one"]),
    ("its task is changed", ("mwaa_task", task("1", "false")), ["published job-one"]),
    ("nothing that it shows", ("mwaa_task", task("1", "false", comment="mine")), []),
    ("it is broken", ("mwaa_job", job("1", "one", "404")), ["refused job-one"]),
    ("it is broken as before", ("mwaa_job", job("1", "one", "404", comment="mine")), []),
    ("it is broken otherwise", ("mwaa_job", job("1", "one", "405")), ["refused job-one"]),
    ("it is repaired", ("mwaa_job", job("1", "one")), ["published job-one"]),
    ("it is renamed", ("mwaa_job", job("1", "two")), ["removed job-one", "published job-two"]),
    ("another is broken", ("mwaa_job", job("2", "bad", "404")), ["refused job-bad"]),
    ("that one is off", ("mwaa_job", job("2", "bad", "404", status=0)), []),
    ("one without a name", ("mwaa_job", job("3", "")), ["refused mwaa_job"]),
    ("a scheduler is created", ("mwaa_scheduler", scheduler("1", "d")), ["published schedule-d"]),
    ("it is off", ("mwaa_job", OFF), ["refused schedule-d", "removed job-two"]),
    ("it is off still", ("mwaa_job", OFF | {"task_list": "9"}), []),
    ("it is on", ("mwaa_job", job("1", "two")), ["published job-two", "published schedule-d"]),
]  # fmt: skip
"""One edit after the other, and the events of each."""


def _events(aws: Aws) -> list[dict[str, Any]]:
    return [
        {"kind": event["DetailType"], "source": event["Source"], **json.loads(event["Detail"])}
        for event in aws.published_events()
    ]


def _kinds(aws: Aws) -> list[str]:
    """`published job-one` for each event."""
    return [
        f"{event['kind'].removeprefix('DAG ')} {event['dag_id'].split()[0]}"
        for event in _events(aws)
    ]


def test_one_for_each_change(deployed: Follower) -> None:
    deployed.aws.put("mwaa_task", task("1"))
    announced: list[str] = []
    for what, (table, row), expected in HISTORY:
        deployed.aws.put(table, row)
        batch = deployed.records()
        for _ in range(2):  # Lambda delivers at least once
            follow_records(batch, deployed.deployment)
            rebuild(deployed.deployment)
        assert sorted(_kinds(deployed.aws)[len(announced) :]) == sorted(expected), what
        announced += expected


def test_what_an_event_says(deployed: Follower) -> None:
    deployed.aws.put("mwaa_task", task("1"))
    deployed.aws.put("mwaa_job", job("1", "one"))
    deployed.follow()
    record = records(deployed.aws)["job-one"]
    assert _events(deployed.aws) == [
        {
            "kind": "DAG published",
            "source": "dagc",
            "stack": "dagc-test",
            "dag_id": "job-one",
            "state": "published",
            "revision": 1,
            "file": f"s3://{BUCKET}/{PREFIX}job-one.py",
            "version": record["version"],
            "sha256": record["sha256"],
            "sources": ['{"job_type": "a", "job_id": "1"}'],
            "diagnostics": [],
        }
    ]


def test_a_refusal_says_why(deployed: Follower) -> None:
    deployed.aws.put("mwaa_job", job("1", "one", ",".join(map(str, range(400, 420)))))
    deployed.follow()
    [event] = _events(deployed.aws)
    assert {diagnostic["code"] for diagnostic in event["diagnostics"]} == {"missing-task"}
    assert len(json.dumps(event)) < 20_000


@pytest.mark.parametrize("how", ["again", "rebuild"])
def test_a_compile_that_was_cut_off_between_file_and_account(deployed: Follower, how: str) -> None:
    deployed.aws.put("mwaa_task", task("1"))
    deployed.aws.put("mwaa_job", job("1", "one"))
    batch = deployed.records()
    deployed.aws.around.append(failing("dynamodb.PutItem"))
    assert follow_records(batch, deployed.deployment).resume_at
    assert files(deployed.aws).keys() == {"job-one"}

    deployed.aws.around.clear()
    deployed.aws.calls.clear()
    if how == "again":
        follow_records(batch, deployed.deployment)
    else:
        rebuild(deployed.deployment)
    assert "s3.PutObject" not in deployed.aws.calls
    assert set(_kinds(deployed.aws)) == {"published job-one"}
    assert records(deployed.aws)["job-one"]["state"] == "published"


def test_a_removal_that_could_not_be_told(deployed: Follower) -> None:
    deployed.aws.put("mwaa_task", task("1"))
    deployed.aws.put("mwaa_job", job("1", "one"))
    deployed.follow()
    deployed.aws.delete("mwaa_job", job("1", "one"))
    batch = deployed.records()
    deployed.aws.around.append(failing("events.PutEvents"))
    assert follow_records(batch, deployed.deployment).resume_at is None
    assert not files(deployed.aws)
    deployed.aws.around.clear()
    rebuild(deployed.deployment)
    assert _kinds(deployed.aws) == ["published job-one", "removed job-one"]


def test_more_than_one_request_takes(deployed: Follower) -> None:
    deployed.aws.put("mwaa_task", task("1"))
    for number in range(25):
        deployed.aws.put("mwaa_job", job(str(number), f"job_{number}"))
    deployed.follow()
    assert deployed.aws.calls["events.PutEvents"] == 3
    assert sorted(_kinds(deployed.aws)) == sorted(f"published job-job_{n}" for n in range(25))


def test_another_last_good_file(deployed: Follower) -> None:
    """Of a DAG in error: the event names the version that stays."""
    deployed.aws.put("mwaa_task", task("1"))
    deployed.aws.put("mwaa_job", job("1", "one"))
    deployed.follow()
    deployed.aws.put("mwaa_job", job("1", "one", "404"))
    deployed.follow()
    with deployed.aws.unobserved():
        mark = {"dagc-sha256": "of another compile"}
        deployed.aws.s3.put_object(
            Bucket=BUCKET, Key=f"{PREFIX}job-one.py", Body=b"another", Metadata=mark
        )
    rebuild(deployed.deployment)
    assert _kinds(deployed.aws) == ["published job-one", *["refused job-one"] * 2]
    assert _events(deployed.aws)[-1]["version"] == records(deployed.aws)["job-one"]["version"]
    assert not rebuild(deployed.deployment).outcomes
