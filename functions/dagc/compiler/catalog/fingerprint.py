"""Digests all that decides, beside the rows, what files they become and which are valid."""

import hashlib
import re
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

LIBRARIES = ("black", "croniter", "jinja2", "pyyaml", "tzdata")
"""What the compiler imports: they lay out, read and check texts. A test compares the list."""

_REQUIRED = re.compile(r"[A-Za-z0-9._-]+(?!.*\bextra\s*==)")
"""The name at the beginning of a requirement, unless it is one of an extra."""


def compiler_fingerprint(inputs: Sequence[Path]) -> str:
    """Returns the SHA-256 of the compiler's code, Python, the libraries, and the `inputs`: folders
    of templates, and files.
    """
    digest = hashlib.sha256(f"Python {sys.version_info.major}.{sys.version_info.minor}\n".encode())
    for name, version in sorted(_versions(LIBRARIES).items()):
        digest.update(f"{name} {version}\n".encode())
    for start in (Path(__file__).resolve().parents[1], *inputs):
        for path in [start] if start.is_file() else _files(start):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(start).as_posix()} {len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()


def _versions(libraries: Sequence[str]) -> dict[str, str]:
    """Returns the versions of `libraries`, and of all that they require and that is installed."""
    versions: dict[str, str] = {}
    waiting = [*libraries]
    while waiting:
        name = waiting.pop().lower().replace("_", "-")
        if name in versions:
            continue
        try:
            found = distribution(name)
        except PackageNotFoundError:  # required by another Python, or another system
            continue
        versions[name] = found.version
        waiting += (match[0] for text in found.requires or () if (match := _REQUIRED.match(text)))
    return versions


def _files(folder: Path) -> Iterator[Path]:
    """Returns the files that people wrote, in the order of their paths."""
    for path in sorted(folder.rglob("*")):
        made = {"__pycache__", "precompiled"} & set(path.relative_to(folder).parts)
        if path.is_file() and not made:
            yield path
