"""Reads, writes and deletes the objects under the DAG prefix of the bucket."""

from codecs import BOM_UTF8
from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import ClientError

from dagc.aws import was_repeated
from dagc.aws.conditional_put import CHANGED, Changed, put_over
from dagc.compiler import GENERATED, is_named
from dagc.plan.file_change import Observed, digest

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DIGEST = "dagc-sha256"
"""Metadata of every object that the compiler wrote: its mark of ownership, and the content's."""

_DENIED = {"AccessDenied", "403"}
_EMPTY = {"InvalidRange"}
_UNREADABLE = {"400", "403", "AccessDenied", "InvalidObjectState"}
"""Of an object that is there, archived or under another key: so it is not the compiler's."""


class Bucket(NamedTuple):
    """A prefix of a bucket. The file of the DAG `X` is the object `<prefix>X.py`."""

    client: "S3Client"
    name: str
    prefix: str

    def url(self, dag_id: str) -> str:
        """Where a DAG's file is."""
        return f"{self.url_prefix}{dag_id}.py"

    @property
    def url_prefix(self) -> str:
        """What the URLs of all files begin with."""
        return f"s3://{self.name}/{self.prefix}"

    def listing(self) -> dict[str, str]:
        """The ETag of every object that can be a DAG's file, by DAG id."""
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.name, Prefix=self.prefix
        )
        return {
            dag_id: entry["ETag"]
            for page in pages
            for entry in page.get("Contents", ())
            if (dag_id := self._dag_id(entry["Key"]))
        }

    def observe(self, dag_id: str) -> Observed | None:
        """The object in the place of a DAG's file, as it is; None if there is none."""
        key = self._key(dag_id)
        try:
            head = self.client.head_object(Bucket=self.name, Key=key)
        except ClientError as error:
            outcome = self._outcome(error, key)
            if isinstance(outcome, Changed):
                return None
            if error.response["Error"]["Code"] in _UNREADABLE:
                return Observed("", None)
            raise
        mark = head["Metadata"].get(DIGEST)
        generated = mark is None and self._begins_as_generated(key, head["ETag"])
        return Observed(head["ETag"], mark, head.get("VersionId", ""), generated)

    def text(self, dag_id: str) -> str | None:
        """What the object in the place of a DAG's file holds; None if there is none, or no text."""
        try:
            answer = self.client.get_object(Bucket=self.name, Key=self._key(dag_id))
            return answer["Body"].read().decode()
        except UnicodeDecodeError:
            return None
        except ClientError as error:
            if error.response["Error"]["Code"] in _UNREADABLE | {"NoSuchKey"}:
                return None
            raise

    def put(self, dag_id: str, text: str, over: Observed | None) -> tuple[Observed, bool]:
        """Writes a DAG's file if the object is still `over` (None: still absent); returns the new
        object, and whether an attempt was given up. Raises Changed if it is not.
        """
        key = self._key(dag_id)
        try:
            answer = put_over(
                self.client,
                self.name,
                key,
                text.encode(),
                over.etag if over else None,
                ContentType="text/x-python; charset=utf-8",
                Metadata={DIGEST: digest(text)},
            )
        except ClientError as error:
            raise self._outcome(error, key) from error
        new = Observed(answer["ETag"], digest(text), answer.get("VersionId", ""))
        return new, was_repeated(answer)

    def delete(self, dag_id: str, observed: Observed) -> bool:
        """Deletes a DAG's file if it is still `observed`; returns whether an attempt was given up.
        Raises Changed if it is not.
        """
        key = self._key(dag_id)
        try:
            answer = self.client.delete_object(Bucket=self.name, Key=key, IfMatch=observed.etag)
        except ClientError as error:
            raise self._outcome(error, key) from error
        return was_repeated(answer)

    def _key(self, dag_id: str) -> str:
        return f"{self.prefix}{dag_id}.py"

    def _dag_id(self, key: str) -> str | None:
        """The DAG id whose file has this key; None if it can be no DAG's."""
        name = key.removeprefix(self.prefix)
        is_file = name.startswith(("job-", "schedule-")) and name.endswith(".py")
        return name.removesuffix(".py") if is_file and "/" not in name and is_named(name) else None

    def _begins_as_generated(self, key: str, etag: str) -> bool:
        """Whether the object begins like one of the compiler's files, perhaps behind the byte order
        mark that some editors put there.
        """
        wanted = GENERATED.encode()
        length = len(BOM_UTF8) + len(wanted)
        try:
            answer = self.client.get_object(
                Bucket=self.name, Key=key, IfMatch=etag, Range=f"bytes=0-{length - 1}"
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in _EMPTY | CHANGED | _UNREADABLE:
                return False
            raise
        return answer["Body"].read().removeprefix(BOM_UTF8).startswith(wanted)

    def _outcome(self, error: ClientError, key: str) -> Exception:
        """Changed, if `error` says that the object is another or gone; else `error` itself."""
        code = error.response["Error"]["Code"]
        if code in CHANGED or (code in _DENIED and self._is_gone(key)):
            return Changed(key, repeated=was_repeated(error.response))
        return error

    def _is_gone(self, key: str) -> bool:
        """Whether there is no such object.

        The role may list only under the prefix; S3 then answers 403 and not 404 for a missing key
        ("HeadObject", Permissions).
        """
        found = self.client.list_objects_v2(Bucket=self.name, Prefix=key, MaxKeys=1)
        return all(entry["Key"] != key for entry in found.get("Contents", ()))
