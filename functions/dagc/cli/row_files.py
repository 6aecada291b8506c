"""Reads rows from files, without AWS.

A folder holds `mwaa_task`, `mwaa_job` and `mwaa_scheduler`, each as `.json` (a list), `.jsonl` or
`.yaml`, or as a folder of that name with the `.json.gz` files of a DynamoDB export to S3. Items are
plain, or in DynamoDB's own JSON. A table without a file is empty.
"""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dagc.aws.dynamodb_json import is_dynamodb_json, plain_item
from dagc.compiler import (
    KEYS,
    Code,
    Diagnostic,
    Problem,
    RowKey,
    UnreadableTextError,
    decoded,
    load_plain,
    parse_json,
    row_key,
)

Row = dict[str, Any]
Tables = dict[str, list[Row]]


class RowsFileError(Exception):
    """A file that holds no rows. The message says which, where in it, and why."""


def read_tables(folder: Path) -> tuple[Tables, list[Diagnostic]]:
    """The items of the three tables, by table; and a diagnostic for each row that cannot be one."""
    if not folder.is_dir():
        raise RowsFileError(f"{folder} is no folder")
    diagnostics: list[Diagnostic] = []
    tables = {table: _read_table(folder, table, diagnostics) for table in KEYS}
    if not any(_files(folder, table) for table in KEYS):
        raise RowsFileError(
            f"{folder} holds none of {', '.join(KEYS)} (.json, .jsonl, .yaml, or a DynamoDB export)"
        )
    return tables, diagnostics


def read_rows_document(path: Path) -> Any:
    """The content of a YAML file, its values as DynamoDB would hold them."""
    return load_plain(path.read_bytes())


def _read_table(folder: Path, table: str, diagnostics: list[Diagnostic]) -> list[Row]:
    items: dict[RowKey, Row] = {}
    for path in _files(folder, table):
        for number, raw in enumerate(_raw_items(path), start=1):
            item = _item(raw, f"{path.relative_to(folder)}, item {number}")
            row = row_key(table, item)
            if not all(value.strip() for _, value in row.key):
                names = " and ".join(KEYS[table])
                diagnostics.append(_no_key(row, names, number, path))
            elif row in items:
                diagnostics.append(_twice(row, path))
            else:
                items[row] = item
    return list(items.values())


def _files(folder: Path, table: str) -> list[Path]:
    suffixes = (".json", ".jsonl", ".yaml", ".yml", ".json.gz")
    files = [path for suffix in suffixes if (path := folder / f"{table}{suffix}").is_file()]
    return files + sorted((folder / table).rglob("*.json.gz"))


def _raw_items(path: Path) -> Iterator[Any]:
    try:
        if path.suffix in (".yaml", ".yml"):
            yield from _list(read_rows_document(path), path)
        elif path.suffix == ".json":
            yield from _list(_json(path.read_bytes(), str(path)), path)
        else:
            opened = gzip.open if path.suffix == ".gz" else open
            with opened(path, "rb") as lines:
                for number, line in enumerate(lines, start=1):
                    if line.strip():
                        yield _json(line, f"{path}, line {number}")
    except UnreadableTextError as error:
        raise RowsFileError(f"{path}, {error}") from error
    except (OSError, EOFError, zlib.error) as error:
        raise RowsFileError(f"{path}: {' '.join(str(error).split())}") from error


def _list(content: Any, path: Path) -> list[Any]:
    if not isinstance(content, list):
        raise RowsFileError(f"{path}: a list of items is expected at the top")
    return content


def _json(content: bytes, where: str) -> Any:
    problems: list[Problem] = []
    value = parse_json(decoded(content), problems)
    for problem in problems:
        raise RowsFileError(f"{where}: {problem.message}. {problem.hint}")
    return value


def _item(raw: Any, where: str) -> Row:
    """One item, plain. An export to S3 wraps each in `{"Item": …}`."""
    if isinstance(raw, dict) and set(raw) == {"Item"} and isinstance(raw["Item"], dict):
        raw = raw["Item"]
    if not isinstance(raw, dict) or not all(isinstance(name, str) for name in raw):
        slip = f", not the text {raw[:60]!r}" if isinstance(raw, str) else ""
        raise RowsFileError(f"{where}: an object of attributes is expected{slip}")
    try:
        return plain_item(raw) if is_dynamodb_json(raw) else raw
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise RowsFileError(f"{where}: no JSON of DynamoDB: {error!r}") from error


def _no_key(row: RowKey, names: str, number: int, path: Path) -> Diagnostic:
    message = f"item {number} of {path.name} has no {names}"
    hint = "DynamoDB would not accept it: add the key."
    return Problem(Code.MISSING_ATTRIBUTE, message, hint).at(row, names)


def _twice(row: RowKey, path: Path) -> Diagnostic:
    message = f"the key stands twice (again in {path.name})"
    hint = "DynamoDB holds one row for a key: remove one of them."
    return Problem(Code.DUPLICATE_ROW, message, hint).at(row, "")
