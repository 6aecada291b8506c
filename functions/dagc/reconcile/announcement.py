"""What is worth telling others of: the EventBridge event for a change of a DAG's record. Pure."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from dagc.reconcile.record import Record, State


class Announcement(NamedTuple):
    """An event: its detail type and its detail."""

    kind: str
    detail: dict[str, Any]


def announcement(before: Record, after: Record) -> Announcement | None:
    """The event for the step from `before` to `after`, if there is one.

    It depends on the records alone: a compile that was cut off after writing the file, and is made
    again, announces what it had not.
    """
    kind = _kind(before, after)
    if kind is None:
        return None
    return Announcement(
        kind,
        {
            "dag_id": after.dag_id,
            "state": after.state,
            "revision": after.revision,
            "file": after.file,
            "version": after.version,
            "sha256": after.sha256,
            "sources": sorted(after.sources)[:_TOLD],
            "diagnostics": [_shortened(each) for each in after.diagnostics[:_TOLD]],
        },
    )


def _file(record: Record) -> tuple[str, str, str]:
    return record.state, record.version, record.sha256


def _shortened(diagnostic: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value[:_MAX_TEXT_LENGTH] if isinstance(value, str) else value
        for name, value in diagnostic.items()
    }


_TOLD = 5
_MAX_TEXT_LENGTH = 300
"""In an event, so that ten of them stay below the 256 kB of a request. `mwaa_dag` has all."""


def _kind(before: Record, after: Record) -> str | None:
    if after.state in (State.INVALID, State.BLOCKED):
        known = (before.state, before.diagnostics) == (after.state, after.diagnostics)
        return None if known else "DAG refused"
    if after.state == State.PUBLISHED:
        return None if _file(before) == _file(after) else "DAG published"
    return "DAG removed" if before.etag else None
