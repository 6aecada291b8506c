"""Starts a rebuild, as `make rebuild` does, and waits for its answer."""

import json

from rich.console import Console

from demo.stack import Stack
from demo.unexpected import UnexpectedError


def rebuild(stack: Stack, console: Console) -> dict[str, int]:
    """What the rebuild counted; shown, too."""
    answer = stack.lambda_.invoke(FunctionName=stack.functions["rebuild"], Payload=b"{}")
    text = answer["Payload"].read().decode()
    if "FunctionError" in answer:
        raise UnexpectedError("the rebuild to succeed", text)
    console.print(f"{stack.functions['rebuild']} answers: {text}", markup=False)
    counts: dict[str, int] = json.loads(text)
    return counts
