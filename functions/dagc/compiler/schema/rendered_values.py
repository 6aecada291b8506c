"""What is known of a value that Airflow renders before it sends it: all but what Jinja makes."""

import warnings
from ast import literal_eval
from collections.abc import Iterable
from typing import Any

from dagc.compiler.schema.templated_texts import has_jinja

_LONGEST = 1000
"""Characters of a text that is read as Python's literal: more could keep the compiler busy."""


class RenderedText(str):
    """A text with Jinja, which becomes another text."""

    __slots__ = ()


class RenderedValue(RenderedText):
    """A text that becomes any value."""

    __slots__ = ()


def rendered(value: Any, *, native: bool) -> Any:
    """Returns `value` as Airflow renders it, to `native` values or to texts; what is seen only in
    Airflow is a RenderedText or a RenderedValue. (Of an object, Airflow renders no keys.)
    """
    if isinstance(value, dict):
        return {key: rendered(entry, native=native) for key, entry in value.items()}
    if isinstance(value, list):
        return [rendered(entry, native=native) for entry in value]
    if not isinstance(value, str):
        return value
    if has_jinja(value):
        return RenderedValue(value) if native else RenderedText(value)
    return _native(value) if native else value


def _native(text: str) -> Any:
    """Returns what a text without Jinja becomes (`jinja2.nativetypes.native_concat`, which makes
    None of an empty one), and then is in JSON.
    """
    if not text:
        return None
    if len(text) > _LONGEST:
        return RenderedValue(text)
    try:
        with warnings.catch_warnings(action="ignore"):
            value = literal_eval(text) if text[0] not in " \t" else text
    except RecursionError:
        return RenderedValue(text)
    except (ValueError, SyntaxError, MemoryError):
        return text
    return _as_json(value, text)


def _as_json(value: Any, text: str) -> Any:
    """Returns `value`, whose literal is `text`, with a list for a tuple; what JSON has not is any
    value.
    """
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, list | tuple):
        return _all_as_json(value, text)
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return dict(zip(value, _all_as_json(value.values(), text), strict=True))
    return RenderedValue(text)


def _all_as_json(values: Iterable[Any], text: str) -> list[Any]:
    return [_as_json(value, text) for value in values]
