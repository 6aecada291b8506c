"""How a command ends when it was not used rightly."""

from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console

from dagc.compiler import Target, find_target

WRONG_USAGE = 2

stderr = Console(stderr=True)


class Refused(typer.Exit):
    """A command was not used rightly, or lacks what it needs. That is said already."""


def refuse(message: str) -> NoReturn:
    """Says what is wrong, and ends with exit code 2."""
    stderr.print(message, style="red", markup=False, soft_wrap=True)
    raise Refused(WRONG_USAGE)


def refuse_writing(out: Path, error: OSError) -> NoReturn:
    """Ends with exit code 2 where `--out` names what cannot be written to."""
    where = error.filename or out
    refuse(f"--out: cannot write {where}: {reason(error)}. Name a folder that you can write to.")


def reason(error: OSError) -> str:
    """What the system says, to go on with."""
    return (error.strerror or str(error)).lower()


def required_target(airflow: str) -> Target:
    """The target of that name; ends with exit code 2 if there is none."""
    target = find_target(airflow)
    if isinstance(target, str):
        refuse(f"No Airflow {airflow!r}. {target}")
    return target


def without_dot(error: Exception) -> str:
    """What `error` says, to go on after it: some of AWS's messages end with a dot."""
    return str(error).rstrip(".")
