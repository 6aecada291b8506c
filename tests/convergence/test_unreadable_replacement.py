"""An object that the compiler may not read stands in the place of a file of which a record tells.

A conditional write with an ETag needs s3:GetObject ("How to perform conditional deletes"), so S3
answers 403.
"""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.convergence.deployed import PREFIX, Follower, files, job, states, task
from tests.emulator.aws import BUCKET, Answer

KEY = f"{PREFIX}job-one.py"


@pytest.mark.parametrize(
    ("row", "state"),
    [
        (job("1", "one", job_params='{"owner": "x"}'), "blocked"),
        (job("1", "one", status=0), "disabled"),
    ],
)
def test_it_blocks_its_dag_alone(row: Any, state: str, deployed: Follower) -> None:
    aws = deployed.aws
    aws.put("mwaa_task", task("1"))
    aws.put("mwaa_job", job("1", "one"))
    deployed.follow()

    def around(operation: str, parameters: Answer, execute: Callable[[], Answer]) -> Answer:
        if parameters.get("Key") == KEY and (
            operation in ("s3.HeadObject", "s3.GetObject") or "IfMatch" in parameters
        ):
            code = "403" if operation == "s3.HeadObject" else "AccessDenied"
            error: Any = {
                "Error": {"Code": code, "Message": "refused"},
                "ResponseMetadata": {"HTTPStatusCode": 403},
            }
            raise ClientError(error, operation)
        return execute()

    with aws.unobserved():
        aws.s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"theirs")
    aws.put("mwaa_job", row)
    aws.around[:] = [around]
    followed = deployed.follow()
    aws.around.clear()
    assert followed.resume_at is None, followed.failures
    assert states(aws) == {"job-one": state}
    assert files(aws)["job-one"] == "theirs"
