"""What MWAA takes out of the bucket: the DAG folder, again and again; the plugins, at the start."""

import io
import os
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from demo.stack import Stack

EVERY_SECONDS = 1.0
"""MWAA looks every 30 s or so."""

Tags = dict[str, str]
"""The ETag of each object that lies in the folder, by its key."""


def dags_prefix(stack: Stack) -> str:
    """Where MWAA's DAG folder is in the bucket: it holds the generated files and more."""
    return f"{stack.prefix.split('/')[0]}/"


@contextmanager
def synchronised(stack: Stack, folder: Path) -> Iterator[None]:
    """Keep `folder` as the bucket's DAG folder is; it is once before this begins."""
    tags = synchronise(stack, folder, {})
    failures: list[Exception] = []
    stopped = threading.Event()

    def keep() -> None:
        known = tags
        while not stopped.wait(EVERY_SECONDS):
            try:
                known = synchronise(stack, folder, known)
            except Exception as failure:  # noqa: BLE001 - raised when the thread is joined
                failures.append(failure)
                return

    thread = threading.Thread(target=keep, name="synchronise the DAG folder")
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
        if failures:
            raise failures[0]


def synchronise(stack: Stack, folder: Path, known: Tags) -> Tags:
    """Get what is new or changed since `known`, delete what is gone; return what is there now."""
    prefix = dags_prefix(stack)
    pages = stack.s3.get_paginator("list_objects_v2").paginate(Bucket=stack.bucket, Prefix=prefix)
    found = {
        entry["Key"]: entry["ETag"]
        for page in pages
        for entry in page.get("Contents", [])
        if not entry["Key"].endswith("/")
    }
    for key in found.keys() - {key for key, tag in known.items() if found.get(key) == tag}:
        body = stack.s3.get_object(Bucket=stack.bucket, Key=key)["Body"].read()
        _replace(folder / key.removeprefix(prefix), body)
    for key in known.keys() - found.keys():
        (folder / key.removeprefix(prefix)).unlink(missing_ok=True)
    return found


def install_plugins(stack: Stack, folder: Path) -> None:
    """Unpack the bucket's plugins.zip, as MWAA does when an environment is made or updated."""
    body = stack.s3.get_object(Bucket=stack.bucket, Key="plugins.zip")["Body"].read()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        archive.extractall(folder)


def _replace(path: Path, content: bytes) -> None:
    """Write a file so that nobody reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.half")
    half.write_bytes(content)
    os.replace(half, path)  # noqa: PTH105 - Path.replace is the same
