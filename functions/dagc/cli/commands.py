"""The commands of `dagc`, by name: what `dagc --help` says of each. Each is a file beside this one,
which is imported when it is called: most of them need libraries that take longer than the command.
"""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

COMMANDS = {
    "init": "Write a team's folder: defaults, a first row of each table, what Airflow gets.",
    "compile": "Compile rows into DAG files.",
    "validate": "Check rows and write nothing.",
    "schema": "Write JSON Schemas of the files of rows, for editors.",
    "plan": "Show what proposed rows would change, before anything is written.",
    "apply": "Write the rows of a plan, and wait until the DAGs are what it says.",
    "export": "Write the live rows as files.",
    "deploy": "Build the functions with the team's defaults and templates, and deploy the stack.",
    "doctor": "Look whether a stack compiles what people edit; with --canary, try it.",
    "rebuild": "Compare every DAG with its rows and its file, repair what differs, and print the "
    "numbers.",
    "redrive": "Compile the edits in the dead-letter queue, and print how many.",
    "runs": "Show what Airflow ran lately, failures first.",
    "runtime": "What Airflow gets beside the DAG files: plugins, requirements, callables.",
}

PLAIN = None
"""Help and errors without Rich: it takes twice as long to import as all else that they need."""


class LazyCommands(TyperGroup):
    """Knows its commands by their names and help until one is called."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Returns the name of the command that is called, the command, and its arguments."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, loaded(name) if name else None, rest


def register(app: typer.Typer) -> None:
    """Registers all commands with `app`, whose class is LazyCommands."""
    for name, says in COMMANDS.items():
        app.command(name, help=says, short_help=says)(_not_loaded)


def loaded(name: str) -> Any:
    """Returns the command of that name, or the group of commands, as Typer makes it."""
    module = import_module(f"dagc.cli.{name}")
    app: typer.Typer | None = getattr(module, "app", None)
    if app is None:
        app = typer.Typer(add_completion=False, rich_markup_mode=PLAIN)
        command = getattr(module, f"{name}_command")
        app.command(name, cls=getattr(module, "COMMAND_CLASS", None))(command)
    return get_command(app)


def _not_loaded() -> None:
    """Stands for a command until it is called."""
