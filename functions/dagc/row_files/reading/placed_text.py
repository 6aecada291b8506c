"""Where in a file the characters of a text stand: of the file's own, or of one that it holds."""

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple, Protocol


class Location(NamedTuple):
    """A place in a file; line and column count from 1, as editors count them."""

    file: Path
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class PlacedText(NamedTuple):
    """A text, and where in a file the character at an offset of it stands."""

    text: str
    at: Callable[[int], Location]

    def location(self, line: int, column: int) -> Location:
        """Where that line and column of the text is; both count from 1."""
        starts = [0, *(found.end() for found in re.finditer("\n", self.text))]
        start = starts[min(line, len(starts)) - 1]
        return self.at(min(start + column - 1, len(self.text)))


class PlacedNode(Protocol):
    """A value in a file."""

    @property
    def start(self) -> Location:
        """Where it begins."""

    @property
    def entries(self) -> Mapping[str | int, "PlacedEntry"]:
        """What an object or a list holds, by key or index."""

    @property
    def text(self) -> PlacedText | None:
        """The text that it is; None if it is none."""


class PlacedEntry(NamedTuple):
    """An entry of an object, which begins with its key, or of a list."""

    start: Location
    node: PlacedNode


def placed_file(path: Path, text: str) -> PlacedText:
    """The text of a file."""
    starts = [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", text))]

    def at(offset: int) -> Location:
        line = bisect_right(starts, offset)
        return Location(path, line, offset - starts[line - 1] + 1)

    return PlacedText(text, at)


def placed_string(source: PlacedText, offset: int) -> PlacedText | None:
    """The text of the JSON string that begins at `offset` of `source`; None if none does."""
    try:
        text, end = _DECODER.raw_decode(source.text, offset)
    except json.JSONDecodeError:
        return None
    raw = source.text[offset + 1 : end - 1]
    if raw == text:
        return PlacedText(text, lambda index: source.at(offset + 1 + index))
    starts = [offset + 1 + found.start() for found in _CHARACTER.finditer(raw)] + [end - 1]
    return PlacedText(text, lambda index: source.at(starts[index]))


_DECODER = json.JSONDecoder(strict=False)
_SURROGATES = r"\\u[dD][89abAB]..\\u[dD][c-fC-F].."
_CHARACTER = re.compile(rf"{_SURROGATES}|\\u....|\\.|.", re.DOTALL)
"""What stands for one character in a JSON string."""
