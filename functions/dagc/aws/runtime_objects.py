"""Reads and writes what `dagc runtime publish` puts into MWAA's bucket beside the DAG files."""

from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import ClientError

from dagc.aws.conditional_put import put_over

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MARK = "dagc-runtime-sha256"
"""Metadata of every object written here. Not the compiler's own mark: a rebuild removes what bears
that one and no row claims.
"""

_ABSENT = {"NoSuchKey", "404"}


class RuntimeObject(NamedTuple):
    """An object as it is: the digest in its metadata is there if `dagc runtime` wrote it."""

    content: bytes
    mark: str | None
    etag: str
    version: str


def keeps_versions(client: "S3Client", bucket: str) -> bool:
    """Whether the bucket gives each object that is put a version of its own."""
    return client.get_bucket_versioning(Bucket=bucket).get("Status") == "Enabled"


def read_object(client: "S3Client", bucket: str, key: str) -> RuntimeObject | None:
    """The object as it is; None if there is none."""
    try:
        answer = client.get_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error.response["Error"]["Code"] in _ABSENT:
            return None
        raise
    mark = answer["Metadata"].get(MARK)
    return RuntimeObject(answer["Body"].read(), mark, answer["ETag"], answer.get("VersionId", ""))


def write_object(
    client: "S3Client",
    bucket: str,
    key: str,
    content: bytes,
    *,
    mark: str,
    seen: RuntimeObject | None,
) -> str:
    """Writes the object if it is still as `seen`; its new version, "" in a bucket without them.

    Raises Changed if it is not.
    """
    etag = seen.etag if seen else None
    answer = put_over(client, bucket, key, content, etag, Metadata={MARK: mark})
    return answer.get("VersionId", "")
