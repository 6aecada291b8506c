"""Digests all that decides, beside the rows, what files they become and which are valid."""

import hashlib
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

LIBRARIES = ("black", "croniter", "jinja2", "pyyaml", "tzdata")
"""What the compiler imports: they lay out, read and check texts. A test compares the list."""

_REQUIRED = re.compile(r"[A-Za-z0-9._-]+(?!.*\bextra\s*==)")
"""The name at the beginning of a requirement, unless it is one of an extra."""


def compiler_fingerprint(inputs: Sequence[Path]) -> str:
    """Returns the digests of Python, the libraries, the compiler's code, and the `inputs`: folders
    of templates, and files of defaults. Each is named, `part=digest`, so that of two fingerprints
    can be said in what they differ.
    """
    versions = sorted(_versions(LIBRARIES).items())
    parts = {
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "libraries": _digest("".join(f"{name} {version}\n" for name, version in versions).encode()),
        "compiler": _digest(*_contents([Path(__file__).resolve().parents[1]])),
        "templates": _digest(*_contents(start for start in inputs if not start.is_file())),
        "defaults": _digest(*(start.read_bytes() for start in inputs if start.is_file())),
    }
    return " ".join(f"{name}={value}" for name, value in parts.items())


def _digest(*contents: bytes) -> str:
    digest = hashlib.sha256()
    for content in contents:
        digest.update(f"{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:32]


def _contents(folders: Iterable[Path]) -> Iterator[bytes]:
    """Returns the path and the content of each file that people wrote, in turn."""
    for folder in folders:
        for path in _files(folder):
            yield path.relative_to(folder).as_posix().encode()
            yield path.read_bytes()


def _versions(libraries: Sequence[str]) -> dict[str, str]:
    """Returns the versions of `libraries`, and of all that they require and that is installed."""
    from importlib.metadata import PackageNotFoundError, distribution

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
        # Its own `version` and `requires` read all of it, with its description, each time anew.
        headers = (found.read_text("METADATA") or "").partition("\n\n")[0]
        fields = [line.partition(": ") for line in headers.splitlines()]
        versions[name] = next(value for field, _, value in fields if field == "Version")
        requires = (value for field, _, value in fields if field == "Requires-Dist")
        waiting += (match[0] for text in requires if (match := _REQUIRED.match(text)))
    return versions


def _files(folder: Path) -> Iterator[Path]:
    """Returns the files that people wrote, in the order of their paths."""
    for path in sorted(folder.rglob("*")):
        made = {"__pycache__", "precompiled"} & set(path.relative_to(folder).parts)
        if path.is_file() and not made:
            yield path
