"""What a schema reports: a problem for each kind of mistake."""

from collections.abc import Iterable, Sequence
from typing import Any

from dagc.compiler.diagnostics import Code, JsonPath, Problem, did_you_mean
from dagc.compiler.schema.formats import Mistake
from dagc.compiler.schema.json_values import kind_of, number_problem

_KINDS = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}
_BOUNDS = {
    "minimum": (Code.BAD_VALUE, "Write {} or more."),
    "maximum": (Code.BAD_VALUE, "Write {} or less."),
    "minLength": (Code.BAD_VALUE, "Write at least {} characters."),
    "maxLength": (Code.TOO_LARGE, "Write at most {} characters."),
    "maxBytes": (Code.TOO_LARGE, "Write at most {} bytes (UTF-8)."),
    "minItems": (Code.BAD_VALUE, "Write at least {}."),
    "maxItems": (Code.TOO_LARGE, "Write at most {}."),
}


def wrong_type(value: Any, kinds: Sequence[str], path: JsonPath) -> Problem:
    """The problem of a value whose type is none of `kinds`, in JSON Schema's words."""
    if problem := number_problem(value, path):
        return problem
    wanted = [name for name in kinds if name != "integer" or "number" not in kinds]
    expected = " or ".join(_KINDS[name] for name in wanted)
    quotes = ", without quotes" if isinstance(value, str) and "array" not in kinds else ""
    given = repr(value) if isinstance(value, float) and "number" not in kinds else kind_of(value)
    message = f"{given} instead of {expected}"
    return Problem(Code.BAD_TYPE, message, f"Write {expected}{quotes}.", path)


def unknown_value(value: Any, known: Sequence[Any], path: JsonPath) -> Problem:
    """The problem of a value that is not one of `known`."""
    hint = did_you_mean(value, known) if isinstance(value, str) else f"Known: {known}."
    return Problem(Code.BAD_VALUE, f"{value!r} is not one of the known values", hint, path)


def wrong_format(mistake: Mistake, path: JsonPath) -> Problem:
    """The problem of a value in which a format found a mistake."""
    return Problem(mistake.code, mistake.message, mistake.hint, path)


def out_of_bounds(value: Any, keyword: str, limit: Any, path: JsonPath) -> Problem:
    """The problem of a `value` beyond the `limit` that `keyword` sets."""
    code, hint = _BOUNDS[keyword]
    if value in ("", []) and limit == 1:
        message, hint = f"{kind_of(value)} with nothing in it", "Fill it, or leave it out."
    elif isinstance(value, str) and keyword != "maxBytes":
        message = f"a text of {len(value):,} characters"
    elif isinstance(value, str):
        message = f"a text of {len(value.encode(errors='replace')):,} bytes"
    elif isinstance(value, list):
        message = f"a list of {len(value):,}"
    else:
        message = f"{value} is out of bounds"
    return Problem(code, message, hint.format(limit), path)


def pattern_mismatch(value: str, expected: str, path: JsonPath) -> Problem:
    """The problem of a text that does not match the regular expression `expected`."""
    message = f"{value[:60]!r} has another form"
    return Problem(Code.BAD_VALUE, message, f"It must match {expected}", path)


def unknown_key(name: str, known: Iterable[str], path: JsonPath) -> Problem:
    """The problem of a key that the schema does not know."""
    message = f"unknown key {name!r}"
    return Problem(Code.UNKNOWN_KEY, message, did_you_mean(name, known), (*path, name))


def missing_key(name: str, path: JsonPath) -> Problem:
    """The problem of a key that is required and not there."""
    return Problem(Code.MISSING_PARAMETER, f"{name!r} is missing", f"Add {name!r} here.", path)
