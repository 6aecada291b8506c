"""What a template printed, read line by line: text, and slots that wait for their values."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from dagc.compiler.templating.placeholders import ABSENT, Names, resolved

SLOT = re.compile("\0([0-9]+)\0")

Slots = list[Any]
"""The value or placeholder of each slot that a rendering printed, by the number in the slot."""

# Lines of one slot: `    name=<slot>,`, `NAME = <slot>` and `    <slot>`. The groups are its
# indentation, its head, and the number of its slot.
_ARGUMENT = re.compile(r"( *)([A-Za-z_]\w*=)\0([0-9]+)\0,")
_CONSTANT = re.compile(r"()([A-Z_]+ = )\0([0-9]+)\0")
_ALONE = re.compile(r"( *)()\0([0-9]+)\0")

_WORD = re.compile(r"[A-Za-z_]\w*")


class AbsentValueError(ValueError):
    """A template prints an absent value where its line cannot be left out."""


class Line(NamedTuple):
    """A line with slots; `values` are their indices in the skeleton.

    Either `<head><slot>` (`name=<slot>,`, `NAME = <slot>`, or a slot alone, with an empty head), or
    a mixture: slots between `texts`.
    """

    indent: int
    head: str
    values: tuple[int, ...]
    texts: tuple[str, ...] = ()


@dataclass(slots=True)
class Skeleton:
    """The lines that a template printed, neighbours without a slot joined; what the slots in
    them hold; and the words in the lines, among them every name that they use.

    `arguments` maps the name in each line `name=<slot>,` to the index of the slot's value; a name
    with two such lines is not among them. `checked` is set once a filling of the skeleton has been
    compiled. `present` has its lines without those that are left out, by the indices of the values
    that are absent.
    """

    lines: tuple[Line | str, ...]
    slots: tuple[Any, ...]
    words: frozenset[str]
    checked: bool = False
    arguments: dict[str, int] = field(init=False)
    present: dict[tuple[int, ...], Sequence[Line | str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        lines = [line for line in self.lines if isinstance(line, Line) and line.head.endswith("=")]
        names = Counter(line.head for line in lines)
        self.arguments = {line.head[:-1]: line.values[0] for line in lines if names[line.head] == 1}

    def values(self, names: Names) -> list[Any]:
        """Returns the value of each slot, its placeholders resolved among `names`."""
        return resolved(self.slots, names)


def slot(number: int) -> str:
    """Returns what is printed in the place of the value with this number."""
    return f"\0{number}\0"


def read_skeleton(text: str, slots: Slots, indent: int) -> Skeleton:
    """Reads the skeleton in `text`, moved `indent` columns to the right.

    A line `name=<slot>,` is left out where its value is absent.
    """
    kept: Slots = []  # without what is absent
    lines: list[Line | str] = []
    for line in text.strip("\n").split("\n"):
        read = _line(line, slots, kept, indent)
        if isinstance(read, str) and lines and isinstance(lines[-1], str):
            lines[-1] += f"\n{read}"
        elif read is not None:
            lines.append(read)
    words = _WORD.findall(SLOT.sub(" ", text))
    return Skeleton(tuple(lines), tuple(kept), frozenset(words))


def _line(text: str, slots: Slots, kept: Slots, indent: int) -> Line | str | None:
    """Reads the line in `text`; None for one to be left out. Adds its slots to those `kept`."""
    for pattern in (_ARGUMENT, _CONSTANT, _ALONE):
        if match := pattern.fullmatch(text):
            value = slots[int(match[3])]
            if value is not ABSENT:
                kept.append(value)
                return Line(len(match[1]) + indent, match[2], (len(kept) - 1,))
            if pattern is _ARGUMENT:
                return None
    stripped = text.lstrip(" ")
    texts = SLOT.split(stripped)
    if len(texts) == 1:
        return " " * indent + text if text else ""
    values = [slots[int(number)] for number in texts[1::2]]
    if any(value is ABSENT for value in values):
        line = SLOT.sub("…", stripped)
        raise AbsentValueError(
            f"a parameter that is not given, in the line {line!r}: "
            "give it a line of its own (`name={{ params.name }},`), or ask whether it `is present`"
        )
    first = len(kept)
    kept += values
    column = len(text) - len(stripped) + indent
    return Line(column, "", tuple(range(first, len(kept))), tuple(texts[::2]))
