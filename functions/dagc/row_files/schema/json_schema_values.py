"""Puts the schemas of settings and parameters (`compiler/schema/checks.py`) into JSON Schema.

Most keywords are JSON Schema's own. What an object of settings or parameters *needs* is not said:
a default, the job or an override may give it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from dagc.compiler import Target, since_target, takes_result
from dagc.row_files.schema.json_schema_formats import JINJA, JsonSchema, format_schema

Schema = Mapping[str, Any]

_AS_THEY_ARE = ("minimum", "maximum", "minItems", "maxItems", "required")
_RESULT: JsonSchema = {
    "type": "object",
    "properties": {"from": {"type": ["string", "integer"]}, "key": {"type": "string"}},
    "required": ["from"],
    "additionalProperties": False,
}
"""The result of a task (`compiler/schema/task_results.py`)."""
_OF_TEXTS = ("minLength", "maxLength", "pattern", "allOf", "enum")


def layer_schema(declared: Schema, target: Target) -> JsonSchema:
    """What JSON Schema says of an object of named values, one of several layers: a null there
    stands for "not given". `declared` is what `compile_layers` takes.
    """
    properties = declared.get("properties") or {}
    shown = {name: _property_schema(it, target) for name, it in properties.items()}
    return {
        "properties": {name: it for name, it in shown.items() if it is not None},
        "additionalProperties": False,
    }


def _property_schema(schema: Schema, target: Target) -> JsonSchema | None:
    """The JSON Schema of a named value; in its place, the result of a task may stand."""
    result = value_schema(schema, target, nullable=True)
    if result is None or not takes_result(schema):
        return result
    shown = _annotations(schema)
    own = {key: value for key, value in result.items() if key not in shown}
    return {**shown, "anyOf": [own, _RESULT]}


def value_schema(
    schema: Schema, target: Target, *, shaped: bool = False, nullable: bool = False
) -> JsonSchema | None:
    """The JSON Schema of one value; None if only a later Airflow than the target takes it.

    `shaped`: it goes to an AWS API as it is, where a text with Jinja in it may be any.
    """
    since = since_target(schema)
    if since is not None and target < since:
        return None
    if "shape" in schema:
        return _shape_schema(schema, target, nullable=nullable)
    kinds = [] if schema.get("inCases") else _kinds(schema)
    result: JsonSchema = {"type": kinds[0] if len(kinds) == 1 else kinds} if kinds else {}
    result |= {key: schema[key] for key in _AS_THEY_ARE if key in schema}
    result |= _text_schema(schema, shaped=shaped)
    if "items" in schema:
        result["items"] = value_schema(schema["items"], target, shaped=shaped)
    if not kinds or "object" in kinds:
        result |= _members(schema, target, shaped=shaped)
    if shaped and "string" in kinds:
        result = _or_jinja(result)
    if nullable or "null" in kinds:
        result = _or_null(result)
    return _annotations(schema) | result


def _kinds(schema: Schema) -> list[str]:
    kinds = schema.get("type", [])
    return [kinds] if isinstance(kinds, str) else list(kinds)


def _shape_schema(schema: Schema, target: Target, *, nullable: bool) -> JsonSchema | None:
    """As `checks._shape_check`: a list or an object has the keywords of both, a text meets both."""
    own = {key: value for key, value in schema.items() if key != "shape"}
    shape = schema["shape"]
    if shape.get("type") in ("array", "object"):
        return value_schema({**shape, **own}, target, shaped=True, nullable=nullable)
    result = value_schema(own, target, nullable=nullable)
    of_api = value_schema(shape, target, shaped=True, nullable=nullable)
    if result is not None and of_api is not None and of_api.keys() != {"type"}:
        result["allOf"] = [*result.get("allOf", ()), of_api]
    return result


def _text_schema(schema: Schema, *, shaped: bool) -> JsonSchema:
    """What is said of texts, by the schema's own keywords and by its format."""
    result = {key: schema[key] for key in ("minLength", "maxLength", "enum") if key in schema}
    if "maxBytes" in schema:  # no fewer bytes than characters
        result["maxLength"] = schema["maxBytes"]
    patterns = [f"^(?:{schema['pattern']})$"] if "pattern" in schema else []
    if schema.get("minLength") and not shaped:
        patterns.append(r"\S")
    if schema.get("verbatim"):
        patterns.append(rf"^(?![\s\S]*(?:{JINJA}))")
    if "format" in schema:
        of_format = dict(format_schema(schema["format"]))
        patterns += [of_format.pop("pattern")] if "pattern" in of_format else []
        result = of_format | result
    if len(patterns) == 1:
        result["pattern"] = patterns[0]
    elif patterns:
        result["allOf"] = [{"pattern": pattern} for pattern in patterns]
    return result


def _members(schema: Schema, target: Target, *, shaped: bool) -> JsonSchema:
    """What is said of the members of an object, as `checks._map_check` reads it."""
    properties = schema.get("properties") or {}
    others = schema.get("additionalProperties", not properties)
    shown = {name: value_schema(it, target, shaped=shaped) for name, it in properties.items()}
    result: JsonSchema = {}
    if properties:
        result["properties"] = {name: it for name, it in shown.items() if it is not None}
    if isinstance(others, Mapping):
        result["additionalProperties"] = value_schema(others, target, shaped=shaped)
    elif not others:
        result["additionalProperties"] = False
    return result


def _or_jinja(schema: JsonSchema) -> JsonSchema:
    of_texts = {key: schema[key] for key in _OF_TEXTS if key in schema}
    if not of_texts:
        return schema
    rest = {key: value for key, value in schema.items() if key not in of_texts}
    return {**rest, "anyOf": [of_texts, {"pattern": JINJA}]}


def _or_null(schema: JsonSchema) -> JsonSchema:
    result = dict(schema)
    if "type" in result:
        kinds = result["type"] if isinstance(result["type"], list) else [result["type"]]
        result["type"] = [*kinds, *({"null"} - set(kinds))]
    if "enum" in result:
        result["enum"] = [*result["enum"], None]
    return result


def _annotations(schema: Schema) -> JsonSchema:
    """What an editor shows, and what it proposes."""
    return dict(_annotated(schema))


def _annotated(schema: Schema) -> Iterator[tuple[str, Any]]:
    if "description" in schema:
        yield "description", plain(schema["description"])
    if "default" in schema:
        yield "default", schema["default"]
    if schema.get("example") is not None:
        yield "examples", [schema["example"]]


def plain(markdown: str) -> str:
    """A description without its links, which lead from page to page of the documentation."""
    return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", markdown)
