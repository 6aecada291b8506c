"""`dagc apply`: writes the rows of a plan, and waits until the DAGs are what it says.

Exit codes: 0 all is as planned, or there was nothing to do; 1 refused, a row had moved or could not
be written, or a DAG became another than planned; 2 wrong usage; 130 interrupted.
"""

from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from rich.console import Console

from dagc.aws import INFRASTRUCTURE
from dagc.changes.writing.plan_file import Destination, SavedPlan
from dagc.cli.apply_steps.apply_consent import Allowed, asks, consents, refusal
from dagc.cli.apply_steps.apply_report import as_json, exit_code, print_applied, refused_json
from dagc.cli.apply_steps.applying import Applied, apply_plan
from dagc.cli.apply_steps.interruption import INTERRUPTED
from dagc.cli.apply_steps.saved_plan import destination_of, load, to_be_saved, toolchain_of
from dagc.cli.deployed_stack import DeployedStack, cannot_read, deployed_stack
from dagc.cli.diagnostic_listing import Format
from dagc.cli.indented_lines import report_console
from dagc.cli.plan import Rows
from dagc.cli.plan_output import print_as_text
from dagc.cli.planning import Planned, plan_against_stack
from dagc.cli.proposal import proposed_rows
from dagc.cli.refusal import refuse, stderr
from dagc.cli.team import Team, team_folder

File = Annotated[
    Path | None, typer.Argument(metavar="PLAN", help="A file that dagc plan --out has written.")
]
Stack = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="The stack, such as dagc-dev. A plan knows its own."),
]
Delete = Annotated[
    bool,
    typer.Option(
        "--delete", metavar="", help="Rows may be deleted; with --rows, those that it lacks are."
    ),
]
Yes = Annotated[bool, typer.Option("--yes", metavar="", help="Ask nothing.")]
AllowErrors = Annotated[
    bool, typer.Option("--allow-errors", metavar="", help="Write rows although DAGs are in error.")
]
Wait = Annotated[
    int,
    typer.Option(
        metavar="SECONDS", min=0, help="How long to wait for the compiler. 0: not at all."
    ),
]
OutputFormat = Annotated[
    Format, typer.Option("--format", metavar="text|json", help="For people, or for programs.")
]


def apply_command(
    file: File = None,
    stack: Stack = None,
    rows: Rows = None,
    team: Team = None,
    delete: Delete = False,
    yes: Yes = False,
    allow_errors: AllowErrors = False,
    wait: Wait = 120,
    format_: OutputFormat = Format.TEXT,
) -> None:
    """Write the rows of a plan, and wait until the DAGs are what it says."""
    if file is not None and rows is not None:
        refuse("Say what to apply: a plan file, or --rows FOLDER. Not both.")
    allowed = Allowed(delete=delete, errors=allow_errors, yes=yes)
    try:
        wanted = _of_file(file, stack) if file else _of_rows(rows, stack, team, delete=delete)
        if reason := _refusal(wanted, allowed, format_):
            _end_refused(wanted.plan, reason, format_)
        applied = _applied(wanted, wait)
    except (KeyboardInterrupt, typer.Abort):
        stderr.print("Interrupted. Where rows were being written, apply the same plan again.")
        raise typer.Exit(INTERRUPTED) from None
    if format_ is Format.JSON:
        typer.echo(as_json(applied))
    else:
        print_applied(applied, Console(highlight=False))
    raise typer.Exit(exit_code(applied))


class _ToApply(NamedTuple):
    """A plan, and the stack that it is for. `made` is the whole of it, where it was made now, and
    nobody has seen it.
    """

    plan: SavedPlan
    deployed: DeployedStack
    made: Planned | None = None


def _refusal(wanted: _ToApply, allowed: Allowed, format_: Format) -> str:
    """Why nothing is to be written; "" where it may be."""
    plan, _, made = wanted
    if made is not None and (plan.rows or made.unwritable):
        print_as_text(made, report_console(stderr=format_ is Format.JSON))
    if made is not None and made.unwritable:
        return "Nothing was written: not all rows can be (see above). Repair these."
    if reason := refusal(plan, allowed, is_shown=made is not None):
        return reason
    if not plan.rows or not asks(plan, was_seen=made is None, allowed=allowed):
        return ""
    return "" if consents(plan) else "Nothing was written."


def _applied(wanted: _ToApply, wait: int) -> Applied:
    try:
        return apply_plan(wanted.plan, wanted.deployed, wait)
    except INFRASTRUCTURE as error:
        refuse(cannot_read(f"the tables of {wanted.deployed.stack.name}", error))


def _of_file(file: Path, stack: str | None) -> _ToApply:
    """The plan in a file, and its stack, which is still as it was when the plan was made."""
    plan = load(file)
    name = plan.destination.stack
    if stack is not None and stack != name:
        refuse(f"{file} is a plan for {name}, not for {stack}: plan again with --stack {stack}.")
    deployed = deployed_stack(name)
    here = destination_of(deployed)
    if here != plan.destination:
        refuse(_elsewhere(file, plan.destination, here))
    if toolchain_of(deployed) != plan.toolchain:
        refuse(
            f"{name} compiles otherwise since {file} was made: it was deployed anew. Plan again."
        )
    return _ToApply(plan, deployed)


def _elsewhere(file: Path, planned: Destination, here: Destination) -> str:
    if planned.where == here.where:
        return f"{file} is for other tables than {here.stack} has now: plan again."
    return (
        f"{file} is a plan for {planned.where}; credentials and region (AWS_REGION) are for "
        f"{here.where}. Take the others, or plan again here."
    )


def _of_rows(rows: Path | None, stack: str | None, team: Path | None, *, delete: bool) -> _ToApply:
    """A plan that is made now, of rows in a folder."""
    if stack is None:
        refuse("Say what to apply: a plan file, or --stack NAME with --rows FOLDER.")
    folder = team_folder(team)
    if rows is None:
        if folder is None:
            refuse("Say which rows are wanted: --rows FOLDER, or a plan file.")
        rows = folder / "rows"
    deployed = deployed_stack(stack)
    planned = plan_against_stack(
        deployed,
        proposed_rows(rows, [], []),
        folder,
        delete_missing=delete,
        is_to_be_applied=True,
    )
    return _ToApply(to_be_saved(planned, deployed), deployed, planned)


def _end_refused(plan: SavedPlan, reason: str, format_: Format) -> None:
    if format_ is Format.JSON:
        typer.echo(refused_json(plan.destination.stack, reason))
    else:
        stderr.print(reason, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(1)
