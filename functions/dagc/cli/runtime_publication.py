"""Brings the runtime's files into the bucket that MWAA reads."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from dagc.aws.runtime_objects import read_object, write_object
from dagc.cli.runtime_decision import Action, action_for, content_mark

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Published(NamedTuple):
    """What became of an object, and its version; "" of a foreign one that has none."""

    key: str
    action: Action
    version: str


def publish(
    client: "S3Client", bucket: str, files: Mapping[str, bytes], *, force: bool
) -> list[Published]:
    """Puts those of `files` that differ from what is there.

    Raises Changed if an object changes meanwhile; to publish again is safe.
    """
    return [
        _published(client, bucket, key, content, force=force)
        for key, content in sorted(files.items())
    ]


def _published(
    client: "S3Client", bucket: str, key: str, content: bytes, *, force: bool
) -> Published:
    found = read_object(client, bucket, key)
    action = action_for(content, found, force=force)
    if action is not Action.PUT:
        return Published(key, action, found.version if found else "")
    mark = content_mark(content)
    version = write_object(client, bucket, key, content, mark=mark, seen=found)
    return Published(key, action, version)
