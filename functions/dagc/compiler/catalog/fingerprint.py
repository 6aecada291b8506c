"""A digest of all that decides how rows become files, beside the rows."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

_LIBRARIES = ("black", "jinja2")
"""Those that print a part of a file."""


def compiler_fingerprint(folders: Sequence[Path]) -> str:
    """Of the compiler's own code, the libraries that print, and the templates in `folders`."""
    digest = hashlib.sha256()
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    package = Path(__file__).resolve().parents[2]
    for folder, suffixes in [(package, (".py", ".yaml")), *((folder, ()) for folder in folders)]:
        for path in _files(folder, suffixes):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode())
            digest.update(content)
    return digest.hexdigest()


def _files(folder: Path, suffixes: Iterable[str]) -> Iterator[Path]:
    suffixes = tuple(suffixes)
    for path in sorted(folder.rglob("*")):
        made = {"__pycache__", "precompiled"} & set(path.relative_to(folder).parts)
        if path.is_file() and not made and (not suffixes or path.suffix in suffixes):
            yield path
