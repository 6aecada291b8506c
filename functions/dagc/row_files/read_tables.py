"""Reads rows from files, without AWS.

A folder holds `mwaa_task`, `mwaa_job` and `mwaa_scheduler`, each as `.json`, `.jsonl` or `.yaml`,
or as a folder of that name with the files of a DynamoDB export to S3. A file holds a list of items,
or what AWS's tools print (`dynamodb_output.py`). Items are plain, or in DynamoDB's own JSON. A
table without a file is empty.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dagc.aws.dynamodb_json import is_dynamodb_json, plain_item
from dagc.compiler import KEYS, Code, Diagnostic, Problem, RowKey, load_plain, row_key
from dagc.row_files.dynamodb_output import RawRow, raw_rows
from dagc.row_files.misnamed_files import refuse_misnamed
from dagc.row_files.row_documents import SUFFIXES, RowsFileError, documents, refuse_kind

Row = dict[str, Any]
Tables = dict[str, list[Row]]

_KEY_NAMES = {name for names in KEYS.values() for name in names}


def read_tables(folder: Path) -> tuple[Tables, list[Diagnostic]]:
    """The items of the three tables, by table; and a diagnostic for each row that cannot be one."""
    if not folder.is_dir():
        raise RowsFileError(f"{folder} is no folder")
    by_table = {table: _files(folder, table) for table in KEYS}
    refuse_misnamed(folder, [table for table, found in by_table.items() if not found])
    files = [(table, path) for table, found in by_table.items() for path in found]
    if not files:
        raise RowsFileError(
            f"{folder} holds none of {', '.join(KEYS)} (.json, .jsonl, .yaml, or a DynamoDB export)"
        )
    collected = _Collected()
    for table, path in files:
        for number, raw in enumerate(raw_rows(documents(path), table, str(path)), start=1):
            collected.add(raw, number, path)
    return collected.tables(), collected.diagnostics


def read_rows_document(path: Path) -> Any:
    """The content of a YAML file, its values as DynamoDB would hold them."""
    return load_plain(path.read_bytes())


@dataclass
class _Collected:
    """The rows of files, each once; and what incremental exports change, which comes after all."""

    rows: dict[RowKey, Row] = field(default_factory=dict)
    changes: list[tuple[int, RowKey, Row | None]] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def add(self, raw: RawRow, number: int, path: Path) -> None:
        """Takes row number `number` of a file."""
        item = _item(raw.item, f"{path}, item {number}")
        row = row_key(raw.table, item)
        if not all(value.strip() for _, value in row.key):
            self.diagnostics.append(_no_key(row, number, path))
        elif raw.written is not None:
            self.changes.append((raw.written, row, None if raw.gone else item))
        elif row in self.rows:
            self.diagnostics.append(_twice(row, path))
        else:
            self.rows[row] = item

    def tables(self) -> Tables:
        """All items by table, as they are after the changes."""
        rows = dict(self.rows)
        for _, row, item in sorted(self.changes, key=lambda change: change[0]):
            if item is None:
                rows.pop(row, None)
            else:
                rows[row] = item
        return {table: [item for row, item in rows.items() if row.table == table] for table in KEYS}


def _files(folder: Path, table: str) -> list[Path]:
    """The files of a table; RowsFileError where it has files, but of other kinds alone."""
    files = [*folder.glob(f"{table}.*"), *(folder / table).rglob("*.*")]
    files = sorted(path for path in files if path.is_file() and "manifest" not in path.name)
    found = [path for path in files if path.name.endswith(SUFFIXES)]
    if files and not found:
        refuse_kind(files[0], table)
    return found


def _item(raw: Any, where: str) -> Row:
    """One item, plain."""
    if not isinstance(raw, dict) or not all(isinstance(name, str) for name in raw):
        slip = f", not the text {raw[:60]!r}" if isinstance(raw, str) else ""
        raise RowsFileError(f"{where}: an object of attributes is expected{slip}")
    try:
        if is_dynamodb_json(raw):
            return plain_item(raw)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise RowsFileError(f"{where}: no JSON of DynamoDB: {error!r}") from error
    for name, value in raw.items():
        if name in _KEY_NAMES and isinstance(value, dict) and is_dynamodb_json({name: value}):
            plain = next(other for other in raw if not is_dynamodb_json({other: raw[other]}))
            message = f"{where}: {name!r} is in DynamoDB's JSON, {plain!r} is not"
            raise RowsFileError(f"{message}. Write all attributes in one of the two ways.")
    return raw


def _no_key(row: RowKey, number: int, path: Path) -> Diagnostic:
    missing = [name for name, value in row.key if not value.strip()]
    message = f"item {number} of {path.name} has no {' and no '.join(missing)}"
    hint = "DynamoDB would not accept it: add the key."
    attribute = missing[0] if len(missing) == 1 else ""
    return Problem(Code.MISSING_ATTRIBUTE, message, hint).at(row, attribute)


def _twice(row: RowKey, path: Path) -> Diagnostic:
    message = f"the key stands twice (again in {path.name})"
    hint = "DynamoDB holds one row for a key: remove one of them."
    return Problem(Code.DUPLICATE_ROW, message, hint).at(row, "")
