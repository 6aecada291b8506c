"""How a value of a DAG file is shown to people, in a few words."""

import ast
import difflib
import json
from itertools import takewhile

from dagc.changes.canonical_tree import duration, last_name

NOT_SET = "(not set)"
_LONG = 60
"""Characters. Of a longer text, the part is shown in which it differs."""
_BEFORE = 20
"""Characters shown before the first that differs."""
_LENGTHS = (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))


def shown_change(before: ast.expr | None, after: ast.expr | None) -> str:
    """`a → b`; of a text of several lines, how many come and go."""
    old, new = _text(before), _text(after)
    if old is not None and new is not None:
        if "\n" in old + new:
            return counted_lines(old, new)
        if max(len(old), len(new)) > _LONG:
            start = max(0, _first_difference(old, new) - _BEFORE)
            return f"{_part(old, start)} → {_part(new, start)}"
    return f"{shown(before)} → {shown(after)}"


def counted_lines(old: str, new: str) -> str:
    """How many lines are added and removed, such as `+3 −1 lines`."""
    lines = list(difflib.ndiff(old.splitlines(keepends=True), new.splitlines(keepends=True)))
    added, removed = (sum(line.startswith(sign) for line in lines) for sign in "+-")
    word = "line" if added + removed == 1 else "lines"
    return " ".join([*[f"+{added}"] * bool(added), *[f"−{removed}"] * bool(removed), word])


def shown(node: ast.expr | None) -> str:
    """A value: durations, dates and timetables as rows have them, the rest as the file has it."""
    if node is None:
        return NOT_SET
    if (text := _text(node)) is not None:
        first, *more = text.splitlines() or [""]
        return f"{_part(first, 0)} …" if more else _part(text, 0)
    if (length := duration(node)) is not None:
        return _shown_length(length.total_seconds())
    if isinstance(node, ast.Call):
        known = _shown_call(last_name(node.func), node)
        if known is not None:
            return known
    return _short(ast.unparse(node))


def _shown_call(name: str, call: ast.Call) -> str | None:
    values = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
    options = {
        keyword.arg: keyword.value.value
        for keyword in call.keywords
        if isinstance(keyword.value, ast.Constant)
    }
    match name, call.args, values:
        case "CronDataIntervalTimetable", _, [str(cron)]:
            return cron
        case "DeltaDataIntervalTimetable", [length], _:
            return f"every {shown(length)}"
        case "datetime", _, [int(year), int(month), int(day), *time] if all(
            isinstance(part, int) for part in time
        ):
            clock = ":".join(f"{part!s:0>2}" for part in time[:3])
            clock += f".{time[3]!s:0>6}" if len(time) > 3 else ""
            words = [f"{year}-{month:02}-{day:02}", clock, str(options.get("tz", ""))]
            return " ".join(filter(None, words))
    return None


def _shown_length(seconds: float) -> str:
    for unit, size in _LENGTHS:
        if seconds and seconds % size == 0:
            return f"{seconds / size:g}{unit}"
    return f"{seconds:g}s"


def _text(node: ast.expr | None) -> str | None:
    """The text that a value is; lines, where it is a list of texts."""
    match node:
        case ast.Constant(str(text)):
            return text
    return None


def _first_difference(old: str, new: str) -> int:
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))))


def _part(text: str, start: int) -> str:
    """At most `_LONG` characters of a text from `start` on, in quotes."""
    end = start + _LONG
    left, right = "…" * (start > 0), "…" * (end < len(text))
    return json.dumps(f"{left}{text[start:end]}{right}", ensure_ascii=False)


def _short(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"
