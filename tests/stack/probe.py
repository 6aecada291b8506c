"""Stands in for the function: tries what its role shall and shall not let it do, and tells."""

import os
from collections.abc import Callable
from typing import Any

import boto3
from botocore.exceptions import ClientError


def handle(_event: object, _context: object) -> dict[str, str]:
    s3, dynamodb = boto3.client("s3"), boto3.client("dynamodb")
    bucket, prefix = os.environ["DAG_BUCKET"], os.environ["DAG_PREFIX"]
    tasks, jobs = os.environ["TASK_TABLE"], os.environ["JOB_TABLE"]
    ours, foreign = f"{prefix}probe.py", "dags/probe.py"
    task = {"task_id": {"S": "1"}}
    attempts: dict[str, Callable[[], Any]] = {
        "put a dag": lambda: s3.put_object(Bucket=bucket, Key=ours, Body=b"", IfNoneMatch="*"),
        "head a dag": lambda: s3.head_object(Bucket=bucket, Key=ours),
        "delete a dag": lambda: s3.delete_object(Bucket=bucket, Key=ours),
        "list the dags": lambda: s3.list_objects_v2(Bucket=bucket, Prefix=prefix),
        "list one dag": lambda: s3.list_objects_v2(Bucket=bucket, Prefix=ours, MaxKeys=1),
        "scan a table": lambda: dynamodb.scan(TableName=tasks, ConsistentRead=True),
        "get a row": lambda: dynamodb.get_item(TableName=tasks, Key=task),
        "get rows": lambda: dynamodb.batch_get_item(RequestItems={tasks: {"Keys": [task]}}),
        "query a table": lambda: dynamodb.query(
            TableName=jobs,
            KeyConditionExpression="job_type = :t",
            ExpressionAttributeValues={":t": {"S": "t"}},
        ),
        "list the bucket": lambda: s3.list_objects_v2(Bucket=bucket),
        "list above": lambda: s3.list_objects_v2(Bucket=bucket, Prefix="dags/"),
        "put elsewhere": lambda: s3.put_object(Bucket=bucket, Key=foreign, Body=b""),
        "get elsewhere": lambda: s3.get_object(Bucket=bucket, Key=foreign),
        "delete elsewhere": lambda: s3.delete_object(Bucket=bucket, Key=foreign),
        "write a row": lambda: dynamodb.put_item(TableName=tasks, Item=task),
        "delete a row": lambda: dynamodb.delete_item(TableName=tasks, Key=task),
    }
    return {name: _tried(attempt) for name, attempt in attempts.items()}


def _tried(attempt: Callable[[], Any]) -> str:
    try:
        attempt()
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "ok"
