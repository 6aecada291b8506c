"""The few kinds of expression, beside plain literals, that a generated file holds.

A *value* is what the layouter (`layout.py`) prints: str, int, float, bool, None, list, dict with
str keys, `datetime.timedelta`, or one of the nodes below. Row data only ever is a plain value;
nodes are made by the compiler itself.
"""

from collections.abc import Iterable, Mapping
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
_HOLDERS = frozenset({Keywords, Entries, NodeDict})


def node_names(values: Iterable[Any]) -> set[str]:
    """The names that must be imported for the nodes among `values`.

    Nodes stand at the top or in one another, never in a dict: row data holds none.
    """
    names: set[str] = set()
    _add_names(values, names)
    return names


def _add_names(values: Iterable[Any], names: set[str]) -> None:
    for value in values:
        kind = value.__class__
        if kind in _NAMELESS:
            continue
        if kind is list or kind in _HOLDERS:
            entries = value if kind is list else value.values.values()
            if not _NAMELESS.issuperset(map(type, entries)):
                _add_names(entries, names)
        elif kind is Call:
            names.add(value.function.partition(".")[0])
            _add_names([*value.positional, *value.keywords.values()], names)
        elif isinstance(value, timedelta):
            names.add("timedelta")
