"""An object that the compiler may not read stands where a file belongs: it is somebody else's."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.convergence.deployed import PREFIX, Follower, files, job, states, task
from tests.emulator.aws import BUCKET, Answer


@pytest.mark.parametrize(
    ("refused", "code"),
    [
        ("s3.GetObject", "InvalidObjectState"),  # it is archived
        ("s3.GetObject", "AccessDenied"),  # its key is another
        ("s3.HeadObject", "400"),  # its key is the customer's own
        ("s3.HeadObject", "403"),
    ],
)
def test_it_blocks_its_dag_alone(refused: str, code: str, deployed: Follower) -> None:
    def around(operation: str, parameters: Answer, execute: Callable[[], Answer]) -> Answer:
        if operation == refused and parameters["Key"] == f"{PREFIX}job-one.py":
            error: Any = {"Error": {"Code": code, "Message": "refused"}}
            raise ClientError(error, operation)
        return execute()

    aws = deployed.aws
    with aws.unobserved():
        aws.s3.put_object(Bucket=BUCKET, Key=f"{PREFIX}job-one.py", Body=b"theirs")
    aws.put("mwaa_task", task("1"))
    aws.put("mwaa_job", job("1", "one"))
    aws.put("mwaa_job", job("2", "two"))
    aws.around[:] = [around]
    assert deployed.follow().resume_at is None
    aws.around.clear()
    assert states(aws) == {"job-one": "blocked", "job-two": "published"}
    assert files(aws)["job-one"] == "theirs"
