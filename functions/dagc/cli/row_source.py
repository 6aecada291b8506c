"""Where the command line takes rows from."""

from pathlib import Path
from typing import Any, NamedTuple

from dagc.aws import INFRASTRUCTURE
from dagc.aws.row_tables import RowTables, TableNames
from dagc.aws.threads import in_threads
from dagc.cli.deployed_stack import cannot_read
from dagc.cli.progress import progress
from dagc.cli.refusal import stderr
from dagc.compiler import JOB, KEYS, SCHEDULER, TASK, Diagnostic
from dagc.row_files.reading.locations import Locations
from dagc.row_files.reading.misnamed_files import unread_files
from dagc.row_files.reading.read_tables import read_tables
from dagc.row_files.reading.row_documents import RowsFileError

_MOST = 5
"""Files that are named."""


class Items(NamedTuple):
    """All items of the three tables, as plain data."""

    tasks: list[dict[str, Any]]
    jobs: list[dict[str, Any]]
    schedulers: list[dict[str, Any]]


class InputError(Exception):
    """The rows cannot be read. The message says why, and what to do."""


def items_from_files(folder: Path) -> tuple[Items, list[Diagnostic], Locations]:
    """The items in the files of `folder`, what is wrong with their keys, and where they stand."""
    try:
        with progress("Reading") as bar:
            tables, diagnostics, locations = read_tables(folder, told=bar.reached)
        say_unread(folder)
    except RowsFileError as error:
        raise InputError(str(error)) from error
    return Items(tables[TASK], tables[JOB], tables[SCHEDULER]), diagnostics, locations


def say_unread(folder: Path) -> None:
    """Says which files of a folder of rows seem to hold some, and are not read."""
    unread = [str(path.relative_to(folder)) for path in unread_files(folder)]
    if unread:
        more = [f"{len(unread) - _MOST} more"] if len(unread) > _MOST else []
        stderr.print(
            f"Not read in {folder}: {', '.join([*unread[:_MOST], *more])}. Rows are in "
            f"{', '.join(KEYS)}: files of .json, .jsonl or .yaml, or folders of such files.",
            style="yellow",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )


def items_from_aws(names: TableNames) -> Items:
    """The items of the live tables, with the credentials and region that botocore finds."""
    from dagc.aws.clients import make_client

    try:
        found = scanned(RowTables(make_client("dynamodb"), names))
    except INFRASTRUCTURE as error:
        raise InputError(cannot_read(f"the tables {', '.join(names)}", error)) from error
    return Items(found[TASK], found[JOB], found[SCHEDULER])


def scanned(tables: RowTables) -> dict[str, list[dict[str, Any]]]:
    """The items of live tables, by their original names. Raises botocore's errors."""
    with stderr.status(f"Reading {', '.join(tables.names)}"):
        found = in_threads(lambda table: list(tables.scan(table)), KEYS)
    return dict(zip(KEYS, found, strict=True))
