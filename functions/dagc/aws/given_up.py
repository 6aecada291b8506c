"""The queue of what Lambda gave up delivering, and the stream records that its messages name."""

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_sqs import SQSClient


class Expired(Exception):  # noqa: N818  an outcome, not a fault
    """The stream does not hold the records any more: it keeps them for 24 hours."""


class Batch(NamedTuple):
    """Records that were given up: where they are in their stream, and the message that says so."""

    stream: str
    shard: str
    first: str
    last: str
    receipt: str


class GivenUp(NamedTuple):
    """The queue, and the streams."""

    sqs: "SQSClient"
    streams: "DynamoDBStreamsClient"
    queue_url: str

    def receive(self) -> list[Batch]:
        """Some of the batches in the queue. Others do not see them for a while."""
        answer = self.sqs.receive_message(
            QueueUrl=self.queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=1
        )
        return [
            _batch(json.loads(message["Body"])["DDBStreamBatchInfo"], message["ReceiptHandle"])
            for message in answer.get("Messages", ())
        ]

    def records(self, batch: Batch) -> Iterator[dict[str, Any]]:
        """The records of a batch, as Lambda gives them to a handler. Raises Expired."""
        try:
            iterator = self.streams.get_shard_iterator(
                StreamArn=batch.stream,
                ShardId=batch.shard,
                ShardIteratorType="AT_SEQUENCE_NUMBER",
                SequenceNumber=batch.first,
            ).get("ShardIterator")
            empty = 0
            while iterator and empty < _EMPTY_ANSWERS:
                answer = self.streams.get_records(ShardIterator=iterator)
                empty = 0 if answer["Records"] else empty + 1
                for record in answer["Records"]:
                    yield _as_event(record, batch.stream)
                    if int(record["dynamodb"]["SequenceNumber"]) >= int(batch.last):
                        return
                iterator = answer.get("NextShardIterator")
        except ClientError as error:
            if error.response["Error"]["Code"] in _EXPIRED:
                raise Expired(batch.shard) from error
            raise
        raise Expired(batch.shard)

    def done(self, batch: Batch) -> None:
        """Removes a batch's message from the queue."""
        self.sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=batch.receipt)


_EMPTY_ANSWERS = 100
"""A stream may answer with nothing though more is to come ("GetRecords"), and an open shard has no
end.
"""
_EXPIRED = {"TrimmedDataAccessException", "ResourceNotFoundException"}


def _batch(info: Mapping[str, Any], receipt: str) -> Batch:
    return Batch(
        info["streamArn"],
        info["shardId"],
        info["startSequenceNumber"],
        info["endSequenceNumber"],
        receipt,
    )


def _as_event(record: Any, stream: str) -> dict[str, Any]:
    """A record of GetRecords in the form that Lambda gives: a number for the moment."""
    change = record["dynamodb"]
    moment = change["ApproximateCreationDateTime"].timestamp()
    return {
        **record,
        "eventSourceARN": stream,
        "dynamodb": {**change, "ApproximateCreationDateTime": moment},
    }
