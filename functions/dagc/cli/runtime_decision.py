"""What to do with one object of the bucket (pure)."""

import hashlib
from enum import StrEnum

from dagc.aws.runtime_objects import RuntimeObject


class Action(StrEnum):
    """What to do, and what was done."""

    PUT = "put"
    KEEP = "as it was"
    REFUSE = "not ours"


def content_mark(content: bytes) -> str:
    """The mark of an object with this content: its SHA-256."""
    return hashlib.sha256(content).hexdigest()


def action_for(content: bytes, found: RuntimeObject | None, *, force: bool) -> Action:
    """What to do so that the object holds `content`.

    What somebody else wrote, or changed since, is left alone unless `force` says otherwise.
    """
    if found is not None and found.content == content:
        return Action.KEEP
    if found is None or force or found.mark == content_mark(found.content):
        return Action.PUT
    return Action.REFUSE
