"""Reads `timetables` of defaults.yaml: the classes that schedulers may be started by, by the names
that rows have for them.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from dagc.compiler.diagnostics import JsonPath, Problem
from dagc.compiler.schema.checks import compile_check

TIMETABLES = "timetables"
_PATH = {"type": "string", "format": "import-path"}

_check_path = compile_check(_PATH, TIMETABLES)
_check_call = compile_check(
    {
        "type": ["string", "object"],
        "properties": {
            "class": _PATH,
            "arguments": {"type": "object", "format": "identifier-keys"},
        },
        "required": ["class"],
        "additionalProperties": False,
    },
    TIMETABLES,
)
_check_names = compile_check({"type": "object"}, TIMETABLES)


class DeclaredTimetable(NamedTuple):
    """A class, by its import path, and the arguments that it is called with."""

    path: str
    arguments: Mapping[str, Any]


def read_timetables(given: Any, problems: list[Problem]) -> dict[str, DeclaredTimetable]:
    """Reads what one section of the defaults declares; adds what is wrong in it to `problems`."""
    declared = _check_names(given or {}, (TIMETABLES,), problems) or {}
    read = {name: _read(entry, (TIMETABLES, name), problems) for name, entry in declared.items()}
    return {name: timetable for name, timetable in read.items() if timetable is not None}


def _read(entry: Any, path: JsonPath, problems: list[Problem]) -> DeclaredTimetable | None:
    before = len(problems)
    if isinstance(entry, str):
        called = {"class": _check_path(entry, path, problems)}
    else:
        called = _check_call(entry, path, problems)
    if len(problems) > before:
        return None
    return DeclaredTimetable(called["class"], called.get("arguments") or {})
