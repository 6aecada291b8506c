"""Which element of a list is which of another one."""

import difflib
import json
from collections.abc import Iterator, Sequence
from typing import Any

_IDS = ("task_id", "job_id", "name", "id", "key")
"""Keys that name an element, if each element has its own."""
_MOST = 500
"""Elements; longer lists are compared place by place: aligning them would take long."""

Pair = tuple[int | None, int | None]
"""The places of an element before and after; None where it is not."""


def aligned(old: Sequence[Any], new: Sequence[Any]) -> Iterator[Pair]:
    """The elements of both lists, in the order of the later one; those that are gone where they
    stood. An element that stays, or changes in the same place, has two places.
    """
    marks = _marks(old, new)
    if marks is None:
        yield from _by_content(old, new)
        return
    places = {mark: place for place, mark in enumerate(marks[0])}
    gone = set(marks[0]) - set(marks[1])
    yield from ((places[mark], None) for mark in marks[0] if mark in gone)
    yield from ((places.get(mark), place) for place, mark in enumerate(marks[1]))


def _marks(old: Sequence[Any], new: Sequence[Any]) -> tuple[list[str], list[str]] | None:
    """What names each element, if something does."""
    for names in [(name,) for name in _IDS] + [("task_id", "pid"), ("job_id", "pid")]:
        sides = [_named(side, names) for side in (old, new)]
        if all(sides) and all(len(set(side)) == len(side) for side in sides):
            return sides[0], sides[1]
    return None


def _named(elements: Sequence[Any], names: Sequence[str]) -> list[str]:
    """The values of `names` in each element; none where one has them not."""
    if not all(isinstance(it, dict) and names[0] in it for it in elements):
        return []
    return [content([it.get(name) for name in names]) for it in elements]


def _by_content(old: Sequence[Any], new: Sequence[Any]) -> Iterator[Pair]:
    first, second = [content(it) for it in old], [content(it) for it in new]
    if max(len(old), len(new)) > _MOST:
        places = range(max(len(old), len(new)))
        for place in places:
            yield place if place < len(old) else None, place if place < len(new) else None
        return
    matcher = difflib.SequenceMatcher(None, first, second, autojunk=False)
    for _, begin, end, new_begin, new_end in matcher.get_opcodes():
        both = min(end - begin, new_end - new_begin)
        yield from ((begin + step, new_begin + step) for step in range(both))
        yield from ((place, None) for place in range(begin + both, end))
        yield from ((None, place) for place in range(new_begin + both, new_end))


def content(value: Any) -> str:
    """A value as a text that differs wherever the value does, its type among it."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=_other)


def _other(value: Any) -> Any:
    """What JSON has not: a set in order, the rest as Python writes it."""
    if isinstance(value, frozenset | set):
        return ["set", *sorted(map(content, value))]
    return [type(value).__name__, str(value)]
