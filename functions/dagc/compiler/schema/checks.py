"""Checks values against a parameter schema: a subset of JSON Schema (draft 2020-12).

A schema is compiled once into a function. The function adds every mistake in a value to a list, as
a problem with a hint; and it returns the value as Python data: a `duration` becomes a `timedelta`.
The second is why this is no library for JSON Schema: those say whether a value is valid, and not
what it means.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

from dagc.compiler.diagnostics import JsonPath, Problem, did_you_mean
from dagc.compiler.schema.asset_formats import ASSET_FORMATS
from dagc.compiler.schema.formats import FORMATS, Mistake
from dagc.compiler.schema.group_path import group_path
from dagc.compiler.schema.job_formats import JOB_FORMATS
from dagc.compiler.schema.json_values import as_compact_json, check_json, whole_number
from dagc.compiler.schema.messages import (
    later_key,
    missing_key,
    of_other_type,
    out_of_bounds,
    pattern_mismatch,
    proposing,
    unknown_key,
    unknown_value,
    unrendered,
    wrong_format,
    wrong_type,
)
from dagc.compiler.schema.param_values import param_type
from dagc.compiler.schema.pod_formats import POD_FORMATS
from dagc.compiler.schema.service_formats import SERVICE_FORMATS
from dagc.compiler.schema.templated_texts import has_jinja
from dagc.compiler.schema.text import check_jinja, check_text
from dagc.compiler.targets import Target, since_target

Check = Callable[[Any, JsonPath, list[Problem]], Any]
"""Checks a value at a path. Returns it as Python data; or None, once it has added a problem."""

Schema = Mapping[str, Any]

_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
}
ANNOTATIONS = {
    "description", "default", "example", "examples", "templated", "title", "emptyIsNull", "ifNull",
    "inCases", "verbatim", "since", "mapped", "notIfMapped", "results",
}  # fmt: skip
_KEYWORDS = ANNOTATIONS | {
    "type", "enum", "format", "pattern", "minimum", "maximum", "minLength", "maxLength",
    "maxBytes", "items", "minItems", "maxItems", "properties", "required", "additionalProperties",
    "shape",
}  # fmt: skip
_FORMATS = {
    **FORMATS,
    **SERVICE_FORMATS,
    **JOB_FORMATS,
    **ASSET_FORMATS,
    **POD_FORMATS,
    "group-path": group_path,
    "param-type": param_type,
}
_NUMBER_BOUNDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "minimum": lambda value, bound: value < bound,
    "maximum": lambda value, bound: value > bound,
}
_BOUNDS: Mapping[str, Mapping[str, Callable[[Any, Any], bool]]] = {
    "integer": _NUMBER_BOUNDS,
    "number": _NUMBER_BOUNDS,
    "string": {
        "minLength": lambda value, bound: len(value) < bound or (bool(bound) and not value.strip()),
        "maxLength": lambda value, bound: len(value) > bound,
        "maxBytes": lambda value, bound: len(value.encode(errors="replace")) > bound,
    },
    "object": {
        "maxLength": lambda value, bound: len(as_compact_json(value)) > bound,
    },
    "array": {
        "minItems": lambda value, bound: len(value) < bound,
        "maxItems": lambda value, bound: len(value) > bound,
    },
}
"""By type and keyword, whether a value is out of bounds. `maxBytes` is ours: AWS counts bytes. And
blanks alone are no text where `minLength` wants one: no statement, command or name is blank.
"""
_API_MIN_LENGTH: Callable[[Any, Any], bool] = lambda value, bound: len(value) < bound  # noqa: E731
"""To an AWS API, a blank is a character like others."""


class SchemaError(ValueError):
    """A schema uses a keyword, type or format that this module does not know."""


class Surroundings(NamedTuple):
    """What holds of a schema for where it stands: `templated`, that Airflow renders its texts;
    `shaped`, that it is that of an AWS API, where a text with Jinja in it may be any; `target`, for
    which Airflow a value is (None: for any).
    """

    templated: bool = False
    shaped: bool = False
    target: Target | None = None


_ANYWHERE = Surroundings()


def compile_check(schema: Schema, where: str, around: Surroundings = _ANYWHERE) -> Check:
    """Makes the function that checks one value against `schema`; SchemaError names `where`.

    What came with a later Airflow than the target (`since`) is a mistake, whatever it is.
    """
    since = since_target(schema)
    if since is not None and around.target is not None and around.target < since:
        return _later(since, around.target)
    around = around._replace(templated=around.templated or bool(schema.get("templated", False)))
    if "shape" in schema:
        return _shape_check(schema, where, around)
    _require_known_keywords(schema, where)
    check = _own_check(schema, where, around)
    if schema.get("verbatim"):
        return _without_jinja(check)
    is_text = "string" in _kinds(schema, where)
    return _or_jinja(check, around) if around.shaped and is_text else check


def _without_jinja(check: Check) -> Check:
    """Adds to the check of a text that no Airflow renders that there is no Jinja in it."""

    def check_verbatim(value: Any, path: JsonPath, problems: list[Problem]) -> Any:
        if isinstance(value, str) and has_jinja(value):
            problems.append(unrendered(path))
            return None
        return check(value, path, problems)

    return check_verbatim


def _later(since: Target, target: Target) -> Check:
    def check(_value: Any, path: JsonPath, problems: list[Problem]) -> None:
        problems.append(later_key(since, target, path))

    return check


def _own_check(schema: Schema, where: str, around: Surroundings) -> Check:
    kinds = _kinds(schema, where)
    by_type = _checks_by_type(schema, where, around)
    enum = schema.get("enum")
    reader = _format(schema, where)
    wants_whole = "integer" in kinds and "number" not in kinds  # a JSON text may have it as 2.0

    def check(value: Any, path: JsonPath, problems: list[Problem], *, proposes: bool = True) -> Any:
        if wants_whole and isinstance(value, float):
            value = whole_number(value)
        check_type = by_type.get(value.__class__)
        if check_type is None:
            guesses = of_other_type(value, kinds) if proposes else ()
            problem = wrong_type(value, kinds, path, templated=around.templated)
            problems.append(proposing(problem, guesses, is_accepted))
            return None
        if value is None:
            return None
        before = len(problems)
        result = check_type(value, path, problems)
        if enum is not None and result not in enum:
            problems.append(unknown_value(result, enum, path))
        if len(problems) > before:
            return None
        if reader is None:
            return result
        read = reader(result)
        if not isinstance(read, Mistake):
            return read
        guesses = read.proposals if proposes else ()
        problems.append(proposing(wrong_format(read, path), guesses, is_accepted))
        return None

    def is_accepted(value: Any) -> bool:
        problems: list[Problem] = []
        check(value, (), problems, proposes=False)
        return not problems

    return check


def _checks_by_type(schema: Schema, where: str, around: Surroundings) -> dict[type, Check]:
    """Makes the check of what is in a value, for each Python type that it may have."""
    kinds = _kinds(schema, where)
    content = {kind: _content(kind, schema, where, around) for kind in kinds}
    return {type_: content[kind] for kind in reversed(kinds) for type_ in _TYPES[kind]}


def _require_known_keywords(schema: Schema, where: str) -> None:
    if unknown := set(schema) - _KEYWORDS:
        raise SchemaError(f"{where}: {min(unknown)!r}: {did_you_mean(min(unknown), _KEYWORDS)}")


def _or_jinja(check: Check, around: Surroundings) -> Check:
    """Adds to the check of a text that one with Jinja in it may be any: what it becomes is seen
    when the task runs.
    """

    def check_or_jinja(value: Any, path: JsonPath, problems: list[Problem]) -> Any:
        if isinstance(value, str) and has_jinja(value):
            return check_json(value, path, problems, templated=around.templated)
        return check(value, path, problems)

    return check_or_jinja


def _shape_check(schema: Schema, where: str, around: Surroundings) -> Check:
    """Makes the check of a value that goes to an AWS API as it is: of what the type says itself,
    and of the API's shape. That is compiled when the first such value comes.
    """
    shape = schema["shape"]
    if not isinstance(shape, Mapping):
        raise SchemaError(f"{where}: shape {shape!r} is not in api_shapes.json")
    own = {key: value for key, value in schema.items() if key != "shape"}
    check_own = compile_check(own, where, around)
    is_container = shape.get("type") in ("array", "object")

    @cache
    def api_check() -> Check:
        whole = {**shape, **own} if is_container else {**shape, "example": own.get("example")}
        return compile_check(whole, where, around._replace(shaped=True))

    def check(value: Any, path: JsonPath, problems: list[Problem]) -> Any:
        if is_container:  # in one, so that what is proposed has the whole shape
            return api_check()(value, path, problems)
        before = len(problems)
        result = check_own(value, path, problems)
        return result if len(problems) > before else api_check()(value, path, problems)

    return check


def _kinds(schema: Schema, where: str) -> list[str]:
    kinds = schema.get("type", list(_TYPES))
    kinds = [kinds] if isinstance(kinds, str) else list(kinds)
    for kind in kinds:
        if kind not in _TYPES:
            raise SchemaError(f"{where}: type {kind!r}: {did_you_mean(kind, _TYPES)}")
    return kinds


def _format(schema: Schema, where: str) -> Callable[[Any], Any] | None:
    name = schema.get("format")
    if name is None:
        return None
    if name not in _FORMATS:
        raise SchemaError(f"{where}: format {name!r}: {did_you_mean(str(name), _FORMATS)}")
    return _FORMATS[name]


def _content(kind: str, schema: Schema, where: str, around: Surroundings) -> Check:
    """Makes the check of what is in a value of `kind`, and of its bounds."""
    if kind == "object":
        check = _map_check(schema, where, around)
    elif kind == "array" and "items" in schema:
        check = _list_check(schema["items"], where, around)
    elif kind in ("integer", "boolean", "null"):
        check = _as_it_is
    elif kind == "string":
        check = _templated_text if around.templated else _text
    else:

        def check(value: Any, path: JsonPath, problems: list[Problem]) -> Any:
            return check_json(value, path, problems, templated=around.templated)

    return _with_bounds(check, kind, schema, shaped=around.shaped)


def _as_it_is(value: Any, _path: JsonPath, _problems: list[Problem]) -> Any:
    return value


def _text(value: Any, path: JsonPath, problems: list[Problem]) -> Any:
    check_text(value, path, problems)
    return value


def _templated_text(value: Any, path: JsonPath, problems: list[Problem]) -> Any:
    check_text(value, path, problems)
    check_jinja(value, path, problems)
    return value


def _list_check(items: Schema, where: str, around: Surroundings) -> Check:
    check = compile_check(items, f"{where}[]", around)
    return lambda value, path, problems: [
        check(entry, (*path, index), problems) for index, entry in enumerate(value)
    ]


def _map_check(schema: Schema, where: str, around: Surroundings) -> Check:
    properties = {
        key: compile_check(value, f"{where}.{key}", around)
        for key, value in schema.get("properties", {}).items()
    }
    required = tuple(schema.get("required", ()))
    others = schema.get("additionalProperties", not properties)
    check_other: Check | None = None
    if isinstance(others, Mapping):
        check_other = compile_check(others, f"{where}.*", around)
    elif others:

        def check_other(value: Any, path: JsonPath, problems: list[Problem]) -> Any:
            return check_json(value, path, problems, templated=around.templated)

    def check(value: Any, path: JsonPath, problems: list[Problem]) -> Any:
        problems.extend(missing_key(key, path) for key in required if key not in value)
        result = {}
        for key, entry in value.items():
            inner = properties.get(key, check_other)
            if inner is None:
                problems.append(unknown_key(key, properties, value, path))
            else:
                check_json(key, path, problems)
                result[key] = inner(entry, (*path, key), problems)
        return result

    return check


def _with_bounds(check: Check, kind: str, schema: Schema, *, shaped: bool) -> Check:
    """Adds to `check` the bounds and the pattern that `schema` has for this kind of value."""
    bounds = [
        (
            keyword,
            _API_MIN_LENGTH if shaped and keyword == "minLength" else is_beyond,
            schema[keyword],
        )
        for keyword, is_beyond in _BOUNDS.get(kind, {}).items()
        if keyword in schema
    ]
    pattern = re.compile(schema["pattern"]) if kind == "string" and "pattern" in schema else None
    if not bounds and pattern is None:
        return check

    def bounded(value: Any, path: JsonPath, problems: list[Problem]) -> Any:
        result = check(value, path, problems)
        if result is None:
            return None
        if pattern is not None and not pattern.fullmatch(result):
            example = schema.get("example")
            problems.append(pattern_mismatch(result, pattern.pattern, example, path))
            return result
        for keyword, is_beyond, bound in bounds:
            if is_beyond(result, bound):
                problems.append(out_of_bounds(result, keyword, bound, path))
        return result

    return bounded
