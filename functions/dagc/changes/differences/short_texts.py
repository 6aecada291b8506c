"""Texts of any length in a few words."""

import difflib
import json
from itertools import takewhile

LONG = 60
"""Characters. Of a longer text, the part is shown in which it differs."""
_BEFORE = 20
"""Characters shown before the first that differs."""


def quoted(text: str) -> str:
    """A text in quotes: the beginning of its first line, if it is long."""
    first, *more = text.splitlines() or [""]
    return _part(first, 0) + " …" * bool(more)


def shortened(text: str) -> str:
    """The beginning of a text, without quotes."""
    return text if len(text) <= LONG else f"{text[:LONG]}…"


def text_change(old: str, new: str) -> str:
    """`"a" → "b"`; of long texts the part that differs; of lines, how many come and go."""
    if "\n" in old + new:
        return counted_lines(old, new)
    start = 0
    if max(len(old), len(new)) > LONG:
        start = max(0, _first_difference(old, new) - _BEFORE)
    return f"{_part(old, start)} → {_part(new, start)}"


def counted_lines(old: str, new: str) -> str:
    """How many lines are added and removed, such as `+3 −1 lines`."""
    first, second = old.splitlines(keepends=True), new.splitlines(keepends=True)
    matcher = difflib.SequenceMatcher(None, first, second)
    same = sum(block.size for block in matcher.get_matching_blocks())
    added, removed = len(second) - same, len(first) - same
    word = "line" if added + removed == 1 else "lines"
    return " ".join([*[f"+{added}"] * bool(added), *[f"−{removed}"] * bool(removed), word])


def _first_difference(old: str, new: str) -> int:
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))))


def _part(text: str, start: int) -> str:
    """At most `LONG` characters of a text from `start` on, in quotes."""
    end = start + LONG
    left, right = "…" * (start > 0), "…" * (end < len(text))
    return json.dumps(f"{left}{text[start:end]}{right}", ensure_ascii=False)
