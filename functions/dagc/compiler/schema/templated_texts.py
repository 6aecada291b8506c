"""Finds the texts that Airflow renders among the values of a schema: those that are `templated`."""

from collections.abc import Iterator, Mapping
from typing import Any

from dagc.compiler.diagnostics import JsonPath

Schema = Mapping[str, Any]


def has_jinja(text: str) -> bool:
    """Says whether `text` holds an expression or a statement of Jinja."""
    return "{{" in text or "{%" in text


def holds_templated(schema: Schema) -> bool:
    """Says whether a value of `schema` may hold a text that Airflow renders."""
    if schema.get("templated"):
        return True
    inner = [*(schema.get("properties") or {}).values(), schema.get("items")]
    inner.append(schema.get("additionalProperties"))
    return any(isinstance(entry, Mapping) and holds_templated(entry) for entry in inner)


def templated_texts(schema: Schema, value: Any, path: JsonPath) -> Iterator[tuple[JsonPath, str]]:
    """Returns the texts in `value`, which stands at `path`, that Airflow renders, each with its own
    path. (Of an object it renders the values, and no keys.)
    """
    if schema.get("templated"):
        yield from _texts(value, path)
    elif isinstance(value, Mapping):
        properties = schema.get("properties") or {}
        others = schema.get("additionalProperties")
        for key, entry in value.items():
            yield from templated_texts(_schema(properties.get(key, others)), entry, (*path, key))
    elif isinstance(value, list):
        items = _schema(schema.get("items"))
        for index, entry in enumerate(value):
            yield from templated_texts(items, entry, (*path, index))


def _texts(value: Any, path: JsonPath) -> Iterator[tuple[JsonPath, str]]:
    if isinstance(value, str):
        if "{" in value:
            yield path, value
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _texts(entry, (*path, key))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _texts(entry, (*path, index))


def _schema(declared: Any) -> Schema:
    return declared if isinstance(declared, Mapping) else {}
