"""Random parameters for every task type, drawn from its own declaration."""

import json
import re
from collections.abc import Mapping
from math import ceil
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from dagc.compiler.catalog.sources import built_in_templates
from tests.properties.hostile import json_values

Schema = Mapping[str, Any]

_FORMATS: Mapping[str, st.SearchStrategy[Any]] = {
    "duration": st.sampled_from([90, 1.5, "90s", "20m", "PT5M", "1d"]),
    "callable": st.sampled_from(["a.b:c", "retail.quality:check", "x:print", "f:f"]),
    "length": st.sampled_from([90, 1.5, "90s", "20m", "PT5M", "1d"]),
    "regular-expressions": st.sampled_from(["a.*b", "[0-9]+", "{{ ds }}(", ["a", "b?"]]),
    "http-endpoint": st.sampled_from(["v1/exports", "/rates", ""]),
    "s3-bare-key": st.sampled_from(["key", "a/b.csv"]),
    "s3-bucket": st.sampled_from(["bucket", "my-bucket"]),
    "s3-folder": st.sampled_from(["s3://bucket", "s3://bucket/results/"]),
    "s3-keys": st.sampled_from(["key", "a/b.csv", ["a", "b"]]),
    "s3-address": st.sampled_from(["s3://bucket/key", "s3://b/a/c.csv"]),
    "json-text": st.dictionaries(st.sampled_from(["a", "b"]), st.integers()),
    "pod-spec": st.sampled_from([{"containers": [{"name": "base"}], "nodeName": "a"}]),
    "pod-tolerations": st.sampled_from([[], [{"key": "a"}], [{"operator": "Exists"}]]),
    "column-checks": st.sampled_from([{"price": {"min": {"geq_to": 0}}}]),
    "table-checks": st.sampled_from([{"rows": {"check_statement": "COUNT(*) > 0"}}]),
}
_SHAPES: Mapping[str, Schema] = json.loads(
    (built_in_templates() / "api_shapes.json").read_text("utf-8")
)
_IDENTIFIERS = st.sampled_from(["a", "b", "f", "check", "print", "match", "self", "DAG", "_c"])

_NAMES: Mapping[str, st.SearchStrategy[str]] = {
    "dbt-environment": st.sampled_from(["A", "PATH", "b_1"]),
    "environment": st.sampled_from(["A", "PATH", "b_1", "a-b"]),
    "glue-arguments": st.sampled_from(["--a", "--day", "--job-bookmark-option"]),
}


def declarations() -> dict[str, Schema]:
    """The schema of the parameters of each type, without what only later targets have; not of
    OPERATOR, for which the operator says it, nor of BRANCH, whose task needs others.
    """
    found = (yaml.safe_load(path.read_text("utf-8")) for path in _files())
    return {
        declaration["type"]: {
            **_of_all(declaration.get("params") or {}),
            "cases": declaration.get("cases") or [],
        }
        for declaration in found
        if "any_operator" not in declaration and declaration.get("skips") != "followers"
    }


def _of_all(schema: Schema) -> Schema:
    """The schema without what only later targets have, and without what names other tasks."""
    properties = {
        name: entry
        for name, entry in (schema.get("properties") or {}).items()
        if "since" not in entry and entry.get("format") != "earlier-task"
    }
    choices = [it for it in schema.get("anyOf") or () if properties.keys() >= {*it["required"]}]
    return {**schema, "properties": properties, "anyOf": choices}


@st.composite
def parameters(draw: st.DrawFn, schema: Schema, texts: st.SearchStrategy[str]) -> dict[str, Any]:
    """Parameters that meet `schema` wherever their texts do."""
    properties = schema.get("properties") or {}
    names = set(schema.get("required", ()))
    if choices := schema.get("anyOf"):
        names |= set(draw(st.sampled_from(choices))["required"])
    if properties:
        for name in draw(st.lists(st.sampled_from(sorted(properties)), unique=True)):
            taken = [group for group in schema.get("exclusive", ()) if name in group]
            if not any(names & set(group) for group in taken):
                names.add(name)
    drawn = {name: draw(_values(properties[name], texts)) for name in sorted(names)}
    for case in schema.get("cases", ()):
        _keep_apart(case, drawn)
        if all(_holds(state, drawn.get(name)) for name, state in case.get("when", {}).items()):
            for name in drawn.keys() & case.get("properties", {}).keys():
                entry = case["properties"][name]
                if "since" in entry:
                    del drawn[name]
                else:
                    drawn[name] = draw(_values({**properties[name], **entry}, texts))
            for name in case.get("required", ()):
                drawn.setdefault(name, draw(_values(properties[name], texts)))
    return drawn


def _keep_apart(case: Schema, drawn: dict[str, Any]) -> None:
    for name in [it for it in case.get("apart", ()) if drawn.get(it) is True][1:]:
        del drawn[name]


def _holds(state: Any, value: Any) -> bool:
    match state:
        case "list":
            return isinstance(value, list)
        case "off":
            return not value
        case {"is": operand}:
            return bool(value == operand)
        case {"starts": operand}:
            texts = value if isinstance(value, list) else [value]
            return any(str(text).startswith(operand) for text in texts)
        case {"ends": operand}:
            return str(value).endswith(operand)
    return (value is None) is (state == "absent")


def _files() -> list[Path]:
    return sorted((built_in_templates() / "tasks").glob("*.yaml"))


def _values(schema: Schema, texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    if "shape" in schema:
        own = {key: value for key, value in schema.items() if key in ("minItems", "maxItems")}
        shape = {**_SHAPES[schema["shape"]], **own}
        shape["minLength"] = max(shape.get("minLength", 0), schema.get("minLength", 0))
        shape["required"] = sorted({*shape.get("required", ()), *schema.get("required", ())})
        if "pattern" in schema:
            shape.setdefault("pattern", schema["pattern"])
        for name, member in schema.get("properties", {}).items():
            shape["properties"] = {
                **shape["properties"],
                name: {**shape["properties"][name], **member},
            }
        if schema.get("format") == "glue-run":
            members = shape["properties"].items()
            of_the_hook = ("JobName", "Arguments")
            shape["properties"] = {n: it for n, it in members if n not in of_the_hook}
        return _values(shape, texts)
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema.get("format") == "identifier-keys":
        return st.dictionaries(_IDENTIFIERS, json_values(texts), max_size=4)
    if schema.get("format") in _NAMES:
        return st.dictionaries(_NAMES[schema["format"]], texts, max_size=4)
    if schema.get("format") == "param-values":
        scalars = st.one_of(texts, st.integers(), st.booleans(), st.none())
        wanted = st.one_of(scalars, st.lists(scalars, min_size=1, max_size=2))
        return st.dictionaries(texts, wanted, min_size=1, max_size=3)
    if "format" in schema:
        drawn = _FORMATS[schema["format"]]
        is_text = schema.get("type") == "string"
        return drawn.filter(lambda value: isinstance(value, str)) if is_text else drawn
    kinds = schema.get("type", ["string", "integer", "boolean", "array", "object"])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return st.one_of(*(_of_kind(kind, schema, texts) for kind in kinds))


def _of_kind(kind: str, schema: Schema, texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    if kind == "string":
        if "pattern" in schema:
            matching = st.from_regex(re.compile(schema["pattern"], re.ASCII), fullmatch=True)
            matching = matching.filter(lambda text: "\0" not in text)  # which no database holds
            least, most = schema.get("minLength", 0), schema.get("maxLength", 10**6)
            fits = re.compile(schema["pattern"]).fullmatch  # to which more characters are blanks
            return matching.filter(
                lambda text: least <= len(text) <= most and "{" not in text and bool(fits(text))
            )
        least, most = schema.get("minLength", 0), schema.get("maxLength")
        filled = texts.map(lambda text: text if text.strip() or not least else "x")
        return filled.map(lambda text: text.ljust(least, "x")[:most])
    if kind in ("integer", "number"):
        return st.integers(ceil(schema.get("minimum", -(10**9))), schema.get("maximum", 10**9))
    if kind == "boolean":
        return st.booleans()
    if kind == "array":
        items = _values(schema["items"], texts) if "items" in schema else json_values(texts)
        return st.lists(items, min_size=schema.get("minItems", 0), max_size=3)
    return _objects(schema, texts)


def _objects(schema: Schema, texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    if schema.get("properties"):
        return parameters(_of_all(schema), texts)
    others = schema.get("additionalProperties", True)
    values = _values(others, texts) if isinstance(others, Mapping) else json_values(texts)
    return st.dictionaries(texts, values, max_size=3)
