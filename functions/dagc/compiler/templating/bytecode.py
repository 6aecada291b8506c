"""Keeps what Jinja makes of templates, as Python keeps what it makes of modules (`.pyc`)."""

from contextlib import suppress
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket


class Bytecode(FileSystemBytecodeCache):
    """A file in `folder` for each template. It is used as long as its template stays as it was, and
    so does `made_by`: Python, the libraries and this compiler.
    """

    def __init__(self, folder: Path, made_by: str) -> None:
        super().__init__(str(folder))
        self._made_by = made_by

    def get_source_checksum(self, source: str) -> str:
        """Returns the digest that a file in the folder has to begin with."""
        return super().get_source_checksum(f"{self._made_by}\n{source}")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Reads the file of a template, if it is whole."""
        try:
            super().load_bytecode(bucket)
        except Exception:  # noqa: BLE001  what pickle says of half a file is anything
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Writes a file, if that is possible."""
        with suppress(OSError):
            super().dump_bytecode(bucket)
