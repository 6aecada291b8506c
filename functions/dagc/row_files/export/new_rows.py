"""The files of rows that the folder has none of yet."""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from dagc.aws.dynamodb_json import item_text, json_item
from dagc.compiler import Item, RowKey
from dagc.row_files.export.row_file_names import folded, free_path, row_path
from dagc.row_files.export.row_forms import with_files, written_form
from dagc.row_files.export.yaml_text import yaml_text
from dagc.row_files.reading.json_text import as_live
from dagc.row_files.reading.read_tables import rows_in
from dagc.row_files.reading.row_documents import RowsFileError
from dagc.row_files.reading.row_tags import text_file

SqlParameters = Mapping[RowKey, str]
"""The tasks whose SQL belongs into files of their own, with the parameter that has it."""


class NewRow(NamedTuple):
    """A row's YAML, and the texts of its files of SQL. Where YAML does not hold it, `typed` is the
    row in DynamoDB's own JSON.
    """

    row: RowKey
    yaml: str
    files: Mapping[Path, str]
    typed: str = ""


@dataclass
class NewRows:
    """Finds names in `folder` that are free, in any case of their letters, and writes rows."""

    folder: Path
    sql_parameters: SqlParameters
    taken: set[str] = field(default_factory=set)

    def path(self, row: RowKey, suffix: str) -> Path:
        """A file for the row alone."""
        return self.folder / free_path(row_path(row), suffix, row, self.taken)

    def take(self, *paths: Path) -> None:
        """Takes names, so that no other row has them."""
        self.taken |= {folded(str(path.relative_to(self.folder))) for path in paths}

    def give_back(self, paths: Iterable[Path]) -> None:
        """Gives names back that were taken and are not used."""
        self.taken -= {folded(str(path.relative_to(self.folder))) for path in paths}

    def schema_line(self, path: Path, table: str) -> str:
        """The first line of a file, by which an editor finds what `dagc schema` wrote."""
        schema = self.folder / ".schema" / f"{table}.json"
        if not schema.is_file():
            return ""
        place = Path(os.path.relpath(schema, path.parent)).as_posix()
        return f"# yaml-language-server: $schema={place}\n"

    def written(self, row: RowKey, item: Item, path: Path) -> NewRow:
        """The row as the file `path` is to have it."""
        for unfold in (True, False):
            form, texts = self._form(row, item, path, unfold=unfold)
            found = NewRow(row, yaml_text(form), texts)
            if self._holds(found, item, path):
                self.take(*texts)
                return found
        return NewRow(row, "", {}, typed_text(item))

    def _form(
        self, row: RowKey, item: Item, path: Path, *, unfold: bool
    ) -> tuple[dict[str, Any], dict[Path, str]]:
        form = written_form(row.table, item, unfold=unfold)
        names: dict[str, Path] = {}

        def name(index: int | None) -> str:
            suffix = ".sql" if index is None else f".{index + 1}.sql"
            file = self.path(row, suffix)
            beside = Path(os.path.relpath(file, path.parent)).as_posix()
            names[beside] = file
            return beside

        if row not in self.sql_parameters:
            return form, {}
        form, texts = with_files(form, self.sql_parameters[row], name)
        return form, {names[beside]: text for beside, text in texts.items()}

    def _holds(self, found: NewRow, item: Item, path: Path) -> bool:
        """Whether the row, read back, is the live one."""
        try:
            rows = rows_in(
                found.yaml.encode(), path, found.row.table, self.folder, reader(found.files)
            )
            return is_live(found.row, rows[found.row], item)
        except (RowsFileError, KeyError, ValueError):
            return False


def reader(texts: Mapping[Path, str]) -> Callable[[Path], str]:
    """Reads files that are to be written, and those that are there."""
    return lambda path: texts[path] if path in texts else text_file(path)


def typed_text(item: Item) -> str:
    """A row's file in DynamoDB's own JSON, which holds any."""
    return f"{json.dumps(json_item(item), indent=2)}\n"


def file_contents(texts: Mapping[Path, str]) -> dict[Path, bytes]:
    """The contents of files that rows name, by the texts that rows have of them."""
    return {file: f"{text}\n".encode() for file, text in texts.items()}


def is_live(row: RowKey, item: Item, live: Item) -> bool:
    """Whether the item that files have of a row is the live one."""
    return item_text(as_live(row.table, item, live)) == item_text(live)
