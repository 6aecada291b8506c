"""Writes an object of S3 if it is still as it was seen: a conditional write (If-Match)."""

from base64 import b64encode
from typing import TYPE_CHECKING, Any
from zlib import crc32

from botocore.exceptions import ClientError

from dagc.aws import was_repeated

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import PutObjectOutputTypeDef

CHANGED = {"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey", "404", "412"}
"""S3's codes for an object that is not the one of the condition, or is gone."""


class Changed(Exception):  # noqa: N818  an outcome of a conditional request, not a fault
    """The object is no longer what was seen. The message is its key. `repeated` is whether an
    attempt before this answer was given up.
    """

    def __init__(self, key: str, *, repeated: bool = False) -> None:
        super().__init__(key)
        self.repeated = repeated


def put_over(
    client: "S3Client", bucket: str, key: str, content: bytes, seen: str | None, **more: Any
) -> "PutObjectOutputTypeDef":
    """Writes `content` if the object has the ETag `seen` (None: if there is still no object).

    With the content's CRC32, so that S3 stores what was sent; a bucket with Object Lock takes no
    object without a checksum. `more` are further parameters of PutObject. Raises Changed, or
    botocore's error for what else can fail.
    """
    condition: Any = {"IfMatch": seen} if seen else {"IfNoneMatch": "*"}
    checksum = b64encode(crc32(content).to_bytes(4, "big")).decode()
    try:
        return client.put_object(
            Bucket=bucket, Key=key, Body=content, ChecksumCRC32=checksum, **condition, **more
        )
    except ClientError as error:
        if error.response["Error"]["Code"] in CHANGED:
            raise Changed(key, repeated=was_repeated(error.response)) from error
        raise
