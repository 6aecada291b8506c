"""Objects that are nearly `{"from": "7", "key": "rows"}`, by a slip of the pen."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from dagc.compiler.diagnostics import JsonPath, Problem, Severity, nearest
from dagc.compiler.schema.messages import unknown_key, wrong_type
from dagc.compiler.schema.task_results import Result, Schema, entries_inside, read_result

_FROM, _KEY = _KEYS = ("from", "key")
_SIMILAR = 0.6
"""How alike a name and `key` must be, as `nearest` counts, for an object that may be data."""


def result_problems(value: Any, path: JsonPath) -> list[Problem]:
    """Returns what is wrong with a `value` at `path` where no object can stand but a result;
    nothing if it is one, or has no `from`.
    """
    if not isinstance(value, dict) or _FROM not in value or read_result(value):
        return []
    others = [name for name in value if name not in _KEYS]
    problems = [unknown_key(name, _KEYS, value, path) for name in others]
    if len(others) == 1 and _KEY not in value:
        problems = [problems[0].proposing_key(_KEY)]
    if read_result({_FROM: value[_FROM]}) is None:
        problem = wrong_type(value[_FROM], ["string"], (*path, _FROM))
        problems.append(replace(problem, hint="Write the task_id of a task."))
    key = value.get(_KEY, "")
    if not isinstance(key, str):
        problem = wrong_type(key, ["string"], (*path, _KEY))
        is_number = isinstance(key, int) and not isinstance(key, bool)
        problems.append(problem.proposing(str(key)) if is_number else problem)
    return problems


def slips_inside(schema: Schema, value: Any) -> Iterator[tuple[Result, Any, Problem]]:
    """Returns the entries of a `value` of `schema` that stay data, and were probably meant as
    results: the result, the entry, and a warning whose path begins with its key or index.

    Data may have a `from`, too. So beside it there is nothing but a `key` that is no text, or
    something that is called nearly so; and whoever asks knows whether the task is there.
    """
    for step, entry in entries_inside(schema, value):
        result = read_result({_FROM: entry[_FROM]}) if _is_slip(entry) else None
        if result is None:
            continue
        for problem in result_problems(entry, (step,)):
            message = f"{problem.message}: the object stays as it is"
            yield result, entry, replace(problem, message=message, severity=Severity.WARNING)


def _is_slip(value: Any) -> bool:
    if not isinstance(value, dict) or _FROM not in value or len(value) != len(_KEYS):
        return False
    [other] = [name for name in value if name != _FROM]
    is_like_key = other.lower().startswith(_KEY[0]) or nearest(other, [_KEY], _SIMILAR) is not None
    return read_result(value) is None and is_like_key
