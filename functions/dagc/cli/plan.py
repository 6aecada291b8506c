"""`dagc plan`: what proposed rows would change, before anything is written.

Exit codes: 0 nothing to do; 1 a row is wrong, or no plan could be made (a line in red says why); 2
there is something to do; with --exit-zero, 0 for whatever a plan says.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.exceptions import TyperException

from dagc.cli.apply_steps.apply_consent import needed_options
from dagc.cli.apply_steps.saved_plan import save, to_be_saved, withdraw
from dagc.cli.compiled_rows import NoSql, required_toolchain
from dagc.cli.deployed_stack import DeployedStack, deployed_stack
from dagc.cli.pair_options import WithPairs, pairs
from dagc.cli.plan_output import PlanFormat, print_plan
from dagc.cli.planning import Planned, plan_against_stack, plan_between_folders, with_sql
from dagc.cli.proposal import Proposal, proposed_rows
from dagc.cli.refusal import Refused, refuse, stderr
from dagc.cli.team import Team, team_folder
from dagc.compiler import DEFAULT_TARGET, has_errors

CHANGES = 2

Stack = Annotated[
    str | None, typer.Option(metavar="NAME", help="The stack to plan against, such as dagc-dev.")
]
Against = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="Instead of a stack: the rows as they are. No AWS."),
]
Rows = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="The rows that are wanted. Default: the team's rows/."),
]
Set = Annotated[
    list[str],
    typer.Option("--set", metavar="ROW FILE", help="A row that is wanted: mwaa_task/301 FILE|-."),
]
Delete = Annotated[
    list[str], typer.Option(metavar="ROW", help="A row that is to go: mwaa_job/mart/20.")
]
DeleteMissing = Annotated[
    bool, typer.Option("--delete-missing", metavar="", help="Rows that --rows lacks are to go.")
]
Airflow = Annotated[str | None, typer.Option(metavar="VERSION", help="With --against: the target.")]
Environment = Annotated[
    str | None,
    typer.Option("--env", metavar="NAME", help="With --against: section of defaults.yaml."),
]
NoRuntime = Annotated[
    bool, typer.Option("--no-runtime", metavar="", help="With --against: as for compile.")
]
Format = Annotated[
    PlanFormat,
    typer.Option("--format", metavar="text|markdown|sarif|junit|json", help="How it is told."),
]
Name = Annotated[
    str | None,
    typer.Option(metavar="TEXT", help="With --format: tells plans of one pull request apart."),
]


def _withdrawn(file: Path | None) -> Path | None:
    """Before all else, so that a plan that cannot be made leaves none."""
    if file is not None:
        withdraw(file)
    return file


Out = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Save the plan there, for dagc apply.",
        callback=_withdrawn,
        is_eager=True,
    ),
]
Full = Annotated[bool, typer.Option("--full", metavar="", help="Whole diffs, however long.")]
ExitZero = Annotated[
    bool, typer.Option("--exit-zero", metavar="", help="Exit with 0 whatever the plan says.")
]


class PlanCommand(WithPairs):
    """Ends with exit code 1 where no plan could be made: 2 says that there is something to do."""

    def make_context(self, *args: Any, **kwargs: Any) -> Any:
        """Reads the arguments."""
        with _refused_with_1():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: Any) -> Any:
        """Does it."""
        with _refused_with_1():
            return super().invoke(ctx)


COMMAND_CLASS = PlanCommand


@contextmanager
def _refused_with_1() -> Iterator[None]:
    try:
        yield
    except Refused:
        raise typer.Exit(1) from None
    except TyperException as error:  # wrong options
        error.exit_code = 1
        raise


def plan_command(
    stack: Stack = None,
    against: Against = None,
    rows: Rows = None,
    set_: Set = [],  # noqa: B006  Typer's default of an option that may be repeated
    delete: Delete = [],  # noqa: B006  as above
    delete_missing: DeleteMissing = False,
    team: Team = None,
    airflow: Airflow = None,
    env: Environment = None,
    no_runtime: NoRuntime = False,
    format_: Format = PlanFormat.TEXT,
    name: Name = None,
    out: Out = None,
    full: Full = False,
    no_sql: NoSql = False,
    exit_zero: ExitZero = False,
) -> None:
    """Show what proposed rows would change, before anything is written."""
    _require_one(stack, against, out)
    folder = team_folder(team)
    proposal = _proposal(rows, pairs(set_), delete, folder)
    if stack is not None and (airflow or env or no_runtime):
        refuse("--airflow, --env and --no-runtime are the stack's own: leave them out.")
    if stack is not None:
        planned = plan_against_stack(
            deployed_stack(stack),
            proposal,
            folder,
            delete_missing=delete_missing,
            is_to_be_applied=out is not None,
        )
    else:
        planned = _between_folders(against, proposal, folder, airflow, env, no_runtime)
    if not no_sql:
        planned = with_sql(planned)
    if out is not None and planned.deployed is not None:
        _save(planned, planned.deployed, out)
    print_plan(planned, format_, name=name, full=full)
    raise typer.Exit(0 if exit_zero else exit_code(planned))


def _require_one(stack: str | None, against: Path | None, out: Path | None) -> None:
    if stack is None and against is None:
        refuse("Say against what to plan: --stack NAME, or --against FOLDER.")
    if stack is not None and against is not None:
        refuse("Say one of both: --stack NAME, or --against FOLDER.")
    if out is not None and stack is None:
        refuse("--out: what is planned between folders cannot be applied. Plan against a --stack.")


def _between_folders(
    against: Path | None,
    proposal: Proposal,
    team: Path | None,
    airflow: str | None,
    env: str | None,
    no_runtime: bool,
) -> Planned:
    target = airflow or DEFAULT_TARGET
    tools = required_toolchain(target, env or "dev", team, has_runtime=not no_runtime)
    old = proposed_rows(against, [], [], may_be_empty=True)
    return plan_between_folders(old, proposal, tools, datetime.now(UTC))


def _save(planned: Planned, deployed: DeployedStack, file: Path) -> None:
    """Saves the plan, and says how it is written; or why it cannot be."""
    if planned.unwritable:
        message = f"Not saved to {file}: not all rows can be written. The errors say which."
        stderr.print(message, style="red", markup=False, soft_wrap=True)
        return
    plan = to_be_saved(planned, deployed)
    save(plan, file)
    if not plan.rows:
        said = f"Saved to {file}: there is nothing to write."
    else:
        said = f"Saved: `{' '.join(['dagc apply', str(file), *needed_options(plan)])}` writes it."
    stderr.print(said, markup=False, soft_wrap=True)


def exit_code(planned: Planned) -> int:
    """What a plan says to the shell."""
    if has_errors(planned.plan.diagnostics):
        return 1
    return CHANGES if planned.plan.rows else 0


def _proposal(
    rows: Path | None, set_: list[tuple[str, str]], delete: list[str], team: Path | None
) -> Proposal:
    if rows is None and not set_ and not delete:
        if team is None:
            refuse("Say which rows are wanted: --rows FOLDER, or --set ROW FILE, --delete ROW.")
        rows = team / "rows"
    return proposed_rows(rows, set_, delete)
