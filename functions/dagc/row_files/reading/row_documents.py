"""Reads a file that may hold rows into documents: values of JSON or YAML, one after another.

What tools write that is neither is named for what it is, with what to do instead.
"""

import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dagc.compiler import (
    KEYS,
    Problem,
    UnreadableTextError,
    decoded,
    load_plain_documents,
    parse_documents,
)
from dagc.row_files.reading.bounded_content import TooLongError, bounded_content

SUFFIXES = (".json", ".jsonl", ".yaml", ".yml", ".json.gz")
"""How the names of files end that may hold rows."""
BESIDE = (".sql", ".md")
"""And of files that may stand beside those, and have words of them."""

IN_SEVERAL = "Put the rows in several files, in a folder of the table's name."
"""What to do where a file is longer than it may be."""

_YAML = (".yaml", ".yml")
_CSV = "CSV, which does not say what is a text and what a list or an object"


class RowsFileError(Exception):
    """A file that holds no rows. The message says which, where in it, why, and what to do."""


def documents(path: Path, folder: Path) -> list[Any]:
    """The documents in a file of `SUFFIXES`, which may name files of `folder`; RowsFileError if it
    holds no documents.
    """
    try:
        content = bounded_content(path)
    except TooLongError as error:
        raise RowsFileError(f"{path}: {error}. {IN_SEVERAL}") from error
    except (OSError, EOFError, zlib.error) as error:
        raise RowsFileError(f"{path}: {_why(error)}") from error
    return documents_in(content, path, folder, None)


def documents_in(
    content: bytes, path: Path, folder: Path, read: Callable[[Path], str] | None
) -> list[Any]:
    """The documents in what `path` holds, or is to hold, unpacked; as `documents`."""
    try:
        text = decoded(content)
        if other := _other_kind(text[:2000].lstrip(), path):
            raise RowsFileError(f"{path}: {other}")
        found = _yaml(content, path, folder, read) if path.suffix in _YAML else _json(text, path)
    except UnreadableTextError as error:
        raise RowsFileError(f"{path}, {error}") from error
    found = [document for document in found if document is not None]
    is_table = path.name.partition(".")[0] in KEYS and path.suffix != ".jsonl"
    if not found and is_table:
        raise RowsFileError(
            f"{path}: nothing is in it. If a command should have written it, look at what that "
            "says. An empty table is []"
        )
    return found


def _why(error: Exception) -> str:
    """What the system says, or the library that unpacks."""
    said = getattr(error, "strerror", None)
    return str(said).lower() if said else " ".join(str(error).split())


def refuse_kind(path: Path, table: str) -> None:
    """Raises the RowsFileError for a file of `table` that is of another kind than are read."""
    if ".ion" in path.suffixes:
        what, instead = "Amazon Ion", "Export the table with --export-format DYNAMODB_JSON"
    else:
        what = _CSV if path.suffix == ".csv" else f"no file of {', '.join(SUFFIXES)}"
        instead = use_scan(table)
    raise RowsFileError(f"{path} is {what}. {instead}")


def use_scan(table: str) -> str:
    """What to do to have a table in a file that can be read."""
    return f"Use: aws dynamodb scan --table-name {table} --output json > {table}.json"


def _yaml(
    content: bytes, path: Path, folder: Path, read: Callable[[Path], str] | None
) -> list[Any]:
    from dagc.row_files.reading.row_tags import row_tags, text_file

    return load_plain_documents(content, row_tags(path, folder, read or text_file))


def _json(text: str, path: Path) -> list[Any]:
    problems: list[Problem] = []
    found = parse_documents(text, problems)
    for problem in problems:
        raise RowsFileError(f"{path}: {problem.message}. {problem.hint}")
    return found


def _other_kind(beginning: str, path: Path) -> str:
    """What a text that begins so is, and what to do, if it is no document; "" if it may be one."""
    first, _, rest = beginning.partition("\n")
    table = path.name.partition(".")[0]
    if re.fullmatch(r"-{5,}\r?", first) and rest.startswith("|"):
        return f"this is what aws prints with --output table. {use_scan(table)}"
    if re.match(r"(None|[\d.]+|[A-Z_]+)\t", first):
        return f"this is what aws prints with --output text. {use_scan(table)}"
    if re.match(r'"?\w+"?,"?\w+"?(,|\r?$)', first):
        return f"this is {_CSV}. {use_scan(table)}"
    if path.suffix not in _YAML and re.match(r"- \w|[A-Za-z_]+:", first):
        return f"this is YAML. Name it {table}.yaml"
    return ""
