"""Names of files for rows: readable, the same for the same key, and good on every system."""

import hashlib
import re
import unicodedata
from collections.abc import Collection
from enum import StrEnum
from pathlib import PurePosixPath

from dagc.compiler import RowKey

_LONGEST = 180
"""Bytes of a name without its suffix; systems take 255, and a number or a digest may follow."""
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever follows their dot."""


class Layout(StrEnum):
    """Where rows go: a file for each, or one for each table."""

    ROWS = "rows"
    TABLES = "tables"


def row_path(row: RowKey) -> PurePosixPath:
    """Where the file of a row belongs, from the folder of the rows on, without its suffix: a folder
    for its table, and for a partition key that is not the whole key.
    """
    return PurePosixPath(row.table, *(_name(value) for _, value in row.key))


def free_path(path: PurePosixPath, suffix: str, row: RowKey, taken: Collection[str]) -> str:
    """`path` with its suffix, or with a digest of the row's key before that, where a file has the
    name already: in any case of its letters, which some systems do not tell apart.
    """
    if folded(f"{path}{suffix}") not in taken:
        return f"{path}{suffix}"
    digest = hashlib.sha256(repr(row.key).encode()).hexdigest()[:8]
    return f"{path}~{digest}{suffix}"


def folded(path: str) -> str:
    """What two paths have in common that some systems take for one."""
    return unicodedata.normalize("NFC", path).casefold()


def _name(value: str) -> str:
    """The name of a file for one value of a key: letters and digits of any script, `_`, `-` and `.`
    as they are, all else as in a URL.
    """
    text = "".join(character if _is_plain(character) else _quoted(character) for character in value)
    if text.startswith(".") or _RESERVED.match(text):
        text = f"{_quoted(text[0])}{text[1:]}"
    if text.endswith("."):
        text = f"{text[:-1]}{_quoted('.')}"
    if len(text.encode()) <= _LONGEST:
        return text
    beginning = text.encode()[: _LONGEST // 2].decode(errors="ignore")
    return f"{beginning}~{hashlib.sha256(value.encode()).hexdigest()[:8]}"


def _is_plain(character: str) -> bool:
    return character.isalnum() or character in "_-." or unicodedata.category(character)[0] == "M"


def _quoted(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode())
