"""How a value of a DAG file is shown to people, in a few words."""

import ast

from dagc.changes.differences.short_texts import quoted, shortened, text_change
from dagc.changes.kinds.canonical_tree import duration, last_name

NOT_SET = "(not set)"
_LENGTHS = (("d", 86400), ("h", 3600), ("m", 60), ("s", 1))


def shown_change(before: ast.expr | None, after: ast.expr | None) -> str:
    """`a → b`; of a text of several lines, how many come and go."""
    match before, after:
        case ast.Constant(str(old)), ast.Constant(str(new)):
            return text_change(old, new)
    return f"{shown(before)} → {shown(after)}"


def shown(node: ast.expr | None) -> str:
    """A value: durations, dates and timetables as rows have them, the rest as the file has it."""
    if node is None:
        return NOT_SET
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return quoted(node.value)
    if (length := duration(node)) is not None:
        return _shown_length(length.total_seconds())
    if isinstance(node, ast.Call):
        known = _shown_call(last_name(node.func), node)
        if known is not None:
            return known
    return shortened(ast.unparse(node))


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
        case "MultipleCronTriggerTimetable", _, [str(), *_]:
            return " and ".join(map(str, values))
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
