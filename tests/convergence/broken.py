"""Ways to break the protocol, to see that the tests would notice."""

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pytest

from dagc.apply import edits as applied_edits
from dagc.apply import protocol
from dagc.apply.deployment import Deployment
from dagc.apply.protocol import put_dependencies, read_inputs
from dagc.aws import bucket as dag_files
from dagc.aws.dag_table import DagTable
from dagc.aws.dynamodb_json import dynamodb_item, plain_item
from dagc.aws.row_tables import RowTables
from dagc.aws.stream_records import read_edit
from dagc.compiler import Item, RowKey, Snapshot
from dagc.plan.dag_plan import Claimed, Inputs
from dagc.plan.edit import Edit
from dagc.plan.record import Record

Break = Callable[[pytest.MonkeyPatch], None]


def no_revision_check(patch: pytest.MonkeyPatch) -> None:
    """Nobody sees that another compile has begun."""

    def store(self: DagTable, record: Record) -> bool:
        self.client.put_item(TableName=self.name, Item=dynamodb_item(record.as_item()))
        return True

    patch.setattr(DagTable, "store", store)


def dependencies_after_the_read(patch: pytest.MonkeyPatch) -> None:
    """Dependencies are put when their inputs have been read."""

    def read_first(claimed: Sequence[Claimed], claims: Snapshot, deployment: Deployment) -> Inputs:
        inputs = read_inputs(claimed, claims, deployment)
        put_dependencies(claimed, deployment)
        return inputs

    patch.setattr(protocol, "put_dependencies", lambda *_: frozenset())
    patch.setattr(protocol, "read_inputs", read_first)


def content_from_the_event(patch: pytest.MonkeyPatch) -> None:
    """What a record of the stream says of a row is taken for the row."""
    images = threading.local()  # of an invocation, which is a thread here
    get_beside = RowTables.get_beside

    def read(table: str, record: Mapping[str, Any]) -> Edit:
        edit = read_edit(table, record)
        image = record["dynamodb"].get("NewImage")
        vars(images)[str(edit.row)] = plain_item(image) if image else None
        return edit

    def as_the_event_says(
        self: RowTables, rows: Iterable[RowKey], others: Any
    ) -> tuple[dict[RowKey, Item], list[Item]]:
        asked = list(rows)
        found, beside = get_beside(self, asked, others)
        for row in asked:
            if str(row) in vars(images):
                found.pop(row, None)
                if image := vars(images)[str(row)]:
                    found[row] = image
        return found, beside

    patch.setattr(applied_edits, "read_edit", read)
    patch.setattr(RowTables, "get_beside", as_the_event_says)


def no_condition_of_put(patch: pytest.MonkeyPatch) -> None:
    """A file is written whatever is there by now."""

    def put(client: Any, bucket: str, key: str, content: bytes, _: str | None, **more: Any) -> Any:
        return client.put_object(Bucket=bucket, Key=key, Body=content, **more)

    patch.setattr(dag_files, "put_over", put)


def schedulers_forgotten(patch: pytest.MonkeyPatch) -> None:
    """Nobody compiles the schedulers of a job that comes to be published, or in error."""
    patch.setattr(protocol, "concerns_schedulers", lambda *_: False)


def settled_before_the_schedulers(patch: pytest.MonkeyPatch) -> None:
    """A job is settled before its schedulers are compiled: who dies in between is not missed."""
    store = DagTable.store

    def store_settled(self: DagTable, record: Record) -> bool:
        return store(self, record._replace(settled=record.revision))

    patch.setattr(DagTable, "store", store_settled)


def sharing_forgotten(patch: pytest.MonkeyPatch) -> None:
    """Nobody compiles the other schedulers of a job that a scheduler comes to start, or leaves."""
    patch.setattr(protocol, "changed_jobs", lambda *_: frozenset())


def jobs_left_forgotten(patch: pytest.MonkeyPatch) -> None:
    """Who dies after he stored that he left a job leaves nobody a trace of it."""
    patch.setattr(protocol, "leaving", lambda *_: frozenset())
    patch.setattr(protocol, "before_the_rest", lambda *_: None)


BREAKS: list[Break] = [no_revision_check, dependencies_after_the_read, content_from_the_event]
SCHEDULER_BREAKS: list[Break] = [schedulers_forgotten, settled_before_the_schedulers]
"""Schedulers are left with diagnostics that are not true any more."""
SHARING_BREAKS: list[Break] = [
    sharing_forgotten,
    jobs_left_forgotten,
    settled_before_the_schedulers,
]
"""Schedulers take a job for theirs alone that others start, or for shared when nobody else does."""
