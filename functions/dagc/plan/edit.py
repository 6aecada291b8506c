"""Says which DAGs have to be compiled after edits of rows. Pure.

An edit is a hint where to look: what the row says is read again.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from dagc.compiler import (
    JOB,
    TASK,
    Item,
    RowKey,
    job_dag_id,
    key_text,
    scheduler_dag_id,
    unnamed_id,
)
from dagc.plan.request import Request


class Edit(NamedTuple):
    """A change of one row, as a stream reports it.

    `dag_ids` are those that the row claimed before or claims after; `input` is what DAGs that name
    the row read ("" for a scheduler, which none names); `new` is whether it was created, `gone`
    whether it was deleted; `edited_at` is in seconds since the epoch; `sequence` is the number of
    the stream's record.
    """

    row: RowKey
    dag_ids: frozenset[str]
    input: str
    new: bool
    gone: bool
    edited_at: float
    sequence: str


def claimed_ids(row: RowKey, images: Iterable[Item]) -> frozenset[str]:
    """The DAG ids that a row claims as it was and as it is; none, of a task."""
    if row.table == TASK:
        return frozenset()
    claimed_by = job_dag_id if row.table == JOB else scheduler_dag_id
    return frozenset(claimed_by(image) or unnamed_id(row) for image in images)


def requests_for(edits: Iterable[Edit], readers: Mapping[str, frozenset[str]]) -> list[Request]:
    """A request for each DAG that `edits` can have touched: those that an edited row claims, by its
    old and by its new name, and those that read it (`readers`, by input).

    It holds the earliest of the DAG's edits, and the rows that may claim the DAG id. The requests
    are in the order of the edits, so that the first of these are finished where time runs out, and
    those of one edit in the order of the DAG ids.
    """
    sources: dict[str, set[str]] = {}
    edited: dict[str, float] = {}
    for edit in edits:
        for dag_id in sorted(edit.dag_ids | readers.get(edit.input, frozenset())):
            rows = sources.setdefault(dag_id, set())
            if dag_id in edit.dag_ids:
                rows.add(key_text(edit.row))
            edited[dag_id] = min(edit.edited_at, edited.get(dag_id, edit.edited_at))
    return [
        Request(dag_id, frozenset(rows), datetime.fromtimestamp(edited[dag_id], UTC))
        for dag_id, rows in sources.items()
    ]
