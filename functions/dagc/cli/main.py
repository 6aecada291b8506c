"""The command line `dagc`. Each command is a file beside this one (`commands.py`)."""

import errno
import gc
import os
import sys
from typing import Annotated

import typer

from dagc import __version__
from dagc.cli.apply_steps.interruption import INTERRUPTED
from dagc.cli.commands import PLAIN, LazyCommands, register

app = typer.Typer(
    cls=LazyCommands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=PLAIN,
)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def dagc(
    version: Annotated[
        bool,
        typer.Option(
            "--version", metavar="", help="Show it and exit.", callback=_show_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Compiles rows of three DynamoDB tables into static Airflow DAG files."""


register(app)

_ALLOCATIONS = 200_000
"""How many more objects there are before the collector looks at the youngest: some 40 MB."""


def main() -> None:
    """The entry point of the installed command. Ctrl-C ends it in silence.

    What the encoding of a terminal or a file lacks is written as an escape.
    """
    # A command ends soon, and gives back all that it has made: to look for garbage takes longer.
    gc.set_threshold(_ALLOCATIONS, 20, 20)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)  # it may have been replaced
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    try:
        try:
            app()
        finally:
            sys.stdout.flush()  # a full disk shows here, and not as the last thing of all
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        sys.stderr.write(f"The output cannot be written: {error.strerror}.\n")
        os._exit(1)  # without another attempt to write it
