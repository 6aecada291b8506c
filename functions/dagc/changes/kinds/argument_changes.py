"""Which arguments of a call differ, path by path."""

import ast
from collections.abc import Iterator
from itertools import zip_longest
from typing import NamedTuple

from dagc.changes.differences.short_texts import counted_lines
from dagc.changes.kinds.canonical_tree import last_name, same
from dagc.changes.kinds.file_reading import Arguments
from dagc.changes.kinds.shown_values import shown, shown_change

TIMETABLES = frozenset({"schedule", "schedule_interval", "timetable"})


_OF_CRONS = frozenset({"CronDataIntervalTimetable", "MultipleCronTriggerTimetable"})


class ArgumentChange(NamedTuple):
    """An argument that differs: its name, the path to what differs in it (`conf.region`, the name
    itself for the whole), and what becomes of that in words.
    """

    name: str
    path: str
    words: str


def argument_changes(before: Arguments, after: Arguments) -> Iterator[ArgumentChange]:
    """The arguments that differ, in the order of the later call; both in canonical form."""
    for name in [*after, *(name for name in before if name not in after)]:
        for path, old, new in _differences(name, before.get(name), after.get(name)):
            if name in TIMETABLES:
                yield from _timetable_changes(name, old, new)
            else:
                yield ArgumentChange(name, path, _words(old, new))


def _words(old: ast.expr | None, new: ast.expr | None) -> str:
    first, second = _texts(old), _texts(new)
    if any("\n" in text for text in first + second) and first and second:
        return counted_lines("\n".join(first), "\n".join(second))
    return shown_change(old, new)


def _texts(node: ast.expr | None) -> list[str]:
    """The texts of a list, such as statements of SQL; none where it holds something else, too."""
    if not isinstance(node, ast.List):
        return []
    values = [entry.value for entry in node.elts if isinstance(entry, ast.Constant)]
    texts = [value for value in values if isinstance(value, str)]
    return texts if len(texts) == len(node.elts) else []


def _differences(
    path: str, old: ast.expr | None, new: ast.expr | None
) -> Iterator[tuple[str, ast.expr | None, ast.expr | None]]:
    """The innermost values that differ: inside maps by key, inside lists of one length by place."""
    if same(old, new):
        return
    if isinstance(old, ast.Dict) and isinstance(new, ast.Dict):
        first, second = _entries(old), _entries(new)
        if first is not None and second is not None:
            for key in sorted(first.keys() | second.keys()):
                yield from _differences(f"{path}.{key}", first.get(key), second.get(key))
            return
    if isinstance(old, ast.List) and isinstance(new, ast.List) and len(old.elts) == len(new.elts):
        for place, pair in enumerate(zip_longest(old.elts, new.elts)):
            yield from _differences(f"{path}[{place}]", *pair)
        return
    yield path, old, new


def _entries(node: ast.Dict) -> dict[str, ast.expr] | None:
    """The entries of a map whose keys are texts that differ; None for another."""
    keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
    texts = [key for key in keys if isinstance(key, str)]
    if len(texts) < len(node.values) or len(set(texts)) < len(texts):
        return None
    return dict(zip(texts, node.values, strict=True))


def _timetable_changes(
    name: str, old: ast.expr | None, new: ast.expr | None
) -> Iterator[ArgumentChange]:
    """When it runs, and the zone of a cron text by itself."""
    zones = _zone(old), _zone(new)
    texts = shown_schedule(old), shown_schedule(new)
    if all(zones) and zones[0] != zones[1]:
        yield ArgumentChange("timezone", "timezone", " → ".join(zones))
        if texts[0] == texts[1]:
            return
    if texts[0] == texts[1]:
        texts = _written(old), _written(new)
    yield ArgumentChange(name, "schedule", " → ".join(texts))


def shown_schedule(node: ast.expr | None) -> str:
    """A schedule as a row has it."""
    if node is None or isinstance(node, ast.Constant):
        return "None" if node is None or node.value is None else str(node.value)
    return shown(node)


def _written(node: ast.expr | None) -> str:
    return "None" if node is None else ast.unparse(node)


def _zone(node: ast.expr | None) -> str:
    if isinstance(node, ast.Call) and last_name(node.func) in _OF_CRONS:
        for keyword in node.keywords:
            if keyword.arg == "timezone" and isinstance(keyword.value, ast.Constant):
                return str(keyword.value.value)
    return ""
