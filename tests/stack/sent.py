"""Makes events as AWS sends them, in the words of its documentation."""

from collections.abc import Mapping
from typing import Any

from boto3.dynamodb.types import TypeSerializer

from demo.rows import KEYS, Row
from demo.stack import Stack
from tests.stack.template import PSEUDO

EDITED_AT = 1_428_537_600
"""Streams give full seconds; Lambda passes them on as a number, mostly with a fraction."""


def stack_status(status: str, stack: str = PSEUDO["AWS::StackId"], **other: str) -> dict[str, Any]:
    """EventBridge: CloudFormation Stack Status Change."""
    return {
        "version": "0",
        "id": "1a1a1a1a-0000-4000-8000-000000000000",
        "detail-type": "CloudFormation Stack Status Change",
        "source": "aws.cloudformation",
        "account": "123456789012",
        "time": "2024-01-01T00:00:00Z",
        "region": "cn-north-1",
        "resources": [stack],
        "detail": {
            "stack-id": stack,
            "status-details": {"status": status, "status-reason": ""},
            "client-request-token": "",
        },
        **other,
    }


def schedule() -> dict[str, Any]:
    """EventBridge: a rule's schedule."""
    return {
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": "2015-10-08T16:53:06Z",
        "region": "us-east-1",
        "resources": ["arn:aws:events:us-east-1:123456789012:rule/dagc-dev-RebuildScheduleRule"],
        "detail": {},
    }


def inserted(stack: Stack, kind: str, row: Row, sequence: str) -> dict[str, Any]:
    """A record of a table's stream: a new row."""
    return _record(stack, kind, "INSERT", sequence, EDITED_AT, NewImage=row)


def modified(stack: Stack, kind: str, old: Row, new: Row, sequence: str) -> dict[str, Any]:
    """A record of a table's stream: a row changed."""
    return _record(stack, kind, "MODIFY", sequence, float(EDITED_AT), OldImage=old, NewImage=new)


def removed(stack: Stack, kind: str, row: Row, sequence: str) -> dict[str, Any]:
    """A record of a table's stream: DynamoDB deleted a row when its time to live was over."""
    identity = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
    record = _record(stack, kind, "REMOVE", sequence, EDITED_AT + 0.5, OldImage=row)
    return {**record, "userIdentity": identity}


def _record(
    stack: Stack, kind: str, name: str, sequence: str, moment: float, **images: Row
) -> dict[str, Any]:
    items = {image: _item(row) for image, row in images.items()}
    item = next(iter(items.values()))
    return {
        "eventID": sequence,
        "eventName": name,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-central-1",
        "dynamodb": {
            "ApproximateCreationDateTime": moment,
            "Keys": {key: item[key] for key in KEYS[kind]},
            **items,
            "SequenceNumber": sequence,
            "SizeBytes": 26,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN": stack.dynamodb.Table(stack.tables[kind]).latest_stream_arn,
    }


def _item(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: TypeSerializer().serialize(value) for name, value in row.items()}
