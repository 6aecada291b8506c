"""What others hear: a queue of our own, and a rule that puts the functions' events into it."""

import json
from typing import Any

from demo.stack import Stack

NAME = "dagc-demo-listener"


def listen(stack: Stack) -> str:
    """From now on; returns the queue. (In AWS, the queue needs a policy that lets the rule in.)"""
    queue = stack.sqs.create_queue(QueueName=NAME)["QueueUrl"]
    found = stack.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    stack.events.put_rule(Name=NAME, EventPattern=json.dumps({"source": ["dagc"]}))
    stack.events.put_targets(
        Rule=NAME, Targets=[{"Id": "queue", "Arn": found["Attributes"]["QueueArn"]}]
    )
    return queue


def heard(stack: Stack, queue: str) -> list[dict[str, Any]]:
    """The events that nobody has taken from the queue yet."""
    found: list[dict[str, Any]] = []
    while messages := stack.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get(
        "Messages"
    ):
        found += [json.loads(message["Body"]) for message in messages]
    return found
