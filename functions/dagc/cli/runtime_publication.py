"""Brings the runtime's files into the bucket that MWAA reads."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import ClientError

from dagc.cli.runtime_decision import Action, Found, decide, digest

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MARK = "dagc-runtime-sha256"
"""Metadata of every object written here. Not the compiler's own mark: a rebuild removes what bears
that one and no row claims.
"""

_ABSENT = {"NoSuchKey", "404"}


class Published(NamedTuple):
    """What became of an object. The version is "" in a bucket that keeps none."""

    key: str
    action: Action
    version: str


def publish(
    client: "S3Client", bucket: str, files: Mapping[str, bytes], *, force: bool
) -> list[Published]:
    """Puts those of `files` that differ from what is there.

    Raises botocore's error if an object changes meanwhile; to publish again is safe.
    """
    return [
        _published(client, bucket, key, content, force=force)
        for key, content in sorted(files.items())
    ]


def _published(
    client: "S3Client", bucket: str, key: str, content: bytes, *, force: bool
) -> Published:
    found = _found(client, bucket, key)
    action = decide(content, found, force=force)
    if action is not Action.PUT:
        return Published(key, action, found.version if found else "")
    condition = {"IfMatch": found.etag} if found else {"IfNoneMatch": "*"}
    answer = client.put_object(
        Bucket=bucket,
        Key=key,
        Body=content,
        Metadata={MARK: digest(content)},
        **condition,  # type: ignore[arg-type]  # one of two keywords
    )
    return Published(key, action, answer.get("VersionId", ""))


def _found(client: "S3Client", bucket: str, key: str) -> Found | None:
    try:
        answer = client.get_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in _ABSENT:
            return None
        raise
    mark = answer["Metadata"].get(MARK)
    return Found(answer["Body"].read(), mark, answer["ETag"], answer.get("VersionId", ""))
