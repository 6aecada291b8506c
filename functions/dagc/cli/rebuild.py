"""`dagc rebuild`. Exit codes: 0 done; 1 it failed, or another run has to go on; 2 wrong usage."""

from typing import Annotated

import typer

from dagc.cli.function_call import Stack, call_function


def rebuild_command(
    stack: Stack,
    remove_all: Annotated[
        bool,
        typer.Option("--remove-all", metavar="", help="Remove files without a row, however many."),
    ] = False,
) -> None:
    """Compare every DAG with its rows and its file, repair what differs, and print the numbers."""
    call_function(stack, "rebuild", {"remove": "all"} if remove_all else {})
