"""Reads what a file holds, up to a size that no rows have: what is longer fills no memory.

It may be a gzip of gigabytes, one endless line, or something else under the name of a row file.
"""

import gzip
from pathlib import Path

MIB = 1 << 20
MOST = 64 * MIB
"""Of a file. A thousand rows take some MiB."""
MOST_YAML = 8 * MIB
"""A value of YAML takes much more memory than one of JSON. Either way it is 1.6 GB at the worst, of
nothing but digits or empty objects (measured).
"""


class TooLongError(ValueError):
    """A file is longer than rows are. The message says how long it may be."""


def bounded_content(path: Path) -> bytes:
    """The content of a file, unpacked if its name ends in `.gz`; TooLongError if it is too long,
    OSError, EOFError or zlib.error if it cannot be read.
    """
    is_packed = path.suffix == ".gz"
    most = MOST_YAML if path.suffix in (".yaml", ".yml") else MOST
    with gzip.open(path) if is_packed else path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        unpacked = ", unpacked" if is_packed else ""
        raise TooLongError(f"more than {most // MIB} MiB{unpacked}")
    return content
