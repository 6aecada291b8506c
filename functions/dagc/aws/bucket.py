"""The objects under the DAG prefix of the bucket."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import ClientError

from dagc.reconcile import Observed, digest

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DIGEST = "dagc-sha256"
"""Metadata of every object that the compiler wrote: its mark of ownership, and the content's."""

_CHANGED = {"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey", "404", "412"}
_DENIED = {"AccessDenied", "403"}
_THREADS = 16


class Changed(Exception):  # noqa: N818  an outcome of a conditional request, not a fault
    """The object is no longer what was observed."""


class Bucket(NamedTuple):
    """A prefix of a bucket."""

    client: "S3Client"
    name: str
    prefix: str

    def observe(self) -> dict[str, Observed]:
        """Every object under the prefix, by key."""
        with ThreadPoolExecutor(_THREADS) as threads:
            found = threads.map(self._observe_one, self._keys())
            return {key: observed for key, observed in found if observed is not None}

    def put(self, key: str, text: str, over: Observed | None) -> str:
        """Writes `text` if the object is still `over` (None: still absent); returns its version.

        Raises Changed if it is not.
        """
        condition = {"IfMatch": over.etag} if over else {"IfNoneMatch": "*"}
        try:
            answer = self.client.put_object(
                Bucket=self.name,
                Key=key,
                Body=text.encode(),
                ContentType="text/x-python; charset=utf-8",
                Metadata={DIGEST: digest(text)},
                **condition,  # type: ignore[arg-type]  # one of two keywords
            )
        except ClientError as error:
            raise self._outcome(error, key) from error
        return answer.get("VersionId", "")

    def delete(self, key: str, observed: Observed) -> None:
        """Deletes the object if it is still `observed`; raises Changed if it is not."""
        try:
            self.client.delete_object(Bucket=self.name, Key=key, IfMatch=observed.etag)
        except ClientError as error:
            raise self._outcome(error, key) from error

    def _keys(self) -> Iterator[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.name, Prefix=self.prefix
        )
        for page in pages:
            for entry in page.get("Contents", ()):
                yield entry["Key"]

    def _observe_one(self, key: str) -> tuple[str, Observed | None]:
        try:
            head = self.client.head_object(Bucket=self.name, Key=key)
        except ClientError as error:
            outcome = self._outcome(error, key)
            if isinstance(outcome, Changed):
                return key, None
            raise
        return key, Observed(head["ETag"], head["Metadata"].get(DIGEST))

    def _outcome(self, error: ClientError, key: str) -> Exception:
        """Changed, if `error` says that the object is another or gone; else `error` itself."""
        code = error.response["Error"]["Code"]
        if code in _CHANGED or (code in _DENIED and self._is_gone(key)):
            return Changed(key)
        return error

    def _is_gone(self, key: str) -> bool:
        """Whether there is no such object.

        The role may list only under the prefix; S3 then answers 403 and not 404 for a missing key
        ("HeadObject", Permissions).
        """
        found = self.client.list_objects_v2(Bucket=self.name, Prefix=key, MaxKeys=1)
        return all(entry["Key"] != key for entry in found.get("Contents", ()))
