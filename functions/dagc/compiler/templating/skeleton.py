"""What a template printed, before its marks are filled: its lines, read once."""

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from dagc.compiler.templating.holes import path
from dagc.compiler.templating.placeholders import ABSENT, MARK, Marks

_ARGUMENT = re.compile(r"( *)([A-Za-z_]\w*=)\0([0-9]+)\0,")
_CONSTANT = re.compile(r"()([A-Z_]+ = )\0([0-9]+)\0")
_ALONE = re.compile(r"( *)()\0([0-9]+)\0")
_WORD = re.compile(r"[A-Za-z_]\w*")


class AbsentValueError(ValueError):
    """A template prints an absent value where its line cannot be left out."""


class Line(NamedTuple):
    """A line of a skeleton that shows values, by their indices.

    Either `<head><value>` (`name=<value>,`, `NAME = <value>`, or a value alone, with an empty
    head), or a mixture: values between `texts`.
    """

    indent: int
    head: str
    values: tuple[int, ...]
    texts: tuple[str, ...] = ()


@dataclass(slots=True)
class Skeleton:
    """The lines of a skeleton, those without a value as text, neighbours joined; the values or
    holes that they show, with the paths of the holes; and the words in it, among them every name
    that it uses.

    `checked` is set once a filling of it has been compiled.
    """

    lines: tuple[Line | str, ...]
    values: tuple[Any, ...]
    paths: tuple[tuple[str, str] | None, ...]
    words: frozenset[str]
    checked: bool = field(default=False)


def read_skeleton(text: str, marks: Marks, indent: int) -> Skeleton:
    """The skeleton in `text`, moved `indent` columns to the right.

    A line `name=<mark>,` is dropped where its value is absent.
    """
    values: list[Any] = []
    lines = (_line(line, marks, values, indent) for line in text.strip("\n").split("\n"))
    kept: list[Line | str] = []
    for line in lines:
        if isinstance(line, str) and kept and isinstance(kept[-1], str):
            kept[-1] += f"\n{line}"
        elif line is not None:
            kept.append(line)
    words = _WORD.findall(MARK.sub(" ", text))
    return Skeleton(tuple(kept), tuple(values), tuple(map(path, values)), frozenset(words))


def _line(text: str, marks: Marks, values: list[Any], indent: int) -> Line | str | None:
    """The line in `text`, its values added to `values`; None for one to be left out."""
    for pattern in (_ARGUMENT, _CONSTANT, _ALONE):
        if match := pattern.fullmatch(text):
            value = marks[int(match[3])]
            if value is not ABSENT:
                values.append(value)
                return Line(len(match[1]) + indent, match[2], (len(values) - 1,))
            if pattern is _ARGUMENT:
                return None
    stripped = text.lstrip(" ")
    parts = MARK.split(stripped)
    if len(parts) == 1:
        return " " * indent + text if text else ""
    first = len(values)
    values += (marks[int(number)] for number in parts[1::2])
    if any(value is ABSENT for value in values[first:]):
        line = MARK.sub("…", stripped)
        raise AbsentValueError(
            f"a parameter that is not given, in the line {line!r}: "
            "give it a line of its own (`name={{ params.name }},`), or ask whether it `is present`"
        )
    column = len(text) - len(stripped) + indent
    return Line(column, "", tuple(range(first, len(values))), tuple(parts[::2]))
