"""Looks at what a stack needs to compile: streams, what reads them, files, and what was left over.

Each check says what it looks at, and what is wrong with it, if something is.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dagc.aws.clients import make_client
from dagc.aws.dead_letter_queue import DeadLetterQueue
from dagc.aws.event_source_mappings import mapping_from
from dagc.cli.deployed_stack import DeployedStack
from dagc.compiler import KEYS
from dagc.plan.stream_delivery import EventSourceMapping, delivery_problem


class Check(NamedTuple):
    """What is looked at, and what is wrong and to do; "" where all is well."""

    what: str
    problem: str


def stack_checks(deployed: DeployedStack) -> Iterator[Check]:
    """Looks at one thing after the other. Raises botocore's errors where AWS does not let it."""
    mappings = _mappings(deployed.stack.outputs["DagCompilerFunctionName"])
    for table in KEYS:
        name = deployed.tables.names.of(table)
        yield Check(f"edits of {name} reach the compiler", _delivery(deployed, table, mappings))
    yield Check("no edit waits in the dead-letter queue", _dead_letters(deployed))
    deployed.bucket.listing()
    yield Check(f"the files under {deployed.bucket.url_prefix} can be listed", "")
    yield Check("a rebuild has looked at all DAGs", _rebuild(deployed))


def _mappings(function: str) -> dict[str, EventSourceMapping]:
    """Reads all mappings of a function, by the ARN of their stream."""
    mappings = make_client("lambda").get_paginator("list_event_source_mappings")
    found = mappings.paginate(FunctionName=function).search("EventSourceMappings[]")
    return {mapping["EventSourceArn"]: mapping_from(mapping) for mapping in found}


def _delivery(
    deployed: DeployedStack, table: str, mappings: Mapping[str, EventSourceMapping]
) -> str:
    stream, view = deployed.tables.stream_and_view(table)
    own = f":table/{deployed.tables.names.of(table)}/"
    found = [mapping for arn, mapping in mappings.items() if own in arn]
    problem = delivery_problem(found[0] if found else EventSourceMapping(state=""), stream, view)
    return f"{problem}. See docs/runbook.md, stream-stopped" if problem else ""


def _dead_letters(deployed: DeployedStack) -> str:
    queue = DeadLetterQueue(
        make_client("sqs"),
        make_client("dynamodbstreams"),
        deployed.stack.outputs["DeadLetterQueueUrl"],
    )
    waiting = queue.waiting()
    batches = "batch waits" if waiting == 1 else "batches wait"
    again = f"`dagc redrive --stack {deployed.stack.name}` compiles them"
    return f"{waiting} {batches}: {again}" if waiting else ""


def _rebuild(deployed: DeployedStack) -> str:
    if deployed.dependencies.toolchain():
        return ""
    return f"none has come to its end yet: `dagc rebuild --stack {deployed.stack.name}` runs one"
