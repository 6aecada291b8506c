"""Writes files, whole or not at all."""

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


def write_file(path: Path, content: bytes) -> None:
    """Puts `content` in the place of the file, which is the old one until the new one is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    target = path.resolve()  # a link stays one
    new = target.with_name(f".dagc-{os.getpid()}.new")
    try:
        new.write_bytes(content)
        if target.exists():
            shutil.copymode(target, new)
        new.replace(target)
    finally:
        new.unlink(missing_ok=True)


def remove_files(paths: Iterable[Path], folder: Path) -> None:
    """Removes files, and the folders below `folder` that are empty then."""
    for path in paths:
        path.unlink(missing_ok=True)
        for parent in path.parents:
            if parent == folder or not parent.is_relative_to(folder):
                break
            with suppress(OSError):
                parent.rmdir()
