"""The test of the test: a compiler whose protocol is broken does not get through the histories.

A broken one is found in one of some two hundred histories. Each test begins at a seed whose
histories show it soon, and goes on for long if they should no longer.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from dagc.aws.dag_table import DagTable
from dagc.aws.tables import RowTables
from dagc.convergence import compile as protocol
from dagc.convergence.deployment import Deployment
from dagc.convergence.gather import put_edges, read_members
from dagc.diagnostics import RowKey
from dagc.reconcile.record import Record
from dagc.reconcile.snapshot import Snapshot
from dagc.rows.dynamodb_json import dynamodb_item, plain_item
from dagc.rows.keys import row_key
from tests.convergence.histories import Histories, deploy
from tests.convergence.running import run
from tests.emulator.aws import Aws
from tests.emulator.interleaving import Interleaving


def assert_found(machine: type[Histories], seed: int) -> None:
    """Some history comes out wrong."""
    with pytest.raises(AssertionError, match=r"was never a good one|is not what the rows say"):
        run(machine, Aws(), histories=1000, seed=seed)


class WhoeverBegan(DagTable):
    """Settles without a look at the revision."""

    def settle(self, record: Record) -> bool:
        """Stores the record."""
        self.client.put_item(TableName=self.name, Item=dynamodb_item(record.as_item()))
        return True


class NoRevisionCheck(Histories):
    """Nobody sees that another compile began."""

    @staticmethod
    def deploy(aws: Aws, interleaving: Interleaving) -> Deployment:
        """The compiler, broken."""
        right = deploy(aws, interleaving)
        return right._replace(dags=WhoeverBegan(*right.dags))


def test_no_revision_check() -> None:
    assert_found(NoRevisionCheck, seed=9)


def test_edges_after_the_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def read_first(compiles: Sequence[Any], deployment: Deployment) -> Snapshot:
        members = read_members(compiles, deployment)
        put_edges(compiles, deployment)
        return members

    monkeypatch.setattr(protocol, "put_edges", lambda *_: None)
    monkeypatch.setattr(protocol, "read_members", read_first)
    assert_found(Histories, seed=6)


class AsTheEventSays(RowTables):
    """Takes what an event says of a row for the row."""

    images: dict[RowKey, dict[str, Any] | None]

    def get(self, rows: Iterable[RowKey]) -> dict[RowKey, dict[str, Any]]:
        """The rows; those of which there was an event, as it says."""
        asked = list(rows)
        found = super().get(asked)
        for row in self.images.keys() & asked:
            found.pop(row, None)
            if image := self.images[row]:
                found[row] = image
        return found


class ContentFromTheEvent(Histories):
    """A record of the stream is taken for the row."""

    def handle(self, event: dict[str, Any]) -> dict[str, Any]:
        """As usual, but for where rows come from."""
        right = self.deployment
        tables = AsTheEventSays(right.tables.client, right.tables.names)
        object.__setattr__(tables, "images", dict(map(_image, event["Records"])))
        return self.handle_on(right._replace(tables=tables), event)


def _image(record: dict[str, Any]) -> tuple[RowKey, dict[str, Any] | None]:
    change = record["dynamodb"]
    table = record["eventSourceARN"].split("/")[1]
    image = change.get("NewImage")
    return row_key(table, plain_item(change["Keys"])), plain_item(image) if image else None


def test_content_from_the_event() -> None:
    assert_found(ContentFromTheEvent, seed=1)
