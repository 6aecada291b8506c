"""The few kinds of expression, beside plain literals, that a generated file holds.

A *value* is what the layouter (`layout.py`) prints: str, int, float, bool, None, list, dict with
str keys, `datetime.timedelta`, or one of the nodes below. Row data only ever is a plain value;
nodes are made by the compiler itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class RawSource:
    """Source text that the compiler made; printed as it stands."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """`function(positional, name=value)`."""

    function: str
    positional: tuple[Any, ...] = ()
    keywords: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Keywords:
    """`name=value,` lines, for a call that a template prints."""

    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entries:
    """`"name": value,` lines, for a dict that a template prints."""

    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NodeDict:
    """`{"name": value}`, whose values may be nodes: a plain dict holds none."""

    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ImportFrom:
    """`from module import name`."""

    module: str
    name: str


_NAMELESS = frozenset({str, bool, int, float, dict, RawSource, ImportFrom, type(None)})


def node_names(values: Iterable[Any]) -> set[str]:
    """The names that must be imported for the nodes among `values`.

    Nodes stand at the top or in one another, never in a dict: row data holds none.
    """
    nodes = [value for value in values if value.__class__ not in _NAMELESS]
    return set(_names(nodes)) if nodes else set()


def _names(nodes: Iterable[Any]) -> Iterator[str]:
    for value in nodes:
        if isinstance(value, timedelta):
            yield "timedelta"
        elif isinstance(value, Call):
            yield value.function.partition(".")[0]
            yield from node_names([*value.positional, *value.keywords.values()])
        elif isinstance(value, Keywords | Entries | NodeDict):
            yield from node_names(value.values.values())
        elif isinstance(value, list) and any(isinstance(it, Call | timedelta) for it in value):
            yield from node_names(value)
