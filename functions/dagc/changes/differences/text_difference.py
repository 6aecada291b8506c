"""The lines in which two texts differ, as in a unified diff."""

import difflib
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

CONTEXT = 3
_SLACK = 3
"""Lines: so few more than are asked for are shown rather than counted."""

Entry = TypeVar("Entry")


class DiffLine(NamedTuple):
    """A line of a unified diff: its `sign` (`+`, `-`, a blank, or `@` for where a part begins), its
    text without it, and its number in either text, from 1 on.
    """

    sign: str
    text: str
    old: int | None = None
    new: int | None = None

    def __str__(self) -> str:
        return self.text if self.sign == "@" else f"{self.sign}{self.text}"


def text_difference(before: str, after: str, context: int = CONTEXT) -> tuple[DiffLine, ...]:
    """The difference of two texts. That of an empty text is all of the other one."""
    old, new = _lines(before), _lines(after)
    matcher = difflib.SequenceMatcher(None, old, new)
    found: list[DiffLine] = []
    for group in matcher.get_grouped_opcodes(context):
        found.append(_head(group))
        for what, first, end, new_first, new_end in group:
            if what == "equal":
                found += [
                    DiffLine(" ", old[place], place + 1, new_first + place - first + 1)
                    for place in range(first, end)
                ]
                continue
            found += [DiffLine("-", old[place], old=place + 1) for place in range(first, end)]
            found += [
                DiffLine("+", new[place], new=place + 1) for place in range(new_first, new_end)
            ]
    return tuple(found)


def _head(group: list[tuple[str, int, int, int, int]]) -> DiffLine:
    """The line above a part: where it begins in both texts, and how long it is."""
    _, old, _, new, _ = group[0]
    _, _, old_end, _, new_end = group[-1]
    sides = [(old, old_end - old), (new, new_end - new)]
    first, second = (f"{begin + bool(length)},{length}" for begin, length in sides)
    return DiffLine("@", f"@@ -{first} +{second} @@")


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


def folded(entries: Sequence[Entry], most: int | None) -> tuple[Sequence[Entry], int]:
    """The first `most` entries (None: all), and how many are left out."""
    if most is None or len(entries) <= most + _SLACK:
        return entries, 0
    return entries[:most], len(entries) - most
