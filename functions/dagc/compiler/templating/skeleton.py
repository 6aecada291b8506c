"""What a template printed, read line by line: text, and slots that wait for their values."""

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from dagc.compiler.templating.placeholders import ABSENT, Names, path, resolve

SLOT = re.compile("\0([0-9]+)\0")

Slots = list[Any]
"""The value or placeholder of each slot that a rendering printed, by the number in the slot."""

_ARGUMENT = re.compile(r"( *)([A-Za-z_]\w*=)\0([0-9]+)\0,")
_CONSTANT = re.compile(r"()([A-Z_]+ = )\0([0-9]+)\0")
_ALONE = re.compile(r"( *)()\0([0-9]+)\0")
_WORD = re.compile(r"[A-Za-z_]\w*")


class AbsentValueError(ValueError):
    """A template prints an absent value where its line cannot be left out."""


class Line(NamedTuple):
    """A line with slots; `values` are their indices in the skeleton's.

    Either `<head><slot>` (`name=<slot>,`, `NAME = <slot>`, or a slot alone, with an empty head), or
    a mixture: slots between `texts`.
    """

    indent: int
    head: str
    values: tuple[int, ...]
    texts: tuple[str, ...] = ()


@dataclass(slots=True)
class Skeleton:
    """The lines that a template printed, neighbours without a slot joined; the values or
    placeholders of their slots; and the words in them, among them every name that they use.

    `checked` is set once a filling of the skeleton has been compiled.
    """

    lines: tuple[Line | str, ...]
    slots: tuple[Any, ...]
    words: frozenset[str]
    checked: bool = field(default=False)
    _paths: tuple[tuple[str, str] | None, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._paths = tuple(map(path, self.slots))

    def values(self, names: Names) -> list[Any]:
        """The value of each slot, its placeholders resolved among `names`."""
        return [
            names[path[0]][path[1]] if path else resolve(slot, names)
            for slot, path in zip(self.slots, self._paths, strict=True)
        ]


def slot(number: int) -> str:
    """What is printed in the place of the value with this number."""
    return f"\0{number}\0"


def read_skeleton(text: str, slots: Slots, indent: int) -> Skeleton:
    """The skeleton in `text`, moved `indent` columns to the right.

    A line `name=<slot>,` is left out where its value is absent.
    """
    used: list[Any] = []
    lines: list[Line | str] = []
    for line in text.strip("\n").split("\n"):
        read = _line(line, slots, used, indent)
        if isinstance(read, str) and lines and isinstance(lines[-1], str):
            lines[-1] += f"\n{read}"
        elif read is not None:
            lines.append(read)
    words = _WORD.findall(SLOT.sub(" ", text))
    return Skeleton(tuple(lines), tuple(used), frozenset(words))


def _line(text: str, slots: Slots, used: list[Any], indent: int) -> Line | str | None:
    """The line in `text`, what its slots hold added to `used`; None for one to be left out."""
    for pattern in (_ARGUMENT, _CONSTANT, _ALONE):
        if match := pattern.fullmatch(text):
            value = slots[int(match[3])]
            if value is not ABSENT:
                used.append(value)
                return Line(len(match[1]) + indent, match[2], (len(used) - 1,))
            if pattern is _ARGUMENT:
                return None
    stripped = text.lstrip(" ")
    parts = SLOT.split(stripped)
    if len(parts) == 1:
        return " " * indent + text if text else ""
    first = len(used)
    used += (slots[int(number)] for number in parts[1::2])
    if any(value is ABSENT for value in used[first:]):
        line = SLOT.sub("…", stripped)
        raise AbsentValueError(
            f"a parameter that is not given, in the line {line!r}: "
            "give it a line of its own (`name={{ params.name }},`), or ask whether it `is present`"
        )
    column = len(text) - len(stripped) + indent
    return Line(column, "", tuple(range(first, len(used))), tuple(parts[::2]))
