"""Reads and writes `mwaa_dag`: the record of each DAG, with the revision by which compiles notice
each other.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

from dagc.aws.batches import READ_SIZE, batch_get, chunks
from dagc.aws.dynamodb_json import dynamodb_item, plain_item
from dagc.aws.row_tables import scan
from dagc.aws.threads import InParallel
from dagc.plan.record import Record, record_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DagTable(NamedTuple):
    """The table, by its name in this account."""

    client: "DynamoDBClient"
    name: str

    def begin(self, dag_id: str, sources: frozenset[str]) -> Record:
        """Begins a compile: the record with its next revision, and `sources` added to its own.

        In one atomic step, so that no two compiles have the same revision, and none that begins
        later misses a source. Where compiles that were cut off have left so many that the item can
        hold no more, it lists none, and says that there are some (`cut`).
        """
        if not sources:
            return self._begin(dag_id, "ADD revision :one REMOVE expires_at")
        try:
            return self._begin(
                dag_id,
                "ADD revision :one, sources :sources REMOVE expires_at",
                {":sources": {"SS": sorted(sources)}},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationException":
                raise
        return self._begin(dag_id, "ADD revision :one SET cut = :one REMOVE expires_at, sources")

    def _begin(
        self, dag_id: str, expression: str, values: Mapping[str, Any] | None = None
    ) -> Record:
        answer = self.client.update_item(
            TableName=self.name,
            Key={"dag_id": {"S": dag_id}},
            UpdateExpression=expression,
            ExpressionAttributeValues={":one": {"N": "1"}, **(values or {})},
            ReturnValues="ALL_NEW",
        )
        return record_of(plain_item(answer["Attributes"]))

    def store(self, record: Record) -> bool:
        """Stores the record of a compile. False, and nothing done, if another began since."""
        try:
            self.client.put_item(
                TableName=self.name,
                Item=dynamodb_item(record.as_item()),
                ConditionExpression="revision = :mine",
                ExpressionAttributeValues={":mine": {"N": str(record.revision)}},
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True

    def get(self, dag_ids: Iterable[str]) -> list[Record]:
        """Those of at most `batches.READ_SIZE` records that exist, strongly consistent."""
        keys = {self.name: [{"dag_id": {"S": dag_id}} for dag_id in dag_ids]}
        return [record_of(plain_item(item)) for _, item in batch_get(self.client, keys)]

    def get_all(self, dag_ids: Iterable[str], in_parallel: InParallel) -> dict[str, Record]:
        """Those of any number of records that exist, by DAG id, batch beside batch."""
        found = in_parallel(self.get, chunks(sorted(dag_ids), READ_SIZE))
        return {record.dag_id: record for batch in found for record in batch}

    def scan(self, segment: int = 0, segments: int = 1) -> Iterator[Record]:
        """Every record of a segment, strongly consistent."""
        for item in scan(self.client, self.name, segment, segments):
            yield record_of(plain_item(item))
