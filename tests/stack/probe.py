"""Stands in for each function: tries what its role shall and shall not let it do.

Not the streams: ministack takes no policy that names one. Nor events under a foreign source: it
knows no condition on that. Nor changes of an event source mapping: it lets everybody make them.
"""

import os
from collections.abc import Callable, Mapping
from typing import Any

import boto3
from botocore.exceptions import ClientError

Attempts = Mapping[str, Callable[[], Any]]


def handle(event: Mapping[str, str], _context: object) -> dict[str, str]:
    attempts = {**_bucket(), **_rows(), **_book(), **_messages(event), **_mappings(event)}
    return {name: _tried(attempt) for name, attempt in attempts.items()}


def _bucket() -> Attempts:
    s3, bucket, prefix = boto3.client("s3"), os.environ["DAG_BUCKET"], os.environ["DAG_PREFIX"]
    ours, foreign = f"{prefix}probe.py", "dags/probe.py"
    return {
        "put a dag": lambda: s3.put_object(Bucket=bucket, Key=ours, Body=b""),
        "head a dag": lambda: s3.head_object(Bucket=bucket, Key=ours),
        "delete a dag": lambda: s3.delete_object(Bucket=bucket, Key=ours),
        "list the dags": lambda: s3.list_objects_v2(Bucket=bucket, Prefix=prefix),
        "list one dag": lambda: s3.list_objects_v2(Bucket=bucket, Prefix=ours, MaxKeys=1),
        "list the bucket": lambda: s3.list_objects_v2(Bucket=bucket),
        "list above": lambda: s3.list_objects_v2(Bucket=bucket, Prefix="dags/"),
        "put elsewhere": lambda: s3.put_object(Bucket=bucket, Key=foreign, Body=b""),
        "get elsewhere": lambda: s3.get_object(Bucket=bucket, Key=foreign),
        "delete elsewhere": lambda: s3.delete_object(Bucket=bucket, Key=foreign),
    }


def _rows() -> Attempts:
    """Try the tables that people edit."""
    dynamodb, tasks = boto3.client("dynamodb"), os.environ["TASK_TABLE"]
    task = {"task_id": {"S": "1"}}
    return {
        "get rows": lambda: dynamodb.batch_get_item(RequestItems={tasks: {"Keys": [task]}}),
        "describe a table": lambda: dynamodb.describe_table(TableName=tasks),
        "scan rows": lambda: dynamodb.scan(TableName=tasks, ConsistentRead=True),
        "write a row": lambda: dynamodb.put_item(TableName=tasks, Item=task),
        "delete a row": lambda: dynamodb.delete_item(TableName=tasks, Key=task),
    }


def _book() -> Attempts:
    """Try the compiler's own tables."""
    dynamodb = boto3.client("dynamodb")
    dags, edges = os.environ["DAG_TABLE"], os.environ["DEPENDENCY_TABLE"]
    dag = {"dag_id": {"S": "probe"}}
    edge = {"input": {"S": "task/1"}, "dag_id": {"S": "probe"}}
    return {
        "get states": lambda: dynamodb.batch_get_item(RequestItems={dags: {"Keys": [dag]}}),
        "put a state": lambda: dynamodb.put_item(TableName=dags, Item=dag),
        "update a state": lambda: dynamodb.update_item(
            TableName=dags,
            Key=dag,
            UpdateExpression="ADD revision :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        ),
        "scan states": lambda: dynamodb.scan(TableName=dags),
        "delete a state": lambda: dynamodb.delete_item(TableName=dags, Key=dag),
        "get edges": lambda: dynamodb.batch_get_item(RequestItems={edges: {"Keys": [edge]}}),
        "update an edge": lambda: dynamodb.update_item(
            TableName=edges,
            Key=edge,
            UpdateExpression="ADD revision :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        ),
        "put edges": lambda: dynamodb.batch_write_item(
            RequestItems={edges: [{"PutRequest": {"Item": edge}}]}
        ),
        "query edges": lambda: dynamodb.query(
            TableName=edges,
            KeyConditionExpression="#i = :i",
            ExpressionAttributeNames={"#i": "input"},
            ExpressionAttributeValues={":i": {"S": "task/1"}},
        ),
        "delete edges": lambda: dynamodb.batch_execute_statement(
            Statements=[
                {
                    "Statement": f'DELETE FROM "{edges}" WHERE "input" = ? AND "dag_id" = ?',
                    "Parameters": [*edge.values()],
                }
            ]
        ),
        "scan edges": lambda: dynamodb.scan(TableName=edges),
        "scan a foreign table": lambda: dynamodb.scan(TableName="payroll"),
        "drop a table": lambda: dynamodb.delete_table(TableName=edges),
    }


def _messages(event: Mapping[str, str]) -> Attempts:
    sqs, events, queue = boto3.client("sqs"), boto3.client("events"), event["queue"]
    bus = os.environ["EVENT_BUS"]
    return {
        "publish an event": lambda: events.put_events(
            Entries=[{"Source": "dagc", "DetailType": "x", "Detail": "{}", "EventBusName": bus}]
        ),
        "send a dead letter": lambda: sqs.send_message(QueueUrl=queue, MessageBody="{}"),
        "take a dead letter": lambda: sqs.receive_message(QueueUrl=queue),
        "purge the queue": lambda: sqs.purge_queue(QueueUrl=queue),
    }


def _mappings(event: Mapping[str, str]) -> Attempts:
    """Try an event source mapping of our stack, and one of another."""
    lambda_, ours, foreign = boto3.client("lambda"), event["mapping"], event["foreign mapping"]
    return {
        "watch a stream": lambda: lambda_.get_event_source_mapping(UUID=ours),
        "watch a foreign stream": lambda: lambda_.get_event_source_mapping(UUID=foreign),
    }


def _tried(attempt: Callable[[], Any]) -> str:
    try:
        attempt()
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "ok"
