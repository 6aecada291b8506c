"""Reads rows from files, without AWS.

A folder holds `mwaa_task`, `mwaa_job` and `mwaa_scheduler`, each as `.json`, `.jsonl` or `.yaml`,
or as a folder of that name with such files, at any depth: one for each row, or those of a DynamoDB
export to S3. A file holds one item, a list of them, or what AWS's tools print
(`dynamodb_output.py`). Items are plain, which in YAML may have tags (`row_tags.py`), or in
DynamoDB's own JSON. A table without a file is empty.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from dagc.aws.dynamodb_json import is_dynamodb_json, plain_item
from dagc.compiler import (
    ATTRIBUTES,
    KEYS,
    Code,
    Diagnostic,
    Problem,
    RowKey,
    load_plain,
    nearest,
    row_key,
)
from dagc.row_files.reading.dynamodb_output import RawRow, raw_rows
from dagc.row_files.reading.locations import Locations, Origin
from dagc.row_files.reading.misnamed_files import refuse_misnamed
from dagc.row_files.reading.placed_text import Location
from dagc.row_files.reading.row_documents import (
    BESIDE,
    IN_SEVERAL,
    SUFFIXES,
    RowsFileError,
    documents,
    documents_in,
    refuse_kind,
)

Row = dict[str, Any]
Tables = dict[str, list[Row]]

_MOST_ROWS = 100_000
"""In a file. In one of nothing but `{}`, each would be reported as a row without a key."""
_KEY_NAMES = {name for names in KEYS.values() for name in names}


class RowFolder(NamedTuple):
    """What a folder holds: the items of the three tables, a diagnostic for each row that cannot be
    one, and where the rows stand.
    """

    tables: Tables
    diagnostics: list[Diagnostic]
    locations: Locations

    @property
    def items(self) -> dict[RowKey, Row]:
        """The items by their rows."""
        return {
            row_key(table, item): item for table, items in self.tables.items() for item in items
        }


def read_tables(
    folder: Path,
    *,
    may_be_empty: bool = False,
    told: Callable[[int, int], None] = lambda done, total: None,  # noqa: ARG005
) -> RowFolder:
    """Reads the rows of a folder; RowsFileError if a file in it, or it itself unless it may be
    empty, holds none. `told` how many files are read, and of how many.
    """
    if not folder.is_dir():
        raise RowsFileError(f"{folder} is no folder")
    by_table = {table: _files(folder, table) for table in KEYS}
    refuse_misnamed(folder, by_table)
    files = [(table, path) for table, found in by_table.items() for path in found]
    if not files and not may_be_empty:
        raise RowsFileError(
            f"{folder} holds none of {', '.join(KEYS)} (.json, .jsonl, .yaml, or a DynamoDB export)"
        )
    collected = _Collected(folder)
    for done, (table, path) in enumerate(files, start=1):
        collected.add_file(path, table)
        told(done, len(files))
    return RowFolder(collected.tables(), [*collected.diagnostics], collected.locations)


def read_table_file(path: Path, table: str) -> list[Row]:
    """The items of `table` in one file, whatever its name; RowsFileError if it holds none, or one
    that is no row.
    """
    collected = _Collected(path.parent)
    collected.add_file(path, table)
    refuse_rows(collected.diagnostics, collected.locations)
    return collected.tables()[table]


def refuse_rows(diagnostics: Iterable[Diagnostic], locations: Locations) -> None:
    """Raises RowsFileError for the first of what is wrong with rows as such."""
    for diagnostic in diagnostics:
        place = locations.of_diagnostic(diagnostic)
        raise RowsFileError(f"{place}: {diagnostic.message}. {diagnostic.hint}")


def rows_in(
    content: bytes, path: Path, table: str, folder: Path, read: Callable[[Path], str]
) -> dict[RowKey, Row]:
    """The rows of `table` in what `path` is to hold, with `read` for the texts that they have in
    files of their own; RowsFileError as `read_tables`, and where a key stands twice.
    """
    found = [*raw_rows(documents_in(content, path, folder, read), table, str(path))]
    items = [_item(raw.item, f"{path}, item {n}")[0] for n, raw in enumerate(found, start=1)]
    rows = {row_key(table, item): item for item in items}
    if len(rows) != len(items):
        raise RowsFileError(f"{path}: a key stands twice")
    return rows


def read_rows_document(path: Path) -> Any:
    """The content of a YAML file, its values as DynamoDB would hold them."""
    return load_plain(path.read_bytes())


@dataclass
class _Collected:
    """The rows of files, each once; and what incremental exports change, which comes after all."""

    folder: Path
    rows: dict[RowKey, Row] = field(default_factory=dict)
    origins: dict[RowKey, Origin] = field(default_factory=dict)
    changes: list[tuple[int, RowKey, Row | None, Origin]] = field(default_factory=list)
    diagnostics: dict[Diagnostic, Origin] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.locations = Locations(self.folder, self.origins, self.diagnostics)

    def add_file(self, path: Path, table: str) -> None:
        """Takes the rows of a file of `table`; RowsFileError if it holds none, or too many."""
        found = raw_rows(documents(path, self.folder), table, str(path))
        for number, raw in enumerate(found, start=1):
            if number > _MOST_ROWS:
                raise RowsFileError(f"{path}: more than {_MOST_ROWS:,} rows. {IN_SEVERAL}")
            self._add(raw, number, path)

    def _add(self, raw: RawRow, number: int, path: Path) -> None:
        """Takes row number `number` of a file."""
        item, typed = _item(raw.item, f"{path}, item {number}")
        row, origin = row_key(raw.table, item), Origin(path, raw.way, typed)
        if not all(value.strip() for _, value in row.key):
            self.diagnostics[_no_key(row, item, number, path)] = origin
        elif raw.written is not None:
            self.changes.append((raw.written, row, None if raw.gone else item, origin))
        elif row in self.rows:
            places = [self.locations.of_origin(at) for at in (self.origins[row], origin)]
            self.diagnostics[_twice(row, *places)] = origin
        else:
            self.rows[row], self.origins[row] = item, origin

    def tables(self) -> Tables:
        """All items by table, as they are after the changes."""
        rows = dict(self.rows)
        for _, row, item, origin in sorted(self.changes, key=lambda change: change[0]):
            if item is None:
                rows.pop(row, None)
            else:
                rows[row], self.origins[row] = item, origin
        return {table: [item for row, item in rows.items() if row.table == table] for table in KEYS}


def _files(folder: Path, table: str) -> list[Path]:
    """The files of a table; RowsFileError where it has files, but of other kinds alone."""
    files = [*folder.glob(f"{table}.*"), *(folder / table).rglob("*.*")]
    files = sorted(path for path in files if path.is_file() and not _MANIFEST.match(path.name))
    found = [path for path in files if path.name.endswith(SUFFIXES)]
    others = [path for path in files if path.suffix not in BESIDE and path.name[0] != "."]
    if others and not found:
        refuse_kind(others[0], table)
    return found


_MANIFEST = re.compile(r"manifest-(files|summary)\.(json|md5)\b")
"""Files of an export that list the others."""


def _item(raw: Any, where: str) -> tuple[Row, bool]:
    """One item, plain, and whether it was in DynamoDB's JSON."""
    if not isinstance(raw, dict) or not all(isinstance(name, str) for name in raw):
        slip = f", not the text {raw[:60]!r}" if isinstance(raw, str) else ""
        raise RowsFileError(f"{where}: an object of attributes is expected{slip}")
    try:
        if is_dynamodb_json(raw):
            return plain_item(raw), True
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise RowsFileError(f"{where}: no JSON of DynamoDB: {error!r}") from error
    for name, value in raw.items():
        if name in _KEY_NAMES and isinstance(value, dict) and is_dynamodb_json({name: value}):
            plain = next(other for other in raw if not is_dynamodb_json({other: raw[other]}))
            message = f"{where}: {name!r} is in DynamoDB's JSON, {plain!r} is not"
            raise RowsFileError(f"{message}. Write all attributes in one of the two ways.")
    return raw, False


def _no_key(row: RowKey, item: Row, number: int, path: Path) -> Diagnostic:
    missing = [name for name, value in row.key if not value.strip()]
    message = f"item {number} of {path.name} has no {' and no '.join(missing)}"
    others = item.keys() - set(ATTRIBUTES[row.table])
    slips = {near: name for name in missing if (near := nearest(name, others, 0.8))}
    todo = ", ".join(f"rename {near} to {name}" for near, name in slips.items())
    hint = f"DynamoDB would not accept it: {todo or 'add the key'}."
    attribute = missing[0] if len(missing) == 1 else ""
    return Problem(Code.MISSING_ATTRIBUTE, message, hint).at(row, attribute)


def _twice(row: RowKey, first: Location, second: Location) -> Diagnostic:
    message = f"the key stands twice: {first} and {second}"
    hint = "DynamoDB holds one row for a key: remove one of them."
    return Problem(Code.DUPLICATE_ROW, message, hint).at(row, "")
