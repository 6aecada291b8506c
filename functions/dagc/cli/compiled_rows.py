"""What `dagc compile` and `dagc validate` share: their options, and the rows compiled."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from dagc.aws.row_tables import TableNames
from dagc.cli.diagnostic_listing import Format, Report, as_json, as_text, print_diagnostics
from dagc.cli.kept_folder import kept_folder
from dagc.cli.progress import progress
from dagc.cli.refusal import refuse, required_target, stderr
from dagc.cli.row_source import InputError, items_from_aws, items_from_files
from dagc.cli.team import team_folder
from dagc.compiler import Dag, TaskRow, Toolchain, compile_rows, load_toolchain, read_rows
from dagc.lineage.sql_report import sql_findings
from dagc.row_files.reading.locations import NOWHERE

Rows = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help="Folder with mwaa_scheduler, mwaa_job, mwaa_task (.json, .jsonl, .yaml). "
        "Default: the team's rows/.",
    ),
]
FromAws = Annotated[
    bool, typer.Option("--from-aws", metavar="", help="Read the live tables instead.")
]
Airflow = Annotated[
    str, typer.Option(metavar="VERSION", help="Target: 2, 3, 2.10, 2.11, 3.0, 3.1, 3.2 or 3.3.")
]
Environment = Annotated[
    str, typer.Option("--env", metavar="NAME", help="Section of defaults.yaml: dev, uat, prod.")
]
NoRuntime = Annotated[
    bool,
    typer.Option(
        "--no-runtime", metavar="", help="Files import nothing that `dagc runtime` publishes."
    ),
]
NoSql = Annotated[
    bool, typer.Option("--no-sql", metavar="", help="Do not look at the SQL of the tasks.")
]
OutputFormat = Annotated[
    Format, typer.Option("--format", metavar="text|json", help="For people, or for programs.")
]
TablePrefix = Annotated[
    str,
    typer.Option(
        metavar="PREFIX", help="With --from-aws: the tables are <prefix>task, <prefix>job, …"
    ),
]


def compiled_rows(
    team: Path | None,
    rows: Path | None,
    from_aws: bool,
    airflow: str,
    env: str,
    no_runtime: bool,
    table_prefix: str,
    *,
    sql: bool = False,
) -> Report:
    """The DAGs of the rows that the options name, and what is in their SQL, if it is to be looked
    at; ends with exit code 2 if they name none.
    """
    folder = team_folder(team)
    toolchain = required_toolchain(airflow, env, folder, has_runtime=not no_runtime)
    if rows is None and folder is not None and not from_aws:
        rows = folder / "rows"
    if (rows is None) is not from_aws:
        refuse("Say where the rows are: either --rows FOLDER (or --team FOLDER) or --from-aws.")
    try:
        if rows is not None:
            items, problems, locations = items_from_files(rows)
        else:
            names = TableNames.prefixed(table_prefix)
            items, problems, locations = items_from_aws(names), [], NOWHERE
    except InputError as error:
        refuse(str(error))
    rows_read = read_rows(items.tasks, items.jobs, items.schedulers, toolchain)
    dags: list[Dag] = []
    with progress("Compiling", len(rows_read.claims())) as bar:
        for dag in compile_rows(rows_read, toolchain):
            if dag.bug:
                raise dag.bug
            dags.append(dag)
            bar.advance()
    report = Report.of(dags, rows_read, problems, locations)
    return report.with_sql(sql_findings(rows_read, toolchain)) if sql else report


def tasks_of_rows(folder: Path, toolchain: Toolchain) -> Iterable[TaskRow]:
    """The tasks in a folder of rows; ends with exit code 2 if that cannot be read."""
    try:
        items, _, _ = items_from_files(folder)
    except InputError as error:
        refuse(str(error))
    return read_rows(items.tasks, (), (), toolchain).all_tasks()


def finish(report: Report, format_: Format, out: Path | None) -> None:
    """Prints the report, and ends with exit code 1 if a row is wrong, else with 0."""
    if format_ is Format.JSON:
        typer.echo(as_json(report, out))
    else:
        as_text(report, out)
    raise typer.Exit(1 if report.has_errors else 0)


def required_toolchain(
    airflow: str, env: str, team: Path | None, *, has_runtime: bool
) -> Toolchain:
    """What compiles; ends with exit code 2 if target, templates or defaults are wrong."""
    target = required_target(airflow)
    toolchain, diagnostics = load_toolchain(
        target, env, team, has_runtime=has_runtime, kept=kept_folder()
    )
    if toolchain is None:
        print_diagnostics(stderr, {diagnostic: [] for diagnostic in diagnostics})
        refuse("The templates or the defaults are wrong: see above.")
    return toolchain
