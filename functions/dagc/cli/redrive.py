"""`dagc redrive`. Exit codes: 0 done; 1 it failed; 2 wrong usage."""

from dagc.cli.function_call import Stack, call_function


def redrive_command(stack: Stack) -> None:
    """Compile the edits in the dead-letter queue, and print how many."""
    call_function(stack, "redrive", {})
