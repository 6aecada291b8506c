"""Reads `mwaa_run`, by Query and by key. airflow_runtime/plugins/ writes it."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from dagc.aws.all_items import all_items
from dagc.aws.batches import READ_SIZE, batch_get, chunks
from dagc.aws.dynamodb_json import plain_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

RunItem = dict[str, Any]

INDEX = "latest"
DROPPED = "#dropped"
"""In the place of a DAG's id: items that say how many events were not recorded."""


class RunKey(NamedTuple):
    """Which DAG run."""

    dag_id: str
    run_id: str


class RunTable(NamedTuple):
    """The table, by its name in this account."""

    client: "DynamoDBClient"
    name: str

    def latest(self, day: str, *, failed: bool) -> Iterator[RunItem]:
        """The DAG runs of a day (UTC) that failed, with the tries that did, or all other DAG runs;
        what began last comes first.
        """
        return self._query(
            IndexName=INDEX,
            KeyConditionExpression="latest = :latest",
            ExpressionAttributeValues={
                ":latest": {"S": f"{day}/{'failed' if failed else 'other'}"}
            },
            ScanIndexForward=False,
        )

    def of_dag(self, dag_id: str, day: str) -> Iterator[RunItem]:
        """The runs of a DAG, and their tries, that began on a day (UTC) or later."""
        return self._query(
            KeyConditionExpression="dag_id = :dag_id",
            FilterExpression="started_at >= :day",
            ExpressionAttributeValues={":dag_id": {"S": dag_id}, ":day": {"S": day}},
        )

    def of_run(self, dag_id: str, run_id: str) -> Iterator[RunItem]:
        """A DAG run, and its tries."""
        items = self._query(
            KeyConditionExpression="dag_id = :dag_id AND begins_with(#run, :run_id)",
            ExpressionAttributeNames={"#run": "run"},
            ExpressionAttributeValues={":dag_id": {"S": dag_id}, ":run_id": {"S": run_id}},
        )
        # Another run's id may begin with this one.
        return (item for item in items if item["run_id"] == run_id)

    def dropped(self, day: str) -> Iterator[RunItem]:
        """How many events were not recorded, on a day (UTC) or later: an item for each machine and
        each time that its Airflow did not reach the table. Those that began first come first.
        """
        return self._query(
            KeyConditionExpression="dag_id = :dropped",
            FilterExpression="ended_at >= :day",
            ExpressionAttributeValues={":dropped": {"S": DROPPED}, ":day": {"S": day}},
        )

    def dag_runs(self, runs: Iterable[RunKey]) -> Iterator[RunItem]:
        """Those of these DAG runs that there are, without their tries."""
        for chunk in chunks(runs, READ_SIZE):
            keys = [{"dag_id": {"S": run.dag_id}, "run": {"S": run.run_id}} for run in chunk]
            for _, item in batch_get(self.client, {self.name: keys}):
                yield plain_item(item)

    def _query(self, **query: Any) -> Iterator[RunItem]:
        return map(plain_item, all_items(self.client.query, TableName=self.name, **query))
