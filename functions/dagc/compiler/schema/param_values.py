"""Checks the value of a param against its schema, as Airflow does when a run begins.

Airflow uses the library jsonschema (draft 2020-12, with its checks of formats). Of its words, dagc
takes the few that Airflow's form knows (`rows/param_schemas.py`), and they need no library: the
package that Lambda loads stays small. A test compares both.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from dagc.compiler.diagnostics import Code, JsonPath, Problem, known_words, nearest
from dagc.compiler.schema.formats import Mistake
from dagc.compiler.schema.messages import (
    missing_key,
    out_of_bounds,
    pattern_mismatch,
    unknown_key,
    unknown_value,
    wrong_type,
)
from dagc.compiler.schema.rendered_values import RenderedText, RenderedValue

Words = Mapping[str, Any]
"""What is said of a value, in JSON Schema's words."""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_IS: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: _is_number(value) and value == int(value),
    "number": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "null": lambda value: value is None,
}
TYPES = tuple(_IS)
"""What a value may be, in JSON Schema's words."""

_BOUNDS: Mapping[str, tuple[str, Callable[[Any, Any], bool]]] = {
    "minimum": ("number", lambda value, bound: value < bound),
    "maximum": ("number", lambda value, bound: value > bound),
    "minLength": ("string", lambda value, bound: len(value) < bound),
    "maxLength": ("string", lambda value, bound: len(value) > bound),
    "minItems": ("array", lambda value, bound: len(value) < bound),
    "maxItems": ("array", lambda value, bound: len(value) > bound),
}
"""By word: the kind of value that it speaks of, and whether one is out of the bound."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(rf"{_DATE.pattern}T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_TIME = re.compile(r"(?:[01]?\d|2[0-3]):[0-5]?\d:(?:[0-5]?\d|6[01])", re.ASCII)

FORMATS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "date": (lambda text: _is_read(date, _DATE, text), "2024-01-31"),
    "date-time": (lambda text: _is_read(datetime, _MOMENT, text), "2024-01-31T06:00:00+00:00"),
    "time": (lambda text: bool(_TIME.fullmatch(text)), "06:00:00"),
    "email": (lambda text: "@" in text, "ann@example.com"),
    "multiline": (lambda _text: True, ""),
}
"""By name: whether a text has the format, and an example. They are those of jsonschema that
Airflow's form has a field for; `date-time` needs an offset, as the form gives it.
"""

_REPEAT = re.compile(r"[*+?]|\{\d*,\d*\}")
_REPEATED_GROUP = re.compile(r"\)[*+?{]")
_FEW_REPEATS = 3
_SHORT = 100


def param_type(value: str | list[str]) -> Any:
    """Reads what a param may be: one of JSON Schema's types, or a list of them."""
    unknown = [kind for kind in ([value] if isinstance(value, str) else value) if kind not in _IS]
    if not unknown:
        return value
    near = nearest(unknown[0], TYPES)
    meant = (
        [near if kind == unknown[0] else kind for kind in value] if value != unknown[0] else near
    )
    return Mistake(
        f"{unknown[0]!r} is no type", known_words(TYPES), proposals=(meant,) if near else ()
    )


def value_problems(value: Any, words: Words, path: JsonPath) -> Iterator[Problem]:
    """Returns what is wrong with `value`, which stands at `path`, by what `words` say of it. Of a
    text that Airflow renders (`rendered_values`), that is its type, or nothing.
    """
    if isinstance(value, RenderedValue):
        return
    kinds = words.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds and not any(_IS[kind](value) for kind in kinds):
        yield wrong_type(str(value) if isinstance(value, str) else value, kinds, path)
    elif not isinstance(value, RenderedText):
        yield from _problems_inside(value, words, path)


def _problems_inside(value: Any, words: Words, path: JsonPath) -> Iterator[Problem]:
    """Returns what is wrong with a `value` of the right type."""
    known = [words["const"]] if "const" in words else words.get("enum")
    if known is not None and not any(_same(value, it) for it in known):
        yield unknown_value(value, known, path)
        return
    for word, (kind, is_beyond) in _BOUNDS.items():
        if word in words and _IS[kind](value) and is_beyond(value, words[word]):
            yield out_of_bounds(value, word, words[word], path)
    if isinstance(value, str):
        yield from _text_problems(value, words, path)
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from value_problems(entry, words.get("items", {}), (*path, index))
    elif isinstance(value, dict):
        yield from _object_problems(value, words, path)


def _text_problems(text: str, words: Words, path: JsonPath) -> Iterator[Problem]:
    pattern = words.get("pattern")
    if pattern is not None and _is_quick(pattern, text) and not re.search(pattern, text):
        yield pattern_mismatch(text, pattern, None, path)
    if "format" in words:
        has_format, example = FORMATS[words["format"]]
        if not has_format(text):
            message = f"{text[:60]!r} has not the format {words['format']!r}"
            yield Problem(Code.BAD_VALUE, message, f"Write it in the form of {example!r}.", path)


def _object_problems(value: Words, words: Words, path: JsonPath) -> Iterator[Problem]:
    properties = words.get("properties", {})
    yield from (missing_key(key, path) for key in words.get("required", ()) if key not in value)
    for key, entry in value.items():
        if key in properties:
            yield from value_problems(entry, properties[key], (*path, key))
        elif words.get("additionalProperties") is False:
            yield unknown_key(key, properties, value, path)


def _is_quick(pattern: str, text: str) -> bool:
    """Says whether the text is soon matched: a row must not keep the compiler busy. What is not
    matched here, Airflow matches.
    """
    repeats = len(_REPEAT.findall(pattern))
    is_slow = repeats > _FEW_REPEATS or len(text) > _SHORT or _REPEATED_GROUP.search(pattern)
    return not is_slow and "{{" not in pattern and "{%" not in pattern


def _is_read(reader: type[date], form: re.Pattern[str], text: str) -> bool:
    try:
        return bool(form.fullmatch(text)) and bool(reader.fromisoformat(text))
    except ValueError:
        return False


def _same(value: Any, other: Any) -> bool:
    """Says whether two values are alike in JSON, where true is not 1, or may become it."""
    if isinstance(value, RenderedText):
        return isinstance(value, RenderedValue) or isinstance(other, str)
    if isinstance(value, list) and isinstance(other, list):
        return len(value) == len(other) and all(map(_same, value, other))
    if isinstance(value, dict) and isinstance(other, dict):
        return value.keys() == other.keys() and all(_same(value[key], other[key]) for key in value)
    return value == other and isinstance(value, bool) == isinstance(other, bool)
