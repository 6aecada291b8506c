"""Fills the marks of a rendered skeleton with literals in black's layout."""

import re
from dataclasses import dataclass
from functools import lru_cache

from dagc.rendering.constants import Constants
from dagc.rendering.marks import ABSENT, MARK, Marks
from dagc.syntax.layout import bound, contains_multiline, layout
from dagc.syntax.nodes import Code, Entries, Keywords
from dagc.syntax.strings import quoted, width

_ARGUMENT = re.compile(r"( *)([A-Za-z_]\w*)=\0([0-9]+)\0,")
_CONSTANT = re.compile(r"([A-Z_]+ = )\0([0-9]+)\0")
_ALONE = re.compile(r"( *)\0([0-9]+)\0")


class FillError(ValueError):
    """A template prints an absent value where its line cannot be left out."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a skeleton: `name=<mark>,`, `NAME = <mark>`, a mark alone, or text with marks."""

    indent: int
    name: str
    mark: int
    parts: tuple[str, ...]


def fill(skeleton: str, marks: Marks, owner: str, constants: Constants, indent: int = 0) -> str:
    """The source text of `skeleton`, moved `indent` columns to the right.

    A line `name=<mark>,` is dropped where its value is absent. `owner` is the variable that
    constants are named after.
    """
    lines: list[str] = []
    for line in _lines(skeleton):
        column = line.indent + indent
        if line.parts:
            lines.append(_mixed(line, marks, column))
        elif line.name.endswith(" = "):
            lines.append(bound(line.name, marks[line.mark], "", column))
        elif line.name:
            value = marks[line.mark]
            if value is not ABSENT:
                lines.append(_argument(line.name, value, column, owner, constants))
        else:
            lines.extend(_alone(marks[line.mark], column, owner, constants))
    return "\n".join(lines)


@lru_cache(maxsize=4096)
def _lines(skeleton: str) -> tuple[_Line, ...]:
    return tuple(_line(text) for text in skeleton.strip("\n").split("\n"))


def _line(text: str) -> _Line:
    if match := _ARGUMENT.fullmatch(text):
        return _Line(len(match[1]), match[2], int(match[3]), ())
    if match := _CONSTANT.fullmatch(text):
        return _Line(0, match[1], int(match[2]), ())
    if match := _ALONE.fullmatch(text):
        return _Line(len(match[1]), "", int(match[2]), ())
    stripped = text.lstrip(" ")
    return _Line(len(text) - len(stripped), "", -1, tuple(MARK.split(stripped)))


def _argument(name: str, value: object, indent: int, owner: str, constants: Constants) -> str:
    if contains_multiline(value):
        value = constants.add(owner, name, value)
    return bound(f"{name}=", value, ",", indent)


def _alone(value: object, indent: int, owner: str, constants: Constants) -> list[str]:
    if isinstance(value, Keywords):
        return [
            _argument(name, entry, indent, owner, constants) for name, entry in value.values.items()
        ]
    if isinstance(value, Entries):
        return [
            " " * indent + f"{quoted(name)}: {layout(entry, indent, width(name) + 4, 1)},"
            for name, entry in value.values.items()
        ]
    if isinstance(value, Code):
        return [value.text] if value.text else []
    return [" " * indent + layout(value, indent)]


def _mixed(line: _Line, marks: Marks, indent: int) -> str:
    """A line with text around its marks. (Every second part is the number of a mark.)"""
    texts, numbers = line.parts[::2], line.parts[1::2]
    result = texts[0]
    for text, number in zip(texts[1:], numbers, strict=True):
        value = marks[int(number)]
        if value is ABSENT:
            raise FillError(f"an absent value after {result.strip()!r}")
        result += layout(value, indent, len(result), len(text)) + text
    return " " * indent + result if result else ""
