"""A change of one row, as a stream reports it: a hint where to look, never what a row says."""

from typing import NamedTuple

from dagc.compiler import RowKey


class Edit(NamedTuple):
    """A change of one row.

    `dag_ids` are those that the row claimed before or claims after; `input` is what DAGs that name
    the row read ("" for a scheduler, which none names); `gone` is whether it was deleted;
    `edited_at` is in seconds since the epoch.
    """

    row: RowKey
    dag_ids: frozenset[str]
    input: str
    gone: bool
    edited_at: float
    sequence: str
