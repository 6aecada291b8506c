"""What to do with one object of the bucket (pure)."""

import hashlib
from enum import StrEnum
from typing import NamedTuple


class Found(NamedTuple):
    """An object as it is: the digest in its metadata is there if `dagc runtime` wrote it."""

    content: bytes
    mark: str | None
    etag: str
    version: str


class Action(StrEnum):
    """What to do, and what was done."""

    PUT = "put"
    KEEP = "as it was"
    REFUSE = "not ours"


def digest(content: bytes) -> str:
    """The mark of an object with this content."""
    return hashlib.sha256(content).hexdigest()


def decide(content: bytes, found: Found | None, *, force: bool) -> Action:
    """What to do so that the object holds `content`.

    What somebody else wrote, or changed since, is left alone unless `force` says otherwise.
    """
    if found is not None and found.content == content:
        return Action.KEEP
    if found is None or force or found.mark == digest(found.content):
        return Action.PUT
    return Action.REFUSE
