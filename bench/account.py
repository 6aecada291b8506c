"""The compiler's tables and bucket on the local AWS, without the stack: as many as one likes."""

import time
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from boto3.dynamodb.types import TypeSerializer

from bench.workload import Item, Warehouse
from demo.local_aws import REGION, LocalAws

KEYS = {
    "task": ("task_id",),
    "job": ("job_type", "job_id"),
    "scheduler": ("schedule_id",),
    "dag": ("dag_id",),
    "dependency": ("input", "dag_id"),
}
EDITED = ("task", "job", "scheduler")
NO_MAPPING = "0f0f0f0f-0000-4000-8000-000000000000"
"""Nothing follows the streams: the measured functions are invoked directly."""
_BATCH = 25
_IMAGE = TypeSerializer().serialize


class Account:
    """Five empty tables and a bucket, whose names begin with `name`."""

    def __init__(self, aws: LocalAws, name: str) -> None:
        session = aws.session()
        self._dynamodb = session.client("dynamodb", endpoint_url=aws.endpoint)
        self._name = name
        self._sequence = 0
        for table, keys in KEYS.items():
            self._dynamodb.create_table(
                TableName=f"{name}_{table}",
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
                KeySchema=[
                    {"AttributeName": key, "KeyType": kind}  # type: ignore[typeddict-item]
                    for key, kind in zip(keys, ["HASH", "RANGE"], strict=False)
                ],
            )
        s3 = session.client("s3", endpoint_url=aws.endpoint)
        place: Any = {"LocationConstraint": REGION}
        s3.create_bucket(Bucket=name, CreateBucketConfiguration=place)
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
        self.variables: Mapping[str, str] = {
            **aws.credentials,
            "AWS_ENDPOINT_URL": aws.endpoint,
            **{f"{table.upper()}_TABLE": f"{name}_{table}" for table in KEYS},
            **{f"{table.upper()}_EVENT_SOURCE_MAPPING": NO_MAPPING for table in EDITED},
            "DAG_BUCKET": name,
            "DAG_PREFIX": "dags/generated/",
            "AIRFLOW_TARGET": "3.0",
            "DAGC_ENVIRONMENT": "dev",
            "PUBLISHES_RUNTIME": "true",
            "EVENT_BUS": "default",
            "MAX_REMOVED_PERCENT": "20",
            "POWERTOOLS_SERVICE_NAME": name,
            "POWERTOOLS_METRICS_NAMESPACE": "dagc",
        }

    def put(self, table: str, items: Iterable[Item]) -> None:
        """Writes rows."""
        puts = [{"PutRequest": {"Item": _image(item)}} for item in items]
        for start in range(0, len(puts), _BATCH):
            batch: Any = {f"{self._name}_{table}": puts[start : start + _BATCH]}
            self._dynamodb.batch_write_item(RequestItems=batch)

    def edit(self, table: str, items: Iterable[Item]) -> dict[str, Any]:
        """Writes rows; the event with which Lambda would tell of it."""
        edited = list(items)
        self.put(table, edited)
        return {"Records": [self._record(table, item) for item in edited]}

    def _record(self, table: str, item: Item) -> dict[str, Any]:
        image = _image(item)
        self._sequence += 1
        return {
            "eventID": str(self._sequence),
            "eventName": "MODIFY",
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": REGION,
            "eventSourceARN": (
                f"arn:aws:dynamodb:{REGION}:000000000000:table/{self._name}_{table}/stream/now"
            ),
            "dynamodb": {
                "ApproximateCreationDateTime": time.time(),
                "Keys": {name: image[name] for name in KEYS[table]},
                "OldImage": image,
                "NewImage": image,
                "SequenceNumber": str(self._sequence),
                "SizeBytes": 1,
                "StreamViewType": "NEW_AND_OLD_IMAGES",
            },
        }


class Table(NamedTuple):
    """An account, and the rows in it."""

    account: Account
    rows: Warehouse


def _image(item: Item) -> dict[str, Any]:
    return {name: _IMAGE(value) for name, value in item.items()}
