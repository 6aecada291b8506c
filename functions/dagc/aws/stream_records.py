"""Reads a record of a table's stream: which row changed, and what that can have touched.

A record is a hint: it says where to look, and the rows are read again.
"""

from collections.abc import Mapping
from typing import Any

from dagc.aws.dynamodb_json import plain_item
from dagc.compiler import row_key
from dagc.plan.edit import Edit, claimed_ids
from dagc.plan.inputs import input_of


class UnusableStream(Exception):  # noqa: N818  the deployment's fault
    """The stream lacks what the compiler needs to know."""


def read_edit(table: str, record: Mapping[str, Any]) -> Edit:
    """The edit that a stream record of `table` (its original name) reports.

    Raises UnusableStream if the stream does not have the view type NEW_AND_OLD_IMAGES.
    """
    change = record["dynamodb"]
    row = row_key(table, plain_item(change["Keys"]))
    missing = {"INSERT": {"OldImage"}, "REMOVE": {"NewImage"}}.get(record["eventName"], set())
    names = {"OldImage", "NewImage"} - missing
    if not names <= change.keys():
        raise UnusableStream(
            f"the stream of {table} has the view type {change.get('StreamViewType')}: the old name "
            "of a row is unknown. Give it the view type NEW_AND_OLD_IMAGES"
        )
    images = [plain_item(change[name]) for name in sorted(names)]
    return Edit(
        row=row,
        dag_ids=claimed_ids(row, images),
        input=input_of(row),
        new=record["eventName"] == "INSERT",
        gone=record["eventName"] == "REMOVE",
        edited_at=float(change["ApproximateCreationDateTime"]),
        sequence=change["SequenceNumber"],
    )
