"""The command line `dagc`: compiles rows from files or from the live tables, without a deployment.

Exit codes: 0 no error; 1 a row is wrong (all valid DAGs are written all the same); 2 wrong usage.
"""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from dagc.aws.row_tables import TableNames
from dagc.cli.diagnostic_listing import Format, Report, as_json, as_text, print_diagnostics
from dagc.cli.refusal import refuse, required_target, stderr
from dagc.cli.row_source import InputError, items_from_aws, items_from_files
from dagc.cli.runs import runs_command
from dagc.cli.runtime import app as runtime
from dagc.compiler import DEFAULT_TARGET, Dag, Toolchain, compile_rows, load_toolchain, read_rows

app = typer.Typer(
    help="Compiles rows of three DynamoDB tables into static Airflow DAG files.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(runtime, name="runtime")
app.command("runs")(runs_command)


Rows = Annotated[
    Path | None,
    typer.Option(help="Folder with mwaa_scheduler, mwaa_job, mwaa_task (.json, .jsonl, .yaml)."),
]
FromAws = Annotated[bool, typer.Option("--from-aws", help="Read the live tables instead.")]
Airflow = Annotated[str, typer.Option(help="Target: 2, 3, 2.10, 2.11, 3.0, 3.1, 3.2 or 3.3.")]
Environment = Annotated[
    str, typer.Option("--env", help="Section of defaults.yaml: dev, uat, prod.")
]
Templates = Annotated[
    Path | None, typer.Option(help="A team's own templates, laid over the built-in ones.")
]
OutputFormat = Annotated[Format, typer.Option("--format", help="For people, or for programs.")]
TablePrefix = Annotated[
    str, typer.Option(help="With --from-aws: the tables are <prefix>task, <prefix>job, …")
]


@app.command("compile")
def compile_command(
    out: Annotated[Path, typer.Option(help="Folder for the DAG files, one for each valid DAG.")],
    rows: Rows = None,
    from_aws: FromAws = False,
    airflow: Airflow = DEFAULT_TARGET,
    env: Environment = "dev",
    templates: Templates = None,
    format_: OutputFormat = Format.TEXT,
    table_prefix: TablePrefix = "mwaa_",
) -> None:
    """Compile rows into DAG files."""
    report = _compiled(rows, from_aws, airflow, env, templates, table_prefix)
    try:
        out.mkdir(parents=True, exist_ok=True)
        for dag in report.dags:
            if dag.text is not None:
                path = out / dag.file_name
                path.write_bytes(dag.text.encode())
    except OSError as error:
        refuse(f"--out: cannot write there: {error}")
    _finish(report, format_, out)


@app.command()
def validate(
    rows: Rows = None,
    from_aws: FromAws = False,
    airflow: Airflow = DEFAULT_TARGET,
    env: Environment = "dev",
    templates: Templates = None,
    format_: OutputFormat = Format.TEXT,
    table_prefix: TablePrefix = "mwaa_",
) -> None:
    """Check rows and write nothing."""
    _finish(_compiled(rows, from_aws, airflow, env, templates, table_prefix), format_, None)


def main() -> None:
    """The entry point of the installed command."""
    app()


def _compiled(
    rows: Path | None,
    from_aws: bool,
    airflow: str,
    env: str,
    templates: Path | None,
    table_prefix: str,
) -> Report:
    toolchain = _toolchain(airflow, env, templates)
    if (rows is None) is not from_aws:
        refuse("Say where the rows are: either --rows FOLDER or --from-aws.")
    try:
        if rows is not None:
            items, problems = items_from_files(rows)
        else:
            names = TableNames(*(f"{table_prefix}{name}" for name in TableNames._fields))
            items, problems = items_from_aws(names), []
    except InputError as error:
        refuse(str(error))
    rows_read = read_rows(items.tasks, items.jobs, items.schedulers, toolchain)
    dags: list[Dag] = []
    with Progress(console=stderr, transient=True, disable=not stderr.is_terminal) as progress:
        bar = progress.add_task("Compiling", total=len(rows_read.claims()))
        for dag in compile_rows(rows_read, toolchain):
            if dag.bug:
                raise dag.bug
            dags.append(dag)
            progress.advance(bar)
    return Report.of(dags, rows_read, problems)


def _toolchain(airflow: str, env: str, templates: Path | None) -> Toolchain:
    target = required_target(airflow)
    if templates is not None and not templates.is_dir():
        refuse(f"--templates: {templates} is no folder.")
    toolchain, diagnostics = load_toolchain(target, env, templates)
    if toolchain is None:
        print_diagnostics(stderr, {diagnostic: [] for diagnostic in diagnostics})
        refuse("The templates or the defaults are wrong: see above.")
    return toolchain


def _finish(report: Report, format_: Format, out: Path | None) -> None:
    if format_ is Format.JSON:
        typer.echo(as_json(report, out))
    else:
        as_text(report, out)
    raise typer.Exit(1 if report.has_errors else 0)
