"""Builds the parts of a deployed function from its environment variables."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from dagc.apply.deployment import Deployment
from dagc.aws.backoff import back_off
from dagc.aws.bucket import Bucket
from dagc.aws.clients import IN_FUNCTIONS, make_client
from dagc.aws.dag_table import DagTable
from dagc.aws.dead_letter_queue import DeadLetterQueue
from dagc.aws.dependency_table import DependencyTable
from dagc.aws.event_bus import EventBus
from dagc.aws.event_source_mappings import EventSourceMappings
from dagc.aws.row_tables import RowTables, TableNames
from dagc.aws.threads import in_threads
from dagc.compiler import KEYS, Toolchain, find_target, load_toolchain

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Misconfigured(Exception):  # noqa: N818  the deployment's fault, not a row's
    """The function was deployed with settings or templates that it cannot work with."""


def deployment_from(environment: Mapping[str, str]) -> Deployment:
    """The parts that `template.yaml` describes. Raises Misconfigured with what to repair."""
    toolchain = _toolchain(environment)
    dynamodb = make_client("dynamodb", IN_FUNCTIONS)
    return Deployment(
        tables=tables_from(environment, dynamodb),
        dags=DagTable(dynamodb, environment["DAG_TABLE"]),
        dependencies=DependencyTable(dynamodb, environment["DEPENDENCY_TABLE"]),
        bucket=bucket_from(environment),
        bus=EventBus(
            make_client("events", IN_FUNCTIONS),
            environment["EVENT_BUS"],
            environment["POWERTOOLS_SERVICE_NAME"],
        ),
        toolchain=toolchain,
        in_parallel=in_threads,
        now=lambda: datetime.now(UTC),
        pause=back_off,
    )


def dead_letter_queue_from(environment: Mapping[str, str]) -> DeadLetterQueue:
    """The dead-letter queue of the streams, as `template.yaml` describes it."""
    return DeadLetterQueue(
        make_client("sqs", IN_FUNCTIONS),
        make_client("dynamodbstreams", IN_FUNCTIONS),
        environment["DEAD_LETTER_QUEUE_URL"],
    )


def event_source_mappings_from(environment: Mapping[str, str]) -> EventSourceMappings:
    """Those of the streams of the three tables, as `template.yaml` describes them."""
    kinds = zip(KEYS, TableNames._fields, strict=True)
    return EventSourceMappings(
        make_client("lambda", IN_FUNCTIONS),
        {table: environment[f"{kind.upper()}_EVENT_SOURCE_MAPPING"] for table, kind in kinds},
    )


def tables_from(environment: Mapping[str, str], dynamodb: "DynamoDBClient") -> RowTables:
    """The three tables that people edit."""
    names = TableNames(*(environment[f"{kind.upper()}_TABLE"] for kind in TableNames._fields))
    return RowTables(dynamodb, names)


def bucket_from(environment: Mapping[str, str]) -> Bucket:
    """Where the files go."""
    return Bucket(
        make_client("s3", IN_FUNCTIONS), environment["DAG_BUCKET"], environment["DAG_PREFIX"]
    )


def _toolchain(environment: Mapping[str, str]) -> Toolchain:
    target = find_target(environment["AIRFLOW_TARGET"])
    if isinstance(target, str):
        raise Misconfigured(f"no Airflow {environment['AIRFLOW_TARGET']!r}. {target}")
    has_runtime = environment["PUBLISHES_RUNTIME"] == "true"
    toolchain, diagnostics = load_toolchain(
        target, environment["DAGC_ENVIRONMENT"], has_runtime=has_runtime
    )
    if toolchain is None:
        raise Misconfigured("; ".join(f"{d.place}: {d.message}" for d in diagnostics))
    return toolchain
