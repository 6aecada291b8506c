"""The deployed stack, as its outputs describe it, and clients to look into it."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from demo.local_aws import LocalAws

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBServiceResource
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

FUNCTIONS = ("compiler", "rebuild", "redrive")


@dataclass(frozen=True)
class Stack:
    """Names of what was deployed; `tables` by what a row is of: task, job, scheduler, dag, run."""

    aws: LocalAws
    tables: dict[str, str]
    bucket: str
    prefix: str
    functions: dict[str, str]
    log_groups: dict[str, str]
    dead_letter_queue: str

    @cached_property
    def s3(self) -> "S3Client":
        """Where the files land."""
        return self.aws.session().client("s3", endpoint_url=self.aws.endpoint)

    @cached_property
    def dynamodb(self) -> "DynamoDBServiceResource":
        """Where the rows are."""
        return self.aws.session().resource("dynamodb", endpoint_url=self.aws.endpoint)

    @cached_property
    def lambda_(self) -> Any:
        """Where the functions run."""
        return self.aws.session().client("lambda", endpoint_url=self.aws.endpoint)

    @cached_property
    def logs(self) -> "CloudWatchLogsClient":
        """Where the functions say what they did."""
        return self.aws.session().client("logs", endpoint_url=self.aws.endpoint)

    @cached_property
    def events(self) -> "EventBridgeClient":
        """Where the functions tell others."""
        return self.aws.session().client("events", endpoint_url=self.aws.endpoint)

    @cached_property
    def sqs(self) -> "SQSClient":
        """Where others listen, and the dead-letter queue."""
        return self.aws.session().client("sqs", endpoint_url=self.aws.endpoint)


def described(aws: LocalAws, name: str) -> Stack:
    """The stack called `name`, from its outputs."""
    cloudformation = aws.session().client("cloudformation", endpoint_url=aws.endpoint)
    outputs = {
        output["OutputKey"]: output["OutputValue"]
        for output in cloudformation.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
    }
    return Stack(
        aws=aws,
        tables={
            "task": outputs["TaskTableName"],
            "job": outputs["JobTableName"],
            "scheduler": outputs["SchedulerTableName"],
            "dag": outputs["DagTableName"],
            "run": outputs["RunTableName"],
        },
        bucket=outputs["DagBucketName"],
        prefix=outputs["DagPrefix"],
        functions={name: outputs[f"Dag{name.title()}FunctionName"] for name in FUNCTIONS},
        log_groups={name: outputs[f"Dag{name.title()}LogGroupName"] for name in FUNCTIONS},
        dead_letter_queue=outputs["DeadLetterQueueUrl"],
    )
