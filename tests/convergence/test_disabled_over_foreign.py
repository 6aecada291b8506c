"""A DAG whose place somebody else's object has taken, and whose row is then disabled: it warns."""

from tests.convergence.deployed import PREFIX, Follower, job, records, states, task
from tests.emulator.aws import BUCKET, Aws

KEY = f"{PREFIX}job-one.py"


def _write(aws: Aws, text: str) -> None:
    with aws.unobserved():
        aws.s3.put_object(Bucket=BUCKET, Key=KEY, Body=text.encode())


def test_blocked_invalid_disabled_warns(deployed: Follower) -> None:
    aws = deployed.aws
    _write(aws, "theirs")
    aws.put("mwaa_task", task("1"))
    aws.put("mwaa_job", job("1", "one"))
    deployed.follow()
    assert states(aws) == {"job-one": "blocked"}
    aws.put("mwaa_job", job("1", "one", "404"))
    deployed.follow()
    assert states(aws) == {"job-one": "invalid"}
    aws.put("mwaa_job", job("1", "one", status=0))
    deployed.follow()
    assert states(aws) == {"job-one": "disabled"}
    assert records(aws)["job-one"].get("diagnostics")


def test_blocked_deleted_disabled_warns(deployed: Follower) -> None:
    aws = deployed.aws
    _write(aws, "theirs")
    aws.put("mwaa_task", task("1"))
    aws.put("mwaa_job", job("1", "one"))
    deployed.follow()
    aws.delete("mwaa_job", job("1", "one"))
    deployed.follow()
    aws.put("mwaa_job", job("1", "one", status=0))
    deployed.follow()
    assert records(aws)["job-one"].get("diagnostics")
