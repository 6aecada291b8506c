"""`dagc compile`: writes the DAG files of rows into a folder, without a deployment.

Exit codes: 0 no error; 1 a row is wrong (all valid DAGs are written all the same); 2 wrong usage.
"""

from pathlib import Path
from typing import Annotated

import typer

from dagc.cli.compiled_rows import (
    Airflow,
    Environment,
    FromAws,
    NoRuntime,
    OutputFormat,
    Rows,
    TablePrefix,
    compiled_rows,
    finish,
)
from dagc.cli.diagnostic_listing import Format
from dagc.cli.progress import progress
from dagc.cli.refusal import refuse, refuse_writing
from dagc.cli.team import Team
from dagc.compiler import DEFAULT_TARGET


def compile_command(
    out: Annotated[
        Path,
        typer.Option(metavar="FOLDER", help="Folder for the DAG files, one for each valid DAG."),
    ],
    team: Team = None,
    rows: Rows = None,
    from_aws: FromAws = False,
    airflow: Airflow = DEFAULT_TARGET,
    env: Environment = "dev",
    no_runtime: NoRuntime = False,
    format_: OutputFormat = Format.TEXT,
    table_prefix: TablePrefix = "mwaa_",
) -> None:
    """Compile rows into DAG files."""
    if out.exists() and not out.is_dir():
        refuse(f"--out: {out} is a file. Name a folder.")
    report = compiled_rows(team, rows, from_aws, airflow, env, no_runtime, table_prefix)
    try:
        out.mkdir(parents=True, exist_ok=True)
        with progress("Writing", len(report.dags)) as bar:
            for dag in report.dags:
                if dag.text is not None:
                    path = out / dag.file_name
                    path.write_bytes(dag.text.encode())
                bar.advance()
    except OSError as error:
        refuse_writing(out, error)
    finish(report, format_, out)
