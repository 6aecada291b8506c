"""Builds the parts of a deployed function from its environment variables."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from botocore.config import Config
from botocore.session import get_session

from dagc.apply.deployment import Deployment
from dagc.aws.backoff import back_off
from dagc.aws.bucket import Bucket
from dagc.aws.dag_table import DagTable
from dagc.aws.dead_letter_queue import GivenUp
from dagc.aws.dependency_table import DependencyTable
from dagc.aws.event_bus import EventBus
from dagc.aws.event_source_mappings import EventSourceMappings
from dagc.aws.row_tables import RowTables, TableNames
from dagc.aws.threads import THREADS, in_threads
from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.rows.keys import KEYS
from dagc.compiler.targets import find_target
from dagc.compiler.toolchain import Toolchain

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 5},
    connect_timeout=2,
    read_timeout=10,
    max_pool_connections=THREADS,
)
"""Of each client. A request that hangs is given up long before the function's own time is."""


class Misconfigured(Exception):  # noqa: N818  the deployment's fault, not a row's
    """The function was deployed with settings or templates that it cannot work with."""


def deployment_from(environment: Mapping[str, str]) -> Deployment:
    """The parts that `template.yaml` describes. Raises Misconfigured with what to repair.

    The clients are botocore's, the same as boto3's, without what boto3 puts on top of them: that
    takes another 40 ms of a cold start.
    """
    toolchain = _toolchain(environment)
    session = get_session()
    dynamodb = cast("DynamoDBClient", session.create_client("dynamodb", config=CONFIG))
    s3 = cast("S3Client", session.create_client("s3", config=CONFIG))
    events = cast("EventBridgeClient", session.create_client("events", config=CONFIG))
    names = TableNames(*(environment[f"{kind.upper()}_TABLE"] for kind in TableNames._fields))
    return Deployment(
        tables=RowTables(dynamodb, names),
        dags=DagTable(dynamodb, environment["DAG_TABLE"]),
        dependencies=DependencyTable(dynamodb, environment["DEPENDENCY_TABLE"]),
        bucket=Bucket(s3, environment["DAG_BUCKET"], environment["DAG_PREFIX"]),
        bus=EventBus(events, environment["EVENT_BUS"], environment["POWERTOOLS_SERVICE_NAME"]),
        toolchain=toolchain,
        in_parallel=in_threads,
        now=lambda: datetime.now(UTC),
        pause=back_off,
    )


def given_up_from(environment: Mapping[str, str]) -> GivenUp:
    """The queue of what Lambda gave up, as `template.yaml` describes it."""
    session = get_session()
    return GivenUp(
        cast("SQSClient", session.create_client("sqs", config=CONFIG)),
        cast("DynamoDBStreamsClient", session.create_client("dynamodbstreams", config=CONFIG)),
        environment["GIVEN_UP_QUEUE_URL"],
    )


def event_source_mappings_from(environment: Mapping[str, str]) -> EventSourceMappings:
    """Those of the streams of the three tables, as `template.yaml` describes them."""
    kinds = zip(KEYS, TableNames._fields, strict=True)
    return EventSourceMappings(
        get_session().create_client("lambda", config=CONFIG),
        {table: environment[f"{kind.upper()}_EVENT_SOURCE_MAPPING"] for table, kind in kinds},
    )


def _toolchain(environment: Mapping[str, str]) -> Toolchain:
    target = find_target(environment["AIRFLOW_TARGET"])
    if isinstance(target, str):
        raise Misconfigured(f"no Airflow {environment['AIRFLOW_TARGET']!r}. {target}")
    toolchain, diagnostics = load_toolchain(target, environment["DAGC_ENVIRONMENT"])
    if toolchain is None:
        raise Misconfigured("; ".join(f"{d.place}: {d.message}" for d in diagnostics))
    return toolchain
