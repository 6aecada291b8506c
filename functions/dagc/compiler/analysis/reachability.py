"""Finds what can be reached step by step, such as all tasks that come after some."""

from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar

Node = TypeVar("Node")


def reachable(starts: Iterable[Node], steps: Mapping[Node, Collection[Node]]) -> set[Node]:
    """Returns all that `steps` lead to from `starts`, and these."""
    found = set(starts)
    waiting = list(found)
    while waiting:
        for node in steps.get(waiting.pop(), ()):
            if node not in found:
                found.add(node)
                waiting.append(node)
    return found
