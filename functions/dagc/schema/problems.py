"""How the mistakes that a schema finds are told."""

from collections.abc import Iterable, Sequence
from typing import Any

from dagc.diagnostics import Code, Problem, did_you_mean
from dagc.schema.formats import Mistake
from dagc.schema.json_values import Path, kind_of, number_problem

_KINDS = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object",
    "array": "a list",
}
_BOUNDS = {
    "minimum": (Code.BAD_VALUE, "less than {}"),
    "maximum": (Code.BAD_VALUE, "more than {}"),
    "minLength": (Code.BAD_VALUE, "shorter than {} characters"),
    "maxLength": (Code.TOO_LARGE, "longer than {} bytes"),
    "minItems": (Code.BAD_VALUE, "fewer than {} items"),
    "maxItems": (Code.TOO_LARGE, "more than {} items"),
}


def kind(value: Any, kinds: Sequence[str], path: Path) -> Problem:
    """A value of another type than the `kinds` of JSON Schema."""
    if problem := number_problem(value, path):
        return problem
    expected = " or ".join(_KINDS[name] for name in kinds)
    quotes = ", without quotes" if isinstance(value, str) and "array" not in kinds else ""
    message = f"{kind_of(value)} instead of {expected}"
    return Problem(Code.BAD_TYPE, message, f"Write {expected}{quotes}.", path)


def choice(value: Any, known: Sequence[Any], path: Path) -> Problem:
    """A value that is not one of `known`."""
    hint = did_you_mean(value, known) if isinstance(value, str) else f"Known: {known}."
    return Problem(Code.BAD_VALUE, f"{value!r} is not one of the known values", hint, path)


def form(mistake: Mistake, path: Path) -> Problem:
    """A text that has not its format."""
    return Problem(Code.BAD_VALUE, mistake.message, mistake.hint, path)


def bound(keyword: str, limit: Any, path: Path) -> Problem:
    """A value beyond the `limit` that `keyword` sets."""
    code, words = _BOUNDS[keyword]
    return Problem(code, words.format(limit), f"{keyword} is {limit}.", path)


def pattern(value: str, expected: str, path: Path) -> Problem:
    """A text that does not match the regular expression `expected`."""
    message = f"{value[:60]!r} has another form"
    return Problem(Code.BAD_VALUE, message, f"It must match {expected}", path)


def key(name: str, known: Iterable[str], path: Path) -> Problem:
    """A key that the schema does not know."""
    message = f"unknown key {name!r}"
    return Problem(Code.UNKNOWN_KEY, message, did_you_mean(name, known), (*path, name))


def lack(name: str, path: Path) -> Problem:
    """A key that must be there."""
    return Problem(Code.MISSING_PARAMETER, f"{name!r} is missing", f"Add {name!r} here.", path)
