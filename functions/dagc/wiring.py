"""Builds the parts of the deployed function from its environment variables."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dagc.aws.bucket import Bucket
from dagc.aws.tables import TableNames
from dagc.catalog.load import load_toolchain
from dagc.targets import find_target
from dagc.toolchain import Toolchain

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Misconfigured(Exception):  # noqa: N818  the deployment's fault, not a row's
    """The function was deployed with settings or templates that it cannot work with."""


@dataclass(frozen=True, slots=True)
class Compiler:
    """The deployed compiler: where rows come from, where files go, what compiles them."""

    dynamodb: "DynamoDBClient"
    tables: TableNames
    bucket: Bucket
    toolchain: Toolchain


def compiler_from(environment: Mapping[str, str]) -> Compiler:
    """The parts that `template.yaml` describes. Raises Misconfigured with what to repair."""
    import boto3

    target = find_target(environment["AIRFLOW_TARGET"])
    if isinstance(target, str):
        raise Misconfigured(f"no Airflow {environment['AIRFLOW_TARGET']!r}. {target}")
    toolchain, diagnostics = load_toolchain(target, environment["DAGC_ENVIRONMENT"])
    if toolchain is None:
        raise Misconfigured("; ".join(f"{d.place}: {d.message}" for d in diagnostics))
    return Compiler(
        boto3.client("dynamodb"),
        TableNames(
            environment["TASK_TABLE"], environment["JOB_TABLE"], environment["SCHEDULER_TABLE"]
        ),
        Bucket(boto3.client("s3"), environment["DAG_BUCKET"], environment["DAG_PREFIX"]),
        toolchain,
    )
