"""The command line `dagc`. Each command is a file beside this one."""

import errno
import os
import sys
from typing import Annotated

import typer

from dagc import __version__
from dagc.cli.apply import apply_command
from dagc.cli.apply_steps.interruption import INTERRUPTED
from dagc.cli.compile import compile_command
from dagc.cli.deploy import deploy_command
from dagc.cli.doctor import doctor_command
from dagc.cli.export import export_command
from dagc.cli.init import init_command
from dagc.cli.plan import PlanCommand, plan_command
from dagc.cli.rebuild import rebuild_command
from dagc.cli.redrive import redrive_command
from dagc.cli.runs import runs_command
from dagc.cli.runtime import app as runtime
from dagc.cli.schema import schema_command
from dagc.cli.validate import validate_command

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
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


app.command("init")(init_command)
app.command("compile")(compile_command)
app.command("validate")(validate_command)
app.command("schema")(schema_command)
app.command("plan", cls=PlanCommand)(plan_command)
app.command("apply")(apply_command)
app.command("export")(export_command)
app.command("deploy")(deploy_command)
app.command("doctor")(doctor_command)
app.command("rebuild")(rebuild_command)
app.command("redrive")(redrive_command)
app.command("runs")(runs_command)
app.add_typer(runtime, name="runtime")


def main() -> None:
    """The entry point of the installed command. Ctrl-C ends it in silence.

    What the encoding of a terminal or a file lacks is written as an escape.
    """
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
