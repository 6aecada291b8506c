"""Where rows stand in files: file, line and column. Looked for when somebody asks, and not before.

Reading keeps which entry of which file a row is. To place it, its file is read once more.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from dagc.compiler import Diagnostic, JsonPath, RowKey, decoded, json_steps
from dagc.row_files.reading.bounded_content import bounded_content
from dagc.row_files.reading.placed_json import JsonNode, json_documents
from dagc.row_files.reading.placed_text import (
    Location,
    PlacedEntry,
    PlacedNode,
    PlacedText,
    placed_file,
)


class Origin(NamedTuple):
    """Where a row is read from: the way in the documents of a file. `typed` says that each value is
    wrapped in its DynamoDB type there.
    """

    file: Path
    way: JsonPath
    typed: bool = False


class Locations:
    """Where the rows of a folder stand, by `origins`. `misplaced` are what is wrong with those that
    have no key of their own. `in_texts` has the line and the column (from 1) of those that are
    about a place in a text.
    """

    def __init__(
        self,
        folder: Path,
        origins: Mapping[RowKey, Origin],
        misplaced: Mapping[Diagnostic, Origin],
        in_texts: Mapping[Diagnostic, tuple[int, int]] | None = None,
    ) -> None:
        self._folder = folder
        self._origins = origins
        self._misplaced = misplaced
        self._in_texts = in_texts or {}
        # Some files stay in memory, placed.
        self._documents = lru_cache(maxsize=8)(self._placed_documents)

    def of(self, row: RowKey, attribute: str = "", path: str = "") -> Location | None:
        """Where a row, an attribute of it, or what is at a path in the attribute stands: where its
        key begins, or the entry of a list. What is not there is at the nearest place that is; None
        for a row of no file.
        """
        origin = self._origins.get(row)
        return self._place(origin, attribute, path, None) if origin else None

    def in_text(
        self, row: RowKey, attribute: str, path: str, line: int, column: int
    ) -> Location | None:
        """Where that line and column (from 1 on) of the text at that place stands: in the file of
        SQL, where the row names one. As `of`, where there is no such text.
        """
        origin = self._origins.get(row)
        return self._place(origin, attribute, path, (line, column)) if origin else None

    def origin(self, row: RowKey) -> Origin | None:
        """What a row is read from; None for a row of no file."""
        return self._origins.get(row)

    def of_diagnostic(self, diagnostic: Diagnostic) -> Location | None:
        """Where the mistake stands, as `of` says; None for one that is in no file of rows."""
        if origin := self._misplaced.get(diagnostic):
            return self._place(origin, diagnostic.attribute, "", None)
        row = RowKey(diagnostic.table, diagnostic.key)
        if place := self._in_texts.get(diagnostic):
            return self.in_text(row, diagnostic.attribute, diagnostic.path, *place)
        return self.of(row, diagnostic.attribute, diagnostic.path)

    def with_texts(self, in_texts: Mapping[Diagnostic, tuple[int, int]]) -> "Locations":
        """These, with diagnostics that are about a place in a text: a line and a column of it."""
        return Locations(self._folder, self._origins, self._misplaced, in_texts)

    def of_origin(self, origin: Origin) -> Location:
        """Where the row that is read from there stands."""
        return self._place(origin, "", "", None)

    def _place(
        self, origin: Origin, attribute: str, path: str, in_text: tuple[int, int] | None
    ) -> Location:
        try:
            entry = self._row(origin)
            for step in (attribute, *json_steps(path)) if attribute else ():
                found = _below(entry.node, step, typed=origin.typed)
                if found is None:
                    return entry.start
                entry = found
            text = _text(entry.node, typed=origin.typed) if in_text else None
            return text.location(*in_text) if text and in_text else entry.start
        except (OSError, ValueError, LookupError):  # the file has changed since it was read
            return Location(origin.file, 1, 1)

    def _row(self, origin: Origin) -> PlacedEntry:
        first, *way = origin.way
        node = self._documents(origin.file)[int(first)]
        entry = PlacedEntry(node.start, node)
        for step in way:
            entry = entry.node.entries[step]
        return entry

    def _placed_documents(self, path: Path) -> list[PlacedNode]:
        source = placed_file(path, decoded(bounded_content(path)))
        if path.suffix not in (".yaml", ".yml"):
            return [*json_documents(source)]
        from dagc.row_files.reading.placed_yaml import yaml_documents
        from dagc.row_files.reading.row_tags import FILE, file_beside, text_file

        def tagged(tag: str, content: str) -> PlacedText | None:
            if tag != FILE:
                return None
            beside = file_beside(path, self._folder, content)
            return placed_file(beside, text_file(beside))

        return [*yaml_documents(source, tagged)]


NOWHERE = Locations(Path(), {}, {})
"""Of rows that come from no file."""


def _below(node: PlacedNode, step: str | int, *, typed: bool) -> PlacedEntry | None:
    """The entry of an object or a list; also of one in a text that is JSON (encoded twice, too)."""
    while True:
        node = _untyped(node) if typed else node
        if step in node.entries:
            return node.entries[step]
        text = node.text
        if text is None:
            return None
        node, typed = JsonNode(text, len(text.text) - len(text.text.lstrip())), False


def _untyped(node: PlacedNode) -> PlacedNode:
    """The value in `{"S": …}`."""
    entries = list(node.entries.values())
    return entries[0].node if len(entries) == 1 else node


def _text(node: PlacedNode, *, typed: bool) -> PlacedText | None:
    return (_untyped(node) if typed else node).text
