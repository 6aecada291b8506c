"""Calls a function of a deployed stack, once, and waits for its answer."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from dagc.aws import INFRASTRUCTURE
from dagc.cli.refusal import refuse, without_dot

Stack = Annotated[str, typer.Option(metavar="NAME", help="The stack's name, such as dagc-dev.")]


def call_function(stack: str, function: str, event: Mapping[str, Any]) -> None:
    """Prints what the stack's `function` answers to `event`; ends with exit code 1 if it failed.

    It may take the 15 minutes that Lambda gives it, and is not called twice.
    """
    from dagc.aws.clients import make_patient_client

    name = f"{stack}-{function}"
    try:
        client = make_patient_client("lambda")
        answer = client.invoke(FunctionName=name, Payload=json.dumps(event).encode())
    except INFRASTRUCTURE as error:
        refuse(
            f"Cannot call {name}: {without_dot(error)}. Check the stack's name, the credentials "
            "and the region (AWS_REGION)."
        )
    typer.echo(answer["Payload"].read().decode())
    if "FunctionError" in answer:
        raise typer.Exit(1)
