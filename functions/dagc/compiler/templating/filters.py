"""The filters and tests that templates have beside Jinja's own."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from dagc.compiler.python_source.identifiers import is_identifier
from dagc.compiler.python_source.nodes import Call, ImportFrom, RawSource
from dagc.compiler.templating.placeholders import ABSENT


def signature(keywords: Any) -> Call:
    """Returns the parameters of a function that takes the keys of `keywords`: `(region, days)`."""
    return Call("", positional=tuple(_identifier(key) for key in sorted(keywords or ())))


def pass_on(keywords: Any) -> Call:
    """Returns the arguments that pass on what `signature` takes: `(region=region, days=days)`."""
    return Call(
        "", keywords={_identifier(key).text: RawSource(key) for key in sorted(keywords or ())}
    )


def import_function(name: str, keywords: Any) -> ImportFrom:
    """Returns the import of the function of "package.module:function", inside a function that takes
    `keywords`.
    """
    module, _, function_name = name.partition(":")
    for part in [*module.split("."), function_name]:
        _identifier(part)
    alias = function(name, keywords).text
    imported = function_name if alias == function_name else f"{function_name} as {alias}"
    return ImportFrom(module, imported)


def function(name: str, keywords: Any) -> RawSource:
    """Returns the name that `import_function` gives to the function: none that `keywords` have."""
    alias = _identifier(name.partition(":")[2]).text
    while alias in (keywords or ()):
        alias = f"_{alias}"
    return RawSource(alias)


def as_json_text(value: Any) -> Any:
    """Returns the JSON text of an object or list, for an operator that takes only text."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value


def unless_starting(value: Any, other: Any, prefix: str) -> Any:
    """Returns `value`; absent where `other`, a text or one of a list of texts, starts with
    `prefix`.
    """
    texts = other if isinstance(other, list) else [other]
    found = any(isinstance(text, str) and text.startswith(prefix) for text in texts)
    return ABSENT if found else value


def is_present(value: Any) -> bool:
    """Says whether an optional parameter is given."""
    return value is not ABSENT


def _identifier(text: str) -> RawSource:
    if not is_identifier(text):
        raise ValueError(f"{text!r} is no Python identifier")
    return RawSource(text)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "signature": signature,
    "keywords": pass_on,
    "import_function": import_function,
    "function": function,
    "json_text": as_json_text,
    "unless_starting": unless_starting,
}
