"""The test of the test: a compiler whose protocol is broken does not get through."""

from collections.abc import Iterable, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from dagc.aws.dag_table import DagTable
from dagc.aws.tables import RowTables
from dagc.convergence import compile as protocol
from dagc.convergence.deployment import Deployment
from dagc.diagnostics import RowKey
from dagc.reconcile.record import Record
from dagc.rows.dynamodb_json import dynamodb_item, plain_item
from dagc.rows.keys import row_key
from tests.convergence.histories import Histories, deploy
from tests.emulator.aws import Aws
from tests.emulator.interleaving import Interleaving


class _Unconditional(DagTable):
    """Settles whoever may have begun since."""

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
        return right._replace(dags=_Unconditional(*right.dags))


class _FromTheEvent(RowTables):
    """Takes what an event says of a row for the row, if there was one."""

    images: dict[RowKey, dict[str, Any] | None]

    def get(self, rows: Iterable[RowKey]) -> dict[RowKey, dict[str, Any]]:
        """The rows, as of their last event."""
        asked = list(rows)
        found = super().get(asked)
        for row in asked:
            if row in self.images:
                found.pop(row, None)
                image = self.images[row]
                if image is not None:
                    found[row] = image
        return found


class ContentFromTheEvent(Histories):
    """A record of the stream is taken for the row's content."""

    def handle(self, event: dict[str, Any]) -> dict[str, Any]:
        """As usual, with the rows of the event in place of those in the table."""
        right = self.deployment
        tables = _FromTheEvent(right.tables.client, right.tables.names)
        images: dict[RowKey, dict[str, Any] | None] = {}
        for record in event["Records"]:
            change = record["dynamodb"]
            table = record["eventSourceARN"].split("/")[1]
            image = change.get("NewImage")
            images[row_key(table, plain_item(change["Keys"]))] = image and plain_item(image)
        object.__setattr__(tables, "images", images)
        broken = right._replace(tables=tables)
        return self.handle_on(broken, event)


class EdgesAfterTheRead(Histories):
    """Edges are put when the inputs have been read."""


def _fails(machine: type[Histories], histories: int = 300) -> None:
    machine.aws = Aws()
    with pytest.raises((AssertionError, ExceptionGroup)):
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=histories,
                stateful_step_count=25,
                derandomize=True,
                database=None,
                deadline=None,
                phases=[Phase.generate],
                report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
            ),
        )


def test_no_revision_check() -> None:
    _fails(NoRevisionCheck)


def test_content_from_the_event() -> None:
    _fails(ContentFromTheEvent)


def test_edges_after_the_read(monkeypatch: pytest.MonkeyPatch) -> None:
    put, read = protocol._put_edges, protocol._read_members

    def put_later(*_: object) -> None:
        pass

    def read_first(compiles: Sequence[Any], deployment: Deployment) -> Any:
        members = read(compiles, deployment)
        put(compiles, deployment)
        return members

    monkeypatch.setattr(protocol, "_put_edges", put_later)
    monkeypatch.setattr(protocol, "_read_members", read_first)
    _fails(EdgesAfterTheRead)
