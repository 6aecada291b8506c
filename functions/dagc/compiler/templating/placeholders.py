"""Marks: what a template prints in the place of a value."""

import re
from typing import Any

MARK = re.compile("\0([0-9]+)\0")

Marks = list[Any]
"""The values, or holes, that one rendering met, each at the index that its mark shows."""


class Absent:
    """The value of an optional parameter that nobody gave. Its line of the file is left out."""

    def __bool__(self) -> bool:
        return False


ABSENT = Absent()


def mark(index: int) -> str:
    """The text that stands for the value at `index`."""
    return f"\0{index}\0"
