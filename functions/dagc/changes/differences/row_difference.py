"""What differs in a row: attribute by attribute, and inside JSON path by path."""

import difflib
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from dagc.aws.row_writes import differing
from dagc.changes.differences.aligned_lists import aligned, content
from dagc.changes.differences.short_texts import quoted, shortened, text_change
from dagc.changes.row_change import RowChange
from dagc.compiler import KEYS, Item, JsonPath, json_path

_CONTEXT = 2
"""Lines shown around those that differ."""
_NONE: Any = object()
"""Stands for a value that is not there."""


class ValueChange(NamedTuple):
    """A value that differs: the attribute, the path inside its JSON as in diagnostics ("" for all
    of it), and what becomes of it in `words`. A text of several lines also has its difference as
    `lines` of a unified diff.
    """

    attribute: str
    path: str
    words: str
    lines: tuple[str, ...] = ()


def row_name(item: Item) -> str:
    """What people call a row: its task, job or schedule name; "" for none."""
    for name in ("task_name", "job_name", "schedule_name"):
        if isinstance(item.get(name), str):
            return str(item[name])
    return ""


def row_difference(change: RowChange) -> tuple[ValueChange, ...]:
    """What differs in a row. A new row has its attributes but for its key, a deleted one what
    named it: name and type.
    """
    row, before, after = change
    if after is None:
        named = before or {}
        names = [name for name in named if name.endswith(("_name", "task_type"))]
        return tuple(ValueChange(name, "", shown_value(named[name])) for name in names)
    if before is None:
        shown = [name for name in after if name not in KEYS[row.table]]
        return tuple(_new_value(name, after[name]) for name in shown)
    return tuple(
        found
        for name in differing(row, before, after)
        for found in _of_attribute(name, before.get(name, _NONE), after.get(name, _NONE))
    )


def _new_value(name: str, value: Any) -> ValueChange:
    lines = value.splitlines() if isinstance(value, str) and "\n" in value else []
    return ValueChange(name, "", shown_value(value), tuple(f"+{line}" for line in lines))


def _of_attribute(name: str, old: Any, new: Any) -> tuple[ValueChange, ...]:
    try:
        found = tuple(_attribute(name, old, new))
    except RecursionError:  # JSON deeper than any row may have it
        found = (_changed(name, (), old, new),)
    return found or (ValueChange(name, "", "its elements in another order"),)


def _attribute(name: str, old: Any, new: Any) -> Iterator[ValueChange]:
    """What differs in an attribute: inside its JSON where both have one, a text or data."""
    first, second = _unfolded(old), _unfolded(new)
    if not (isinstance(first, dict | list) and type(first) is type(second)):
        yield _changed(name, (), old, new)
        return
    if isinstance(old, str) is not isinstance(new, str):
        forms = ["a JSON text" if isinstance(side, str) else _kind(side) for side in (old, new)]
        yield ValueChange(name, "", f"{forms[0]} → {forms[1]}")
    elif content(first) == content(second):
        yield ValueChange(name, "", "only the form of the JSON text")
    for path, one, other in _differences((), first, second):
        yield _changed(name, path, one, other)


def _unfolded(value: Any) -> Any:
    """What a JSON text of a map or a list holds; another value itself."""
    if isinstance(value, str) and value.lstrip().startswith(("{", "[")):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def _differences(path: JsonPath, old: Any, new: Any) -> Iterator[tuple[JsonPath, Any, Any]]:
    """The innermost values that differ, and their paths in the later value; of one that is gone,
    in the earlier.
    """
    if content(old) == content(new):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*new, *(key for key in old if key not in new)]:
            yield from _differences((*path, key), old.get(key, _NONE), new.get(key, _NONE))
    elif isinstance(old, list) and isinstance(new, list):
        for before, after in aligned(old, new):
            if after is None and before is not None:
                yield (*path, before), old[before], _NONE
            elif after is not None:
                one = _NONE if before is None else old[before]
                yield from _differences((*path, after), one, new[after])
    else:
        yield path, old, new


def _changed(name: str, path: JsonPath, old: Any, new: Any) -> ValueChange:
    at = json_path(path)
    if old is _NONE:
        return _new_value(name, new)._replace(path=at, words=f"{shown_value(new)} is new")
    if new is _NONE:
        return ValueChange(name, at, f"{shown_value(old)} is removed")
    if isinstance(old, str) and isinstance(new, str):
        lines = _unified(old, new) if "\n" in old + new else ()
        return ValueChange(name, at, text_change(old, new), lines)
    words = f"{shown_value(old)} → {shown_value(new)}"
    if _kind(old) != _kind(new) and None not in (old, new):
        words += f" ({_kind(old)} → {_kind(new)})"
    return ValueChange(name, at, words)


def _unified(old: str, new: str) -> tuple[str, ...]:
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), n=_CONTEXT, lineterm="")
    return tuple(lines)[2:]


def shown_value(value: Any) -> str:
    """A value in a few words."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, frozenset | set):
        return shortened(f"set of {', '.join(sorted(map(shown_value, value)))}")
    if isinstance(value, Decimal):
        return str(value)
    return shortened(json.dumps(value, ensure_ascii=False, default=shown_value))


def _kind(value: Any) -> str:
    """What DynamoDB calls the type of a value, for people."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float | Decimal):
        return "number"
    kinds: Mapping[type, str] = {str: "text", list: "list", dict: "map", bytes: "binary"}
    return kinds.get(type(value), "set" if isinstance(value, frozenset | set) else "null")
