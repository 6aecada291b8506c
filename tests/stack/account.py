"""Makes the tables, the bucket and the queue of our template without CloudFormation.

That takes no time, and nothing in there starts a function: a test does.
"""

from typing import Any

from demo.local_aws import LocalAws
from demo.stack import Stack
from tests.stack.template import resolved

TABLES = {
    "task": "TaskTable",
    "job": "JobTable",
    "scheduler": "SchedulerTable",
    "dag": "DagTable",
    "dag_dependency": "DagDependencyTable",
}
BUCKET = "DagBucket"
QUEUE = "DeadLetterQueue"
NO_MAPPINGS = {
    f"DagCompilerFunction{kind}Edited": "0f0f0f0f-0000-4000-8000-000000000000"
    for kind in ("Task", "Job", "Scheduler")
}


def account(aws: LocalAws, name: str) -> Stack:
    """Make them, empty, with names that begin with `name`."""
    stack = Stack(
        aws=aws,
        tables={kind: f"{name}_{kind}" for kind in TABLES},
        bucket=f"{name}-dags",
        prefix="dags/generated/",
        functions={},
        log_groups={},
        dead_letter_queue=f"{aws.endpoint}/000000000000/{name}-dead-letters",
    )
    resources = resolved()["Resources"]
    for kind, resource in TABLES.items():
        _create_table(stack, stack.tables[kind], resources[resource]["Properties"])
    stack.s3.create_bucket(
        Bucket=stack.bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    stack.s3.put_bucket_versioning(
        Bucket=stack.bucket, VersioningConfiguration={"Status": "Enabled"}
    )
    stack.sqs.create_queue(QueueName=f"{name}-dead-letters")
    return stack


def variables(stack: Stack, function: str) -> dict[str, str]:
    """Resolve the environment that our template gives to a function; adds where this AWS is."""
    here = {resource: stack.tables[kind] for kind, resource in TABLES.items()}
    here |= {BUCKET: stack.bucket, QUEUE: stack.dead_letter_queue, **NO_MAPPINGS}
    properties = resolved()["Resources"][f"Dag{function}Function"]["Properties"]
    described: dict[str, str] = properties["Environment"]["Variables"]
    return {
        **{name: here.get(value, value) for name, value in described.items()},
        **stack.aws.credentials,
        "AWS_ENDPOINT_URL": stack.aws.endpoint,
    }


def _create_table(stack: Stack, name: str, properties: dict[str, Any]) -> None:
    wanted = {
        name: properties[name] for name in ("AttributeDefinitions", "BillingMode", "KeySchema")
    }
    if stream := properties.get("StreamSpecification"):
        wanted["StreamSpecification"] = {**stream, "StreamEnabled": True}
    stack.dynamodb.create_table(TableName=name, **wanted)
