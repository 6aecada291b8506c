"""Decides which changes of a DAG's record are announced, and what the event says. Pure."""

import json
from typing import Any, NamedTuple

from dagc.plan.record import Record, State


class Announcement(NamedTuple):
    """An event: its detail type and its detail."""

    kind: str
    detail: dict[str, Any]


def announcement(before: Record, after: Record) -> Announcement | None:
    """The event for the step from `before` to `after`, if there is one.

    It depends on the records alone: a compile that was cut off after writing the file, and is made
    again, announces what it had not. So does a compile that changes nothing, if an event is owed
    that is still true.
    """
    kind = _kind(before, after)
    if kind is None:
        return None
    detail: dict[str, Any] = {
        "dag_id": after.dag_id,
        "state": after.state,
        "revision": after.revision,
        "file": after.file,
        "version": after.version,
        "sha256": after.sha256,
        "sources": sorted(after.sources),
        "diagnostics": list(after.diagnostics),
    }
    for name in ("diagnostics", "sources"):
        while detail[name] and len(json.dumps(detail)) > _MAX_SIZE:
            detail[name] = detail[name][: len(detail[name]) // 2]
    return Announcement(kind, detail)


def _kind(before: Record, after: Record) -> str | None:
    if after.state in (State.INVALID, State.BLOCKED):
        # Also of another file: a compile that was overtaken may have written the last good one.
        known = (before.diagnostics, *_file(before)) == (after.diagnostics, *_file(after))
        return _due("DAG refused", before, is_new=not known)
    if after.state == State.PUBLISHED:
        return _due("DAG published", before, is_new=_file(before) != _file(after))
    return _due("DAG removed", before, is_new=bool(before.etag))


def _due(kind: str, before: Record, *, is_new: bool) -> str | None:
    return kind if is_new or before.unannounced == kind else None


def _file(record: Record) -> tuple[str, str, str]:
    return record.state, record.version, record.sha256


_MAX_SIZE = 24_000
"""Bytes of a detail, so that ten of them fit into one request (256 kB). `mwaa_dag` has all."""
