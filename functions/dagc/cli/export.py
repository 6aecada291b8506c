"""`dagc export`: the live rows as files. Exit codes: 0 done; 1 a file has to be changed by hand; 2
wrong usage, or what is live or in the folder could not be read.
"""

import os
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dagc.aws import INFRASTRUCTURE
from dagc.aws.row_tables import RowTables, TableNames
from dagc.cli.compiled_rows import required_toolchain
from dagc.cli.deployed_stack import cannot_read, deployed_stack
from dagc.cli.diagnostic_listing import near
from dagc.cli.progress import progress
from dagc.cli.refusal import refuse, refuse_writing
from dagc.cli.row_names import row_name
from dagc.cli.row_source import scanned
from dagc.cli.team import Team, team_folder
from dagc.compiler import DEFAULT_TARGET, Item, RowKey, Snapshot, row_key
from dagc.row_files.export.row_file_names import Layout
from dagc.row_files.reading.row_documents import RowsFileError

if TYPE_CHECKING:
    from dagc.row_files.export.export import Export


_MOST = 20
"""Rows that are listed of a kind."""


class Sql(StrEnum):
    """Where their SQL goes."""

    INLINE = "inline"
    FILES = "files"


Out = Annotated[Path, typer.Option(metavar="FOLDER", help="Folder for the files of rows.")]
StackName = Annotated[
    str | None, typer.Option(metavar="NAME", help="The stack whose tables are read.")
]
Prefix = Annotated[
    str,
    typer.Option(
        metavar="PREFIX", help="Without --stack: the tables are <prefix>task, <prefix>job, …"
    ),
]
NewRows = Annotated[
    Layout, typer.Option(metavar="rows|tables", help="A file for each new row, or for a table.")
]
NewSql = Annotated[
    Sql, typer.Option(metavar="inline|files", help="SQL of new rows: in them, or beside them.")
]
Prune = Annotated[
    bool, typer.Option("--prune", metavar="", help="Remove rows that are no longer live.")
]


def export_command(
    out: Out,
    stack: StackName = None,
    table_prefix: Prefix = "mwaa_",
    layout: NewRows = Layout.ROWS,
    sql: NewSql = Sql.INLINE,
    prune: Prune = False,
    team: Team = None,
) -> None:
    """Write the live rows as files."""
    _prepare(out)
    live = _live(stack, table_prefix)
    parameters = _sql_parameters(team, live) if sql is Sql.FILES else {}
    from dagc.row_files.export.export import export_rows

    with progress("Comparing", len(live)) as bar:
        try:
            export = export_rows(
                out,
                live,
                layout=layout,
                sql_parameters=parameters,
                prune=prune,
                advance=bar.advance,
            )
        except RowsFileError as error:
            refuse(f"--out: {str(error).rstrip('.')}. Repair the file, or name another folder.")
    _write(out, export.files, export.removed)
    _tell(out, export, len(live), prune=prune)
    raise typer.Exit(1 if export.stuck else 0)


def _prepare(out: Path) -> None:
    """Ends with exit code 2 where the folder cannot be written to."""
    if out.exists() and not out.is_dir():
        refuse(f"--out: {out} is a file. Name a folder.")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        refuse_writing(out, error)
    if not os.access(out, os.W_OK):
        refuse(f"--out: cannot write to {out}: permission denied. Name another folder.")


def _live(stack: str | None, table_prefix: str) -> dict[RowKey, Item]:
    """The live rows; ends with exit code 2 where they cannot be read."""
    from dagc.aws.clients import make_client

    names = TableNames.prefixed(table_prefix)
    try:
        if stack is not None:
            tables = deployed_stack(stack).tables
            names = tables.names
        else:
            tables = RowTables(make_client("dynamodb"), names)
        found = scanned(tables)
    except INFRASTRUCTURE as error:
        refuse(cannot_read(f"the tables {', '.join(names)}", error))
    return {row_key(table, item): item for table, items in found.items() for item in items}


def _sql_parameters(team: Path | None, live: Mapping[RowKey, Item]) -> dict[RowKey, str]:
    """The tasks that have SQL, as their types say."""
    toolchain = required_toolchain(DEFAULT_TARGET, "", team_folder(team), has_runtime=True)
    tasks = Snapshot(live, toolchain.types).all_tasks()
    return {task.row: task.type.sql.parameter for task in tasks if task.type and task.type.sql}


def _write(out: Path, files: Mapping[Path, bytes], removed: Iterable[Path]) -> None:
    """Writes what is decided: files that rows name before the rows."""
    from dagc.row_files.export.write_files import remove_files, write_file

    try:
        with progress("Writing", len(files)) as bar:
            for path in sorted(files, key=lambda path: path.suffix != ".sql"):
                write_file(path, files[path])
                bar.advance()
        remove_files(removed, out)
    except OSError as error:
        refuse_writing(out, error)


def _tell(out: Path, export: "Export", count: int, *, prune: bool) -> None:
    """Says what was done, what is left, and what to do about it."""
    gone = {row: path for row, path in export.gone.items() if row not in export.stuck}
    if prune:
        _list(gone, "no longer live: removed")
    else:
        _list(gone, "no longer live. --prune removes it")
    _list(export.typed, "in DynamoDB's own JSON, for YAML does not hold it")
    _list(
        export.stuck,
        "differs from the live row, and is not changed in a file of this form. Change it by hand",
    )
    same = (
        count
        - len(export.new)
        - len(export.changed)
        - len(export.stuck.keys() - export.gone.keys())
    )
    typer.echo(
        f"{count} {'row' if count == 1 else 'rows'} in {near(out)}: {len(export.new)} new, "
        f"{len(export.changed)} changed, {same} as before."
    )


def _list(rows: Mapping[RowKey, Path], what: str) -> None:
    for row, path in list(rows.items())[:_MOST]:
        typer.echo(f"{row_name(row)} in {near(path)}: {what}.")
    if len(rows) > _MOST:
        typer.echo(f"… and {len(rows) - _MOST} more.")
