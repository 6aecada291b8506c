"""Builds the parts of the deployed function from its environment variables."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, cast

from botocore.session import get_session

from dagc.aws.bucket import Bucket
from dagc.aws.tables import TableNames
from dagc.catalog.load import load_toolchain
from dagc.targets import find_target
from dagc.toolchain import Toolchain

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client


class Misconfigured(Exception):  # noqa: N818  the deployment's fault, not a row's
    """The function was deployed with settings or templates that it cannot work with."""


class Compiler(NamedTuple):
    """The deployed compiler: where rows come from, where files go, what compiles them."""

    dynamodb: "DynamoDBClient"
    tables: TableNames
    bucket: Bucket
    toolchain: Toolchain


def compiler_from(environment: Mapping[str, str]) -> Compiler:
    """The parts that `template.yaml` describes. Raises Misconfigured with what to repair.

    The clients are botocore's, the same as boto3's, without what boto3 puts on top of them: that
    takes another 40 ms of a cold start.
    """
    target = find_target(environment["AIRFLOW_TARGET"])
    if isinstance(target, str):
        raise Misconfigured(f"no Airflow {environment['AIRFLOW_TARGET']!r}. {target}")
    toolchain, diagnostics = load_toolchain(target, environment["DAGC_ENVIRONMENT"])
    if toolchain is None:
        raise Misconfigured("; ".join(f"{d.place}: {d.message}" for d in diagnostics))
    session = get_session()
    return Compiler(
        cast("DynamoDBClient", session.create_client("dynamodb")),
        TableNames(
            environment["TASK_TABLE"], environment["JOB_TABLE"], environment["SCHEDULER_TABLE"]
        ),
        Bucket(
            cast("S3Client", session.create_client("s3")),
            environment["DAG_BUCKET"],
            environment["DAG_PREFIX"],
        ),
        toolchain,
    )
