"""The values in a JSON text, with where they stand; those in an object when they are asked for."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from dagc.row_files.reading.placed_text import Location, PlacedEntry, PlacedText, placed_string


@dataclass(frozen=True)
class JsonNode:
    """The value of JSON that begins at `offset` of `source`. What is no JSON has no entries."""

    source: PlacedText
    offset: int

    @property
    def start(self) -> Location:
        """Where it begins."""
        return self.source.at(self.offset)

    @cached_property
    def entries(self) -> Mapping[str | int, PlacedEntry]:
        """What an object or a list holds, by key or index."""
        try:
            return {
                key: PlacedEntry(self.source.at(begin), JsonNode(self.source, value))
                for key, begin, value in self._entries()
            }
        except (ValueError, IndexError, StopIteration, RecursionError):
            return {}

    @property
    def text(self) -> PlacedText | None:
        """The text that it is; None if it is none."""
        return placed_string(self.source, self.offset) if self._first == '"' else None

    @property
    def _first(self) -> str:
        return self.source.text[self.offset : self.offset + 1]

    def _entries(self) -> Iterator[tuple[str | int, int, int]]:
        """Each key or index, where the entry begins, and where its value does."""
        text, is_object = self.source.text, self._first == "{"
        if self._first not in ("{", "["):
            return
        position, count = _next(text, self.offset + 1), 0
        while text[position] not in "}]":
            begin, key = position, ""
            if is_object:
                key, position = _DECODER.raw_decode(text, begin)
                position = _next(text, _next(text, position) + 1)
            yield (key if is_object else count), begin, position
            position = _next(text, _DECODER.raw_decode(text, position)[1])
            position = _next(text, position + 1) if text[position] == "," else position
            count += 1


def json_documents(source: PlacedText) -> list[JsonNode]:
    """The values that stand one after another in a text of JSON, without those that are null."""
    nodes: list[JsonNode] = []
    position = _next(source.text, 0)
    while position < len(source.text):
        value, end = _DECODER.raw_decode(source.text, position)
        nodes += [] if value is None else [JsonNode(source, position)]
        position = _next(source.text, end)
    return nodes


_DECODER = json.JSONDecoder(strict=False, parse_float=str, parse_int=str)
"""Passes over a value: numbers stay texts, for Python refuses to read very long ones."""
_BLANKS = re.compile(r"[ \t\r\n]*")


def _next(text: str, position: int) -> int:
    """Where the blanks from `position` on end."""
    found = _BLANKS.match(text, position)
    return found.end() if found else position
