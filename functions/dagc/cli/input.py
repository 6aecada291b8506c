"""Where the command line takes rows from."""

from pathlib import Path

from dagc.aws.tables import Items, TableNames, read_items
from dagc.cli.row_files import RowsFileError, read_tables
from dagc.diagnostics import Diagnostic
from dagc.rows.keys import JOB, SCHEDULER, TASK


class InputError(Exception):
    """The rows cannot be read. The message says why, and what to do."""


def items_from_files(folder: Path) -> tuple[Items, list[Diagnostic]]:
    """The items in the files of `folder`, and what is wrong with their keys."""
    try:
        tables, diagnostics = read_tables(folder)
    except RowsFileError as error:
        raise InputError(str(error)) from error
    return Items(tables[TASK], tables[JOB], tables[SCHEDULER]), diagnostics


def items_from_aws(names: TableNames) -> Items:
    """The items of the live tables, with the credentials and region that boto3 finds."""
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return read_items(boto3.client("dynamodb"), names)
    except (BotoCoreError, ClientError) as error:
        raise InputError(
            f"Cannot read the tables {', '.join(names)}: {error}. Check the credentials, the "
            "region (AWS_REGION) and --table-prefix."
        ) from error
