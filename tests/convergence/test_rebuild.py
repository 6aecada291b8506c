"""A rebuild reads everything, compiles what is not as the rows say, and leaves the rest alone."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from dagc.apply.read_inventory import SEGMENTS
from dagc.apply.rebuild import rebuild
from tests.convergence.deployed import (
    Follower,
    compiled,
    dependencies,
    files,
    job,
    records,
    scheduler,
    states,
    task,
)
from tests.emulator.aws import KEYS, Aws

READS = {
    "dynamodb.BatchGetItem": 1,
    "dynamodb.Scan": len(KEYS) * SEGMENTS,
    "s3.ListObjectsV2": 1,
}
"""What a rebuild asks that finds everything as it should be."""


def _put_rows(aws: Aws) -> None:
    aws.put("mwaa_task", task("1"))
    aws.put("mwaa_job", job("1", "good"))
    aws.put("mwaa_job", job("2", "bad", "404"))
    aws.put("mwaa_job", job("3", "off", status=0))
    aws.put("mwaa_job", job("4", "no name"))
    aws.put("mwaa_scheduler", scheduler("1", "daily"))


def test_tables_that_were_there_before_the_stack(deployed: Follower) -> None:
    _put_rows(deployed.aws)
    rebuilt = rebuild(deployed.deployment)
    assert len(rebuilt.outcomes) == 5
    expected = compiled(deployed.aws, deployed.deployment.toolchain)
    assert files(deployed.aws) == {
        dag_id: expected[dag_id].text for dag_id in ("job-good", "schedule-daily")
    }
    assert states(deployed.aws) == {
        "job-good": "published",
        "job-bad": "invalid",
        "job-off": "disabled",
        'mwaa_job {"job_type": "a", "job_id": "4"}': "invalid",
        "schedule-daily": "published",
    }
    deployed.records()
    deployed.aws.put("mwaa_job", job("1", "good", job_params={"owner": "me"}))
    followed = deployed.follow()
    assert {outcome.after.dag_id for outcome in followed.outcomes} == {"job-good", "schedule-daily"}


def test_nothing_to_do_costs_nothing_but_reading(deployed: Follower) -> None:
    _put_rows(deployed.aws)
    deployed.follow()
    deployed.aws.calls.clear()
    rebuild(deployed.deployment)
    # The first of a toolchain notes it.
    assert deployed.aws.calls == READS | {"dynamodb.UpdateItem": 1}
    deployed.aws.calls.clear()
    rebuilt = rebuild(deployed.deployment)
    assert deployed.aws.calls == READS
    assert not deployed.aws.eventual_reads
    assert (rebuilt.outcomes, rebuilt.current) == ((), 5)


def test_other_templates_compile_everything(deployed: Follower) -> None:
    _put_rows(deployed.aws)
    deployed.follow()
    other = deployed.deployment._replace(
        toolchain=deployed.deployment.toolchain._replace(fingerprint="other")
    )
    deployed.aws.calls.clear()
    assert len(rebuild(other).outcomes) == 5
    assert not {"s3.PutObject", "events.PutEvents"} & deployed.aws.calls.keys()
    assert not rebuild(other).outcomes


def test_it_stops_when_its_time_is_over_and_the_next_goes_on(
    deployed: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dagc.apply.compile_dags.CHUNK", 2)
    _put_rows(deployed.aws)
    time_left = iter([True, False])
    first = rebuild(deployed.deployment, has_time=lambda: next(time_left))
    assert (len(first.outcomes), first.unread, first.current) == (2, 3, 0)
    second = rebuild(deployed.deployment)
    assert (len(second.outcomes), second.unread, second.current) == (3, 0, 2)


def test_all_pages_and_all_segments_are_read(deployed: Follower) -> None:
    for number in range(30):
        deployed.aws.put("mwaa_job", job(str(number), f"j{number}", comment="x" * 100_000))
    deployed.aws.put("mwaa_task", task("1"))
    rebuild(deployed.deployment)
    assert len(files(deployed.aws)) == 30
    assert deployed.aws.calls["dynamodb.Scan"] > READS["dynamodb.Scan"]


@pytest.mark.parametrize("number", range(sum(READS.values())))
def test_a_read_that_fails_leaves_everything_as_it_is(deployed: Follower, number: int) -> None:
    _put_rows(deployed.aws)
    deployed.follow()
    rebuild(deployed.deployment)
    deployed.aws.put("mwaa_job", job("1", "renamed"))
    deployed.aws.delete("mwaa_scheduler", scheduler("1", "daily"))
    before = _everything(deployed.aws)

    def around(operation: str, _: dict[str, Any], execute: Callable[[], Any]) -> Any:
        if deployed.aws.calls.total() == number + 1:
            raise ClientError({"Error": {"Code": "500", "Message": "injected"}}, operation)
        return execute()

    deployed.aws.calls.clear()
    deployed.aws.around.append(around)
    with pytest.raises(ClientError):
        rebuild(deployed.deployment)
    assert deployed.aws.calls.keys() <= READS.keys()
    assert _everything(deployed.aws) == before


def test_jobs_of_one_name_of_which_one_is_shared(deployed: Follower) -> None:
    """They claim one DAG id: what a scheduler of both is made of, is said of each job."""
    aws = deployed.aws
    aws.put("mwaa_task", task("1"))
    for number in range(8):
        aws.put("mwaa_job", job(str(number), f"same_{number // 2}"))
    aws.put("mwaa_scheduler", scheduler("1", "all", "0,1,2,3,4,5,6,7"))
    aws.put("mwaa_scheduler", scheduler("2", "half", "0,2,5,7"))
    rebuild(deployed.deployment)
    aws.calls.clear()
    rebuild(deployed.deployment)
    assert aws.calls == READS


def _everything(aws: Aws) -> list[Any]:
    return [files(aws), records(aws), dependencies(aws)]
