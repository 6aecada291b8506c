"""Makes the bucket hold what the rows say: observe, gather, decide, apply."""

from collections.abc import Callable
from typing import NamedTuple

from dagc.aws.bucket import Bucket, Changed
from dagc.aws.tables import Items
from dagc.compiler import Artifact, compile_rows, read_rows
from dagc.reconcile import Plan, plan
from dagc.toolchain import Toolchain

ATTEMPTS = 10


class Outcome(NamedTuple):
    """What one convergence did. `versions` are the S3 versions of the files written, by key."""

    artifacts: tuple[Artifact, ...]
    plan: Plan
    versions: dict[str, str]


class Unsettled(Exception):  # noqa: N818  others keep writing; the event is tried again
    """The bucket kept changing under every attempt."""


def converge(read: Callable[[], Items], bucket: Bucket, toolchain: Toolchain) -> Outcome:
    """Compiles all rows and changes in the bucket what differs.

    The bucket is observed before the rows are read, and each change is made on condition that its
    object is still the one observed. So a slower, older convergence cannot undo a newer one: it
    begins again. Raises Unsettled after ATTEMPTS tries, and botocore's errors.
    """
    for _ in range(ATTEMPTS):
        observed = bucket.observe()
        items = read()
        rows = read_rows(items.tasks, items.jobs, items.schedulers, toolchain)
        artifacts = tuple(compile_rows(rows, toolchain))
        changes = plan(artifacts, observed, bucket.prefix)
        try:
            return Outcome(artifacts, changes, _apply(changes, bucket))
        except Changed:
            continue
    raise Unsettled(f"{bucket.name}/{bucket.prefix} changed during each of {ATTEMPTS} attempts")


def _apply(changes: Plan, bucket: Bucket) -> dict[str, str]:
    versions = {put.key: bucket.put(put.key, put.text, put.over) for put in changes.puts}
    for delete in changes.deletes:
        bucket.delete(delete.key, delete.observed)
    return versions
