"""A rendered template before its marks are filled: its lines, read once and remembered."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from dagc.rendering.marks import MARK

_ARGUMENT = re.compile(r"( *)([A-Za-z_]\w*=)\0([0-9]+)\0,")
_CONSTANT = re.compile(r"()([A-Z_]+ = )\0([0-9]+)\0")
_ALONE = re.compile(r"( *)()\0([0-9]+)\0")
_WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a skeleton. Either `<head><mark>` (`name=<mark>,`, `NAME = <mark>`, or a mark
    alone, with an empty head), or a mixture: `parts` are then texts and, every second, marks.
    """

    indent: int
    head: str = ""
    mark: int = -1
    parts: tuple[str, ...] = ()


@dataclass(slots=True)
class Skeleton:
    """The lines of a skeleton, and the words in it, among them every name that it uses.

    `checked` is set once a filling of it has been compiled.
    """

    lines: tuple[Line, ...]
    words: frozenset[str]
    checked: bool = field(default=False)


@lru_cache(maxsize=4096)
def read_skeleton(text: str, indent: int) -> Skeleton:
    """The skeleton in `text`, moved `indent` columns to the right; for the same text, the same."""
    lines = (_line(line, indent) for line in text.strip("\n").split("\n"))
    return Skeleton(tuple(lines), frozenset(_WORD.findall(text)))


def _line(text: str, indent: int) -> Line:
    for pattern in (_ARGUMENT, _CONSTANT, _ALONE):
        if match := pattern.fullmatch(text):
            return Line(len(match[1]) + indent, match[2], int(match[3]))
    stripped = text.lstrip(" ")
    column = len(text) - len(stripped) + indent
    return Line(column, parts=tuple(MARK.split(stripped)))
