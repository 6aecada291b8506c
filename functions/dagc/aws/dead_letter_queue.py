"""Reads the dead-letter queue, and the stream records that its messages name.

Lambda puts a message there for a batch of edits that it could not deliver in all its attempts.
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_sqs import SQSClient


class Expired(Exception):  # noqa: N818  an outcome, not a fault
    """The records cannot be read any more: a stream keeps them for 24 hours. A rebuild does what
    they would have.
    """


class Message(NamedTuple):
    """A message of the queue, which names a batch of records: where they are in their stream."""

    body: str
    receipt: str


class _Batch(NamedTuple):
    stream: str
    shard: str
    first: str
    last: int


class DeadLetterQueue(NamedTuple):
    """Reads the queue at `queue_url`, and the streams that its messages are about."""

    sqs: "SQSClient"
    streams: "DynamoDBStreamsClient"
    queue_url: str

    def receive(self) -> list[Message]:
        """Receive some of the messages. Nobody gets them again before their visibility timeout."""
        answer = self.sqs.receive_message(
            QueueUrl=self.queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=1
        )
        messages = answer.get("Messages", ())
        return [Message(each["Body"], each["ReceiptHandle"]) for each in messages]

    def records(self, message: Message) -> Iterator[dict[str, Any]]:
        """Read the records of a message's batch, in the form that Lambda gives to a handler.

        Raises Expired if the stream does not hold them, or the message names none.
        """
        batch = _batch(message.body)
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
                    if int(record["dynamodb"]["SequenceNumber"]) >= batch.last:
                        return
                iterator = answer.get("NextShardIterator")
        except ClientError as error:
            if error.response["Error"]["Code"] in _EXPIRED:
                raise Expired(batch.shard) from error
            raise
        raise Expired(batch.shard)

    def done(self, message: Message) -> None:
        """Removes a message from the queue."""
        self.sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=message.receipt)

    def in_flight(self) -> int:
        """Count, about, the messages that were received and neither removed nor given back."""
        return self._count("ApproximateNumberOfMessagesNotVisible")

    def waiting(self) -> int:
        """Count, about, the messages that nobody has received."""
        return self._count("ApproximateNumberOfMessages")

    def _count(
        self, name: Literal["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    ) -> int:
        answer = self.sqs.get_queue_attributes(QueueUrl=self.queue_url, AttributeNames=[name])
        return int(answer["Attributes"][name])


_EMPTY_ANSWERS = 100
"""A stream may answer with nothing though more is to come ("GetRecords"), and an open shard has no
end.
"""
_EXPIRED = {"TrimmedDataAccessException", "ResourceNotFoundException"}


def _batch(body: str) -> _Batch:
    """Read where the records are: `DDBStreamBatchInfo` ("Retaining discarded batches")."""
    try:
        batch = json.loads(body)["DDBStreamBatchInfo"]
        return _Batch(
            stream=batch["streamArn"],
            shard=batch["shardId"],
            first=batch["startSequenceNumber"],
            last=int(batch["endSequenceNumber"]),
        )
    except (ValueError, LookupError, TypeError) as error:
        raise Expired("the message names no batch") from error


def _as_event(record: Any, stream: str) -> dict[str, Any]:
    """Convert a record of GetRecords to the form that Lambda gives: a number for the moment."""
    change = record["dynamodb"]
    moment = change["ApproximateCreationDateTime"].timestamp()
    return {
        **record,
        "eventSourceARN": stream,
        "dynamodb": {**change, "ApproximateCreationDateTime": moment},
    }
