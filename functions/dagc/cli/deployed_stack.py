"""What a deployed stack says of itself: where rows, records and files are, what it compiles for."""

from typing import TYPE_CHECKING, NamedTuple

from dagc.aws import INFRASTRUCTURE
from dagc.aws.advice import advice
from dagc.aws.bucket import Bucket
from dagc.aws.dag_table import DagTable
from dagc.aws.dependency_table import DependencyTable
from dagc.aws.row_tables import RowTables, TableNames
from dagc.aws.stack import Stack, read_stack
from dagc.cli.refusal import refuse, without_dot

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_OUTPUTS = ("TaskTableName", "JobTableName", "SchedulerTableName")
_NEEDED = (*_OUTPUTS, "DagTableName", "DependencyTableName", "DagBucketName", "DagPrefix")


class DeployedStack(NamedTuple):
    """A stack, and what is read of it and written to it."""

    stack: Stack
    tables: RowTables
    dags: DagTable
    dependencies: DependencyTable
    bucket: Bucket

    @property
    def dynamodb(self) -> "DynamoDBClient":
        """The client of its tables."""
        return self.tables.client

    @property
    def airflow(self) -> str:
        """The Airflow that it writes files for."""
        return self.stack.parameters["AirflowVersion"]

    @property
    def environment(self) -> str:
        """The section of defaults.yaml that counts."""
        return self.stack.parameters["Environment"]

    @property
    def has_runtime(self) -> bool:
        """Whether its files import what `dagc runtime` publishes."""
        return self.stack.parameters["PublishesRuntime"] == "true"

    @property
    def max_removed_percent(self) -> int:
        """The share of the files that a rebuild may remove at once."""
        return int(self.stack.parameters["MaxRemovedPercent"])


def deployed_stack(name: str) -> DeployedStack:
    """The stack of that name; ends with exit code 2 if it cannot be read, or is none of dagc's."""
    from dagc.aws.clients import make_client

    try:
        stack = read_stack(make_client("cloudformation"), name)
        dynamodb, s3 = make_client("dynamodb"), make_client("s3")
    except INFRASTRUCTURE as error:
        refuse(cannot_read(f"the stack {name}", error))
    outputs = stack.outputs
    if missing := [output for output in _NEEDED if output not in outputs]:
        refuse(
            f"--stack: {name} has no output {missing[0]}: it is no stack of dagc's, or an old one."
        )
    names = TableNames(*(outputs[output] for output in _OUTPUTS))
    return DeployedStack(
        stack,
        RowTables(dynamodb, names),
        DagTable(dynamodb, outputs["DagTableName"]),
        DependencyTable(dynamodb, outputs["DependencyTableName"]),
        Bucket(s3, outputs["DagBucketName"], outputs["DagPrefix"]),
    )


def cannot_read(what: str, error: Exception) -> str:
    """What to say where AWS does not let `what` be read."""
    return f"Cannot read {what}: {without_dot(error)}. {advice(error)}."
