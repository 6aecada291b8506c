"""Names and numbers in a sentence."""

from collections.abc import Sequence

_SHOWN = 3


def some(names: Sequence[str]) -> str:
    """`a, b and c`; of many, some and how many more there are."""
    if len(names) > _SHOWN + 1:
        return f"{', '.join(names[:_SHOWN])} and {len(names) - _SHOWN} more"
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def counted(number: int, thing: str) -> str:
    """`1 task`, `2 tasks`."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
