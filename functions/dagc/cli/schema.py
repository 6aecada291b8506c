"""`dagc schema`: JSON Schemas of the files of rows. Exit codes: 0 done; 2 wrong usage."""

import json
from pathlib import Path
from typing import Annotated

import typer

from dagc.cli.compiled_rows import Airflow, required_toolchain, tasks_of_rows
from dagc.cli.refusal import refuse, refuse_writing
from dagc.cli.team import Team, rows_folder, team_folder
from dagc.compiler import DEFAULT_TARGET, KEYS


def schema_command(
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Folder for mwaa_task.json, mwaa_job.json, mwaa_scheduler.json: "
            "rows/.schema, where the rows are in rows/.",
        ),
    ] = None,
    table: Annotated[
        str | None, typer.Option(metavar="TABLE", help="Instead: print the one of this table.")
    ] = None,
    team: Team = None,
    rows: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Rows whose operators the schema shall know. Default: the team's rows/, if any.",
        ),
    ] = None,
    airflow: Airflow = DEFAULT_TARGET,
) -> None:
    """Write JSON Schemas of the files of rows, for editors."""
    if (out is None) is (table is None):
        refuse("Say what to write: either --out FOLDER, such as rows/.schema, or --table TABLE.")
    if table is not None and table not in KEYS:
        refuse(f"--table: no table {table!r}. Write {', '.join(KEYS)}.")
    from dagc.row_files.schema.json_schema import row_schemas

    folder = team_folder(team)
    toolchain = required_toolchain(airflow, "", folder, has_runtime=True)
    known = rows_folder(rows, folder)
    types = [task.type for task in tasks_of_rows(known, toolchain)] if known else []
    schemas = row_schemas(toolchain, types)
    texts = {name: json.dumps(it, ensure_ascii=False, indent=2) for name, it in schemas.items()}
    if table is not None:
        typer.echo(texts[table])
    elif out is not None:
        _write(out, texts)


def _write(out: Path, texts: dict[str, str]) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        for table, text in texts.items():
            path = out / f"{table}.json"
            path.write_text(f"{text}\n", encoding="utf-8")
            typer.echo(path)
    except OSError as error:
        refuse_writing(out, error)
