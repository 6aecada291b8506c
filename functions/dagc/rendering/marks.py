"""Marks: what a template prints in the place of a value."""

import re

MARK = re.compile("\0([0-9]+)\0")


class Absent:
    """The value of an optional parameter that nobody gave. Its line of the file is left out."""

    def __bool__(self) -> bool:
        return False


ABSENT = Absent()


class Marks(list[object]):
    """The values that one rendering met, each at the index that its mark shows."""

    def add(self, value: object) -> str:
        """The mark of `value`."""
        self.append(value)
        return f"\0{len(self) - 1}\0"
