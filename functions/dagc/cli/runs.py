"""`dagc runs`. Exit codes: 0 it could be read; 2 wrong usage, no such run, or it could not."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console

from dagc.aws import INFRASTRUCTURE
from dagc.aws.run_table import RunItem, RunTable
from dagc.cli.diagnostic_listing import Format
from dagc.cli.latest_runs import Run, latest_runs, runs_of_dag
from dagc.cli.refusal import refuse, without_dot
from dagc.cli.run_listing import print_dropped, print_run, print_runs


def runs_command(
    dag: Annotated[str | None, typer.Option(metavar="ID", help="Only those of this DAG.")] = None,
    run: Annotated[
        str | None, typer.Option(metavar="ID", help="With --dag: the tasks of this run.")
    ] = None,
    failed: Annotated[
        bool, typer.Option("--failed", metavar="", help="Only those that failed.")
    ] = False,
    days: Annotated[
        int,
        typer.Option(min=1, max=400, metavar="DAYS", help="Begun in so many days (UTC)."),
    ] = 2,
    limit: Annotated[int, typer.Option(min=1, metavar="COUNT", help="At most so many.")] = 20,
    format_: Annotated[
        Format, typer.Option("--format", metavar="text|json", help="For people or programs.")
    ] = (Format.TEXT),
    table_prefix: Annotated[
        str, typer.Option(metavar="PREFIX", help="The table is <prefix>run.")
    ] = "mwaa_",
    table_name: Annotated[
        str | None, typer.Option("--table", metavar="NAME", help="Instead: the table's name.")
    ] = None,
) -> None:
    """Show what Airflow ran lately, failures first."""
    if run and not dag:
        refuse("--run is of a DAG: say --dag, too.")
    with _table(table_name or f"{table_prefix}run") as table:
        if run and dag:
            _show_run(table, dag, run, format_)
        else:
            last = _last_days(days)
            found = _found(table, dag, last, limit)
            shown = [run for run in found if run.failed or not failed][:limit]
            _show_runs(shown, list(table.dropped(last[-1])), format_)


@contextmanager
def _table(name: str) -> Iterator[RunTable]:
    """The table; ends with exit code 2 if it cannot be read."""
    from dagc.aws.clients import make_client

    try:
        yield RunTable(make_client("dynamodb"), name)
    except INFRASTRUCTURE as error:
        refuse(
            f"Cannot read the table {name}: {without_dot(error)}. Check the credentials, the "
            "region (AWS_REGION) and --table-prefix or --table."
        )


def _last_days(count: int) -> list[str]:
    today = datetime.now(UTC).date()
    return [(today - timedelta(days=ago)).isoformat() for ago in range(count)]


def _found(table: RunTable, dag: str | None, days: list[str], limit: int) -> list[Run]:
    return runs_of_dag(table, dag, days) if dag else latest_runs(table, days, limit)


def _show_runs(runs: list[Run], dropped: list[RunItem], format_: Format) -> None:
    if format_ is Format.JSON:
        shown = [{**run.item, "failed_tries": run.failed_tries} for run in runs]
        found = {"runs": shown, "dropped": dropped}
        typer.echo(json.dumps(found, indent=2, sort_keys=True))
        return
    if runs:
        print_runs(_stdout(), runs)
    else:
        typer.echo("None. Look further back with --days; docs/run-history.md says what records.")
    if dropped:
        print_dropped(_stdout(), dropped)


def _show_run(table: RunTable, dag: str, run_id: str, format_: Format) -> None:
    items = sorted(table.of_run(dag, run_id), key=lambda item: str(item["started_at"]))
    run = next((item for item in items if item["kind"] == "dag_run"), None)
    tries = [item for item in items if item["kind"] == "task_try"]
    if not items:
        refuse(f"{table.name} has no run {run_id!r} of {dag!r}.")
    if format_ is Format.JSON:
        typer.echo(json.dumps({"run": run, "tries": tries}, indent=2, sort_keys=True))
    else:
        print_run(_stdout(), run, tries)


def _stdout() -> Console:
    """Wide where nobody sees it, as in a file or a pipe: rows stay lines there."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=200)
