"""Reads the three tables."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

from dagc.rows.dynamodb_json import plain_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class TableNames(NamedTuple):
    """The names of the three tables in this account."""

    task: str = "mwaa_task"
    job: str = "mwaa_job"
    scheduler: str = "mwaa_scheduler"


class Items(NamedTuple):
    """All items of the three tables, as plain data."""

    tasks: list[dict[str, Any]]
    jobs: list[dict[str, Any]]
    schedulers: list[dict[str, Any]]


def read_items(client: "DynamoDBClient", names: TableNames) -> Items:
    """Every item, strongly consistent. Raises botocore's errors, so that nothing is missing."""
    with ThreadPoolExecutor(len(names)) as threads:
        tables = threads.map(lambda name: list(_scan(client, name)), names)
        return Items(*tables)


def _scan(client: "DynamoDBClient", table: str) -> Iterator[dict[str, Any]]:
    pages = client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    for page in pages:
        for item in page["Items"]:
            yield plain_item(item)
