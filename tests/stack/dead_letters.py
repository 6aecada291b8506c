"""Sends dead letters as Lambda does: a message names the records in their stream."""

import json

from demo.stack import Stack


def edits_of(stack: Stack, job_id: str) -> dict[str, str]:
    """Find the edits of a job in their stream; returns where they are, in the form of Lambda."""
    stream = stack.dynamodb.Table(stack.tables["job"]).latest_stream_arn or ""
    streams = stack.aws.session().client("dynamodbstreams", endpoint_url=stack.aws.endpoint)
    shard = streams.describe_stream(StreamArn=stream)["StreamDescription"]["Shards"][0]["ShardId"]
    iterator = streams.get_shard_iterator(
        StreamArn=stream, ShardId=shard, ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    numbers = [
        record["dynamodb"]["SequenceNumber"]
        for record in streams.get_records(ShardIterator=iterator)["Records"]
        if record["dynamodb"]["Keys"]["job_id"] == {"S": job_id}
    ]
    return {
        "shardId": shard,
        "startSequenceNumber": numbers[0],
        "endSequenceNumber": numbers[-1],
        "streamArn": stream,
    }


def send_dead_letter(stack: Stack, batch: dict[str, str]) -> None:
    """Put the message into the queue."""
    body = json.dumps({"DDBStreamBatchInfo": batch})
    stack.sqs.send_message(QueueUrl=stack.dead_letter_queue, MessageBody=body)
