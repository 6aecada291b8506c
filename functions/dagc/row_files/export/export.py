"""What is to be written so that a folder holds the live rows: decided, and read back, before any of
it is. A row that the folder has stays in its file, and what is right there is not touched.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from dagc.compiler import KEYS, Item, RowKey
from dagc.row_files.export.changed_files import FileChange, changed_file, refuse_typed
from dagc.row_files.export.existing_rows import ExistingRows
from dagc.row_files.export.named_files import all_named_files, named_files
from dagc.row_files.export.new_rows import (
    NewRow,
    NewRows,
    SqlParameters,
    file_contents,
    is_live,
    typed_text,
)
from dagc.row_files.export.row_file_names import Layout, row_path
from dagc.row_files.export.row_forms import natural
from dagc.row_files.export.spliced_yaml import RowEdit
from dagc.row_files.export.yaml_spans import NoSpliceError
from dagc.row_files.export.yaml_text import as_entry
from dagc.row_files.reading.json_text import as_live


@dataclass
class Export:
    """`files` are to be written, `removed` to be removed. Of the rows, some are `new`, some
    `changed`; `gone` are in files, and no longer live. Those of `typed` are in DynamoDB's own JSON,
    for YAML does not hold them. `stuck` are in files that have to be changed by hand.
    """

    files: dict[Path, bytes] = field(default_factory=dict)
    removed: list[Path] = field(default_factory=list)
    new: list[RowKey] = field(default_factory=list)
    changed: list[RowKey] = field(default_factory=list)
    gone: dict[RowKey, Path] = field(default_factory=dict)
    typed: dict[RowKey, Path] = field(default_factory=dict)
    stuck: dict[RowKey, Path] = field(default_factory=dict)


def export_rows(
    folder: Path,
    live: Mapping[RowKey, Item],
    *,
    layout: Layout,
    sql_parameters: SqlParameters,
    prune: bool,
    advance: Callable[[], None] = lambda: None,
) -> Export:
    """What makes `folder` hold the rows that are live; with `prune`, no others. `advance` is called
    for each live row. RowsFileError where the folder cannot be read.
    """
    found = ExistingRows.of(folder)
    names = NewRows(folder, sql_parameters)
    for table in KEYS:
        names.take(*folder.glob(f"{table}*"), *(folder / table).rglob("*"))
    exporting = _Exporting(found, live, names, layout, Export())
    new = exporting.compare(advance, prune=prune)
    for row in new:
        exporting.add(row)
        advance()
    exporting.add_to_tables()
    exporting.remove_unnamed_files()
    return exporting.export


@dataclass
class _Exporting:
    found: ExistingRows
    live: Mapping[RowKey, Item]
    names: NewRows
    layout: Layout
    export: Export
    to_tables: dict[str, list[NewRow]] = field(default_factory=lambda: {t: [] for t in KEYS})

    def compare(self, advance: Callable[[], None], *, prune: bool) -> list[RowKey]:
        """Changes the files that are there. The live rows that are in none of them, in order."""
        export, found = self.export, self.found
        export.gone = {row: at.file for row, at in found.origins.items() if row not in self.live}
        edits: dict[Path, list[RowKey]] = defaultdict(list)
        new = []
        for row in sorted(self.live, key=_place):
            if row not in found.items:
                new.append(row)
                continue
            if not is_live(row, found.items[row], self.live[row]):
                edits[found.origins[row].file].append(row)
            advance()
        for row, path in export.gone.items() if prune else ():
            edits[path].append(row)
        for path, rows in edits.items():
            self._change(path, rows)
        return new

    def add(self, row: RowKey, *, alone: bool = False) -> None:
        """Adds a row that the folder does not have, `alone` in a file or as the layout says."""
        to_table = self.layout is Layout.TABLES and not alone
        own = self.names.path(row, ".yaml")
        path = self._table_file(row.table) if to_table else own
        written = self.names.written(row, self.live[row], path)
        if written.typed:
            own = self.names.path(row, ".json")
            self.export.typed[row] = own
            self.export.files[own] = written.typed.encode()
        elif to_table:
            self.to_tables[row.table].append(written)
        else:
            text = self.names.schema_line(own, row.table) + written.yaml
            self.export.files |= {own: text.encode(), **file_contents(written.files)}
        if not to_table or written.typed:
            self.names.take(own)
        self.export.new.append(row)

    def add_to_tables(self) -> None:
        """Puts the rows that are added to the files of their tables; where a file has a form in
        which that cannot be, each into one of its own.
        """
        for table, rows in self.to_tables.items():
            texts = {file: text for row in rows for file, text in row.files.items()}
            try:
                if rows:
                    self.export.files |= self._with_rows(table, rows, texts)
                    self.export.files |= file_contents(texts)
            except NoSpliceError:
                self.names.give_back(texts)
                for row in rows:
                    self.export.new.remove(row.row)
                    self.add(row.row, alone=True)

    @cached_property
    def _shared(self) -> frozenset[Path]:
        """The files that rows name more than once."""
        named = all_named_files(self.found.in_file, self.found.folder)
        return frozenset(file for file, times in named.items() if times > 1)

    def _table_file(self, table: str) -> Path:
        return self.names.folder / f"{table}.yaml"

    def _with_rows(
        self, table: str, rows: list[NewRow], texts: Mapping[Path, str]
    ) -> dict[Path, bytes]:
        path, entries = self._table_file(table), [as_entry(row.yaml) for row in rows]
        if not path.exists():
            return {path: (self.names.schema_line(path, table) + "\n".join(entries)).encode()}
        gone = set(self.export.gone) if path in self.export.files else set()
        wanted = {
            row: self.live[row] if row in self.export.changed else self.found.items[row]
            for row in self.found.in_file.get(path, ())
            if row not in gone
        } | {row.row: self.live[row.row] for row in rows}
        change = FileChange(path, table, wanted, added=entries, texts=texts)
        return changed_file(change, self.names.folder, self.export.files.get(path))

    def remove_unnamed_files(self) -> None:
        """Removes the files of SQL that were written for rows, and that none names any more."""
        export, found = self.export, self.found
        touched = {*export.files, *export.removed}.intersection(found.in_file)
        left = (
            all_named_files(found.in_file.keys() - touched, found.folder) if touched else Counter()
        )
        before: set[Path] = set()
        for path in touched:
            named = named_files(path.read_bytes(), path, found.folder)
            names = [row_path(row).name for row in found.in_file[path]]
            own = tuple(f"{name}{sign}" for name in names for sign in ".~")
            before |= {file for file in named if file.name.startswith(own)}
        for path, content in export.files.items():
            left.update(named_files(content, path, found.folder))
        export.removed += sorted(before - left.keys())

    def _change(self, path: Path, rows: list[RowKey]) -> None:
        """Changes those rows of a file, and removes those of them that are not live."""
        found, live, there = self.found, self.live, self.found.in_file[path]
        if set(there) == set(rows) and not any(row in live for row in rows):
            self.export.removed.append(path)
            return
        first = found.origins[rows[0]]
        if first.typed and len(there) == 1 and first.way == (0,) and path.suffix == ".json":
            self.export.files[path] = typed_text(live[rows[0]]).encode()
            self.export.changed += rows
            return
        edits = [
            RowEdit(
                found.origins[row].way,
                as_live(row.table, found.items[row], live.get(row, {})),
                live.get(row),
            )
            for row in rows
        ]
        wanted = {row: found.items[row] for row in there if row not in rows}
        wanted |= {row: live[row] for row in rows if row in live}
        change = FileChange(path, rows[0].table, wanted, edits, shared=self._shared)
        try:
            refuse_typed(found.origins[row] for row in rows)
            self.export.files |= changed_file(change, found.folder)
            self.export.changed += [row for row in rows if row in live]
        except NoSpliceError:
            self.export.stuck |= dict.fromkeys(rows, path)


def _place(row: RowKey) -> tuple[int, list[list[tuple[int, str]]]]:
    return list(KEYS).index(row.table), [natural(value) for _, value in row.key]
