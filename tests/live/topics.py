"""A topic as a team has it, and what is published there."""

import json
from typing import NamedTuple

from demo.airflow.stage import AirflowStage
from demo.waiting import wait_until


class Message(NamedTuple):
    """What a person gets."""

    subject: str
    text: str


def listen(stage: AirflowStage, topic: str) -> str:
    """Make a topic, and a queue that hears what is published there: its URL."""
    sns = stage.stack.aws.client("sns")
    arn = sns.create_topic(Name=topic)["TopicArn"]
    queue: str = stage.stack.sqs.create_queue(QueueName=topic)["QueueUrl"]
    found = stage.stack.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=found["Attributes"]["QueueArn"])
    return queue


def published(stage: AirflowStage, queue: str, about: str, count: int) -> list[Message]:
    """The messages about a run, when there are so many."""
    found: list[Message] = []

    def more() -> list[Message]:
        answer = stage.stack.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
        for message in answer.get("Messages", []):
            body = json.loads(message["Body"])
            if about in body["Message"]:
                found.append(Message(body["Subject"], body["Message"]))
        return found

    return wait_until(more, lambda seen: len(seen) >= count, f"{count} messages about {about}")
