"""A rebuild makes lost or wrong rows of the compiler's own tables anew; it leaves files alone."""

from typing import Any

import pytest

from dagc.apply.rebuild import rebuild
from dagc.aws.dependency_table import JOB_ROWS, TOOLCHAIN
from tests.convergence.deployed import Follower, dependencies, files, job, records, scheduler, task
from tests.emulator.aws import Aws

DEPENDENCIES = {
    ("task/1", "job-one"),
    ("task/1", "job-two"),
    ("task/2", "job-two"),
    ("job/1", "schedule-daily"),
    ("job/2", "schedule-daily"),
}
WRITES = {"s3.PutObject", "s3.DeleteObject", "events.PutEvents"}


@pytest.fixture
def followed(deployed: Follower) -> Follower:
    """Two jobs of a scheduler, published."""
    for number in "12":
        deployed.aws.put("mwaa_task", task(number))
    deployed.aws.put("mwaa_job", job("1", "one", "1"))
    deployed.aws.put("mwaa_job", job("2", "two", "1,2"))
    deployed.aws.put("mwaa_scheduler", scheduler("1", "daily", "1,2"))
    deployed.follow()
    assert dependencies(deployed.aws) == DEPENDENCIES
    deployed.aws.calls.clear()
    return deployed


def _clear(aws: Aws, table: str) -> None:
    for row in aws.rows(table):
        aws.delete(table, row)


def _records_without_moments(aws: Aws) -> dict[str, Any]:
    """What the records say, but for when, and how often, they were compiled."""
    moments = dict.fromkeys(["revision", "settled", "compiled_at", "published_at", "inputs"])
    return {
        dag_id: record | moments | {"edit_to_file_ms": None}
        for dag_id, record in records(aws).items()
    }


def _assert_repaired(followed: Follower) -> None:
    """Everything is as it should be, and nothing was written for that but records."""
    assert dependencies(followed.aws) == DEPENDENCIES
    assert not WRITES & followed.aws.calls.keys()
    assert not rebuild(followed.deployment).outcomes
    _assert_follows(followed)


def _assert_follows(followed: Follower) -> None:
    """Edits are followed as ever."""
    followed.aws.put("mwaa_task", task("1", "false"))
    assert [outcome.written for outcome in followed.follow().outcomes] == [True, True]
    followed.aws.put("mwaa_job", job("1", "new_name", "1"))
    assert "schedule-daily" in {outcome.after.dag_id for outcome in followed.follow().outcomes}


def test_an_edge_is_lost(followed: Follower) -> None:
    followed.aws.delete("mwaa_dag_dependency", {"input": "task/1", "dag_id": "job-one"})
    rebuild(followed.deployment)
    _assert_repaired(followed)


def test_all_edges_are_lost(followed: Follower) -> None:
    _clear(followed.aws, "mwaa_dag_dependency")
    rebuild(followed.deployment)
    _assert_repaired(followed)


def test_all_records_are_lost(followed: Follower) -> None:
    before = _records_without_moments(followed.aws)
    _clear(followed.aws, "mwaa_dag")
    rebuilt = rebuild(followed.deployment)
    assert not any(outcome.drift for outcome in rebuilt.outcomes)
    assert _records_without_moments(followed.aws) == before
    assert dependencies(followed.aws) == DEPENDENCIES
    assert not {"s3.PutObject", "s3.DeleteObject"} & followed.aws.calls.keys()
    assert not rebuild(followed.deployment).outcomes
    _assert_follows(followed)


def test_everything_is_lost(followed: Follower) -> None:
    text = files(followed.aws)
    _clear(followed.aws, "mwaa_dag")
    _clear(followed.aws, "mwaa_dag_dependency")
    rebuild(followed.deployment)
    assert files(followed.aws) == text
    assert not {"s3.PutObject", "s3.DeleteObject"} & followed.aws.calls.keys()
    assert dependencies(followed.aws) == DEPENDENCIES
    _assert_follows(followed)


def test_edges_that_nobody_needs_are_collected(followed: Follower) -> None:
    for dependency in [
        ("task/2", "job-one"),
        ("task/9", "job-nobody"),
        ("job/9", "schedule-daily"),
    ]:
        row = {"input": dependency[0], "dag_id": dependency[1], "revision": 1}
        followed.aws.put("mwaa_dag_dependency", row)
    rebuild(followed.deployment)
    _assert_repaired(followed)


def test_a_job_row_that_is_gone_is_collected(followed: Follower) -> None:
    gone = job("1", "other") | {"job_type": "gone"}
    followed.aws.put("mwaa_job", gone)
    followed.follow()
    followed.aws.delete("mwaa_job", gone)
    followed.follow()
    assert len(_job_rows(followed.aws)["job/1"]) == 2
    rebuild(followed.deployment)
    assert {name: len(rows) for name, rows in _job_rows(followed.aws).items()} == {
        "job/1": 1, "job/2": 1,
    }  # fmt: skip


def test_a_job_row_that_is_not_noted_is_added(followed: Follower) -> None:
    followed.aws.delete("mwaa_dag_dependency", {"input": "job/1", "dag_id": JOB_ROWS})
    rebuild(followed.deployment)
    _assert_repaired(followed)


def test_a_record_of_a_dag_that_never_was_is_told_to_be_removed(followed: Follower) -> None:
    followed.aws.put("mwaa_dag", {"dag_id": "job-nobody", "revision": 3, "settled": 3})
    rebuild(followed.deployment)
    record = records(followed.aws)["job-nobody"]
    assert record["state"] == "removed"
    assert record["expires_at"] > 1_700_000_000
    _assert_repaired(followed)


def test_a_compile_that_was_cut_off_is_made_again(followed: Follower) -> None:
    """Its event may be in the dead-letter queue: the record says that it began, and never ended."""
    record = records(followed.aws)["job-one"]
    followed.aws.put("mwaa_dag", record | {"revision": record["revision"] + 1})
    rebuild(followed.deployment)
    record = records(followed.aws)["job-one"]
    assert record["revision"] == record["settled"]
    _assert_repaired(followed)


def _job_rows(aws: Aws) -> dict[str, set[str]]:
    """The rows that are noted under each job id."""
    return {
        row["input"]: row.get("job_rows", set())
        for row in aws.rows("mwaa_dag_dependency")
        if row["dag_id"] == JOB_ROWS and row["input"] != TOOLCHAIN
    }
