"""Tables that a team already has may have numbers as keys."""

import pytest

from dagc.apply.rebuild import rebuild
from dagc.aws.row_writes import write_row
from dagc.compiler import row_key
from tests.convergence.deployed import (
    Follower,
    dependencies,
    deployment_on,
    files,
    job,
    records,
    scheduler,
    states,
    task,
)
from tests.emulator.aws import EDITED, Aws

TASK = task("1") | {"task_id": 1}
JOB = job("1", "one") | {"job_type": 7, "job_id": 1}
SCHEDULER = scheduler("1", "daily") | {"schedule_id": 1}


@pytest.fixture
def deployed(aws: Aws) -> Follower:
    """With tables whose keys are numbers."""
    for table in EDITED:
        _make_anew(aws, table)
    return Follower(aws, deployment_on(aws))


def _make_anew(aws: Aws, table: str) -> None:
    with aws.unobserved():
        old = aws.dynamodb.describe_table(TableName=table)["Table"]
        aws.dynamodb.delete_table(TableName=table)
        aws.dynamodb.create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=old["KeySchema"],
            StreamSpecification=old["StreamSpecification"],
            AttributeDefinitions=[
                {**definition, "AttributeType": "N"} for definition in old["AttributeDefinitions"]
            ],
        )


def test_edits_are_followed(deployed: Follower) -> None:
    for table, row in zip(EDITED, [TASK, JOB, SCHEDULER], strict=True):
        deployed.aws.put(table, row)
        deployed.follow()
    assert states(deployed.aws) == {"job-one": "published", "schedule-daily": "published"}
    assert dependencies(deployed.aws) == {("task/1", "job-one"), ("job/1", "schedule-daily")}
    assert records(deployed.aws)["job-one"]["sources"] == {'{"job_type": "7", "job_id": "1"}'}

    deployed.aws.put("mwaa_job", JOB | {"job_name": "two"})
    deployed.follow()
    assert files(deployed.aws).keys() == {"job-two", "schedule-daily"}
    assert not rebuild(deployed.deployment).outcomes


def test_a_rebuild_reads_them_too(deployed: Follower) -> None:
    for table, row in zip(EDITED, [TASK, JOB, SCHEDULER], strict=True):
        deployed.aws.put(table, row)
    rebuild(deployed.deployment)
    assert files(deployed.aws).keys() == {"job-one", "schedule-daily"}
    deployed.records()
    deployed.aws.put("mwaa_task", TASK | {"task_params": {"bash_command": "false"}})
    assert [outcome.written for outcome in deployed.follow().outcomes] == [True]


@pytest.mark.parametrize(
    "task_id",
    ["one", "01", "1.0", "1e0", "+1", "-0", "NaN", "1" * 39, "1" * 38 + ".5", "١", "1\n2"],
)
def test_an_id_that_is_no_such_number_is_of_no_row(deployed: Follower, task_id: str) -> None:
    deployed.aws.put("mwaa_task", TASK)
    deployed.aws.put("mwaa_job", JOB)
    deployed.aws.put("mwaa_job", JOB | {"job_id": 2, "job_name": "two", "task_list": [task_id]})
    assert not deployed.follow().failures
    assert states(deployed.aws) == {"job-one": "published", "job-two": "invalid"}


def test_rows_are_written_whose_file_has_the_key_as_a_text(deployed: Follower) -> None:
    row = row_key("mwaa_job", job("1", "one") | {"job_type": "7"})
    tables = deployed.deployment.tables
    write_row(tables, row, None, job("1", "one") | {"job_type": "7"})
    assert deployed.aws.rows("mwaa_job") == [JOB]
    write_row(tables, row, JOB, job("1", "two") | {"job_type": "7"})
    assert deployed.aws.rows("mwaa_job") == [JOB | {"job_name": "two"}]
    write_row(tables, row, JOB | {"job_name": "two"}, None)
    assert deployed.aws.rows("mwaa_job") == []
