"""How a command ends when it was not used rightly."""

from typing import NoReturn

import typer
from rich.console import Console

WRONG_USAGE = 2

stderr = Console(stderr=True)


def refuse(message: str) -> NoReturn:
    """Says what is wrong, and ends with exit code 2."""
    stderr.print(message, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(WRONG_USAGE)
