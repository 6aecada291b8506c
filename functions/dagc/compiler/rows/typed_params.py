"""Finds params that are written as a schema, which has a place of its own: `param_schemas`."""

from collections.abc import Iterator
from typing import Any

from dagc.compiler.diagnostics import Code, JsonPath, Problem, Severity

_TYPES = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})
_KEYWORDS = frozenset(
    {
        "type", "default", "enum", "const", "title", "description", "description_md", "examples",
        "format", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
        "multipleOf", "minLength", "maxLength", "items", "minItems", "maxItems", "uniqueItems",
        "properties", "required", "additionalProperties", "values_display", "section",
    }
)  # fmt: skip
"""JSON Schema's words for a value, and Airflow's own for its form."""
_LIMITS = frozenset(
    {
        "enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
        "minLength", "maxLength", "minItems", "maxItems", "uniqueItems",
    }
)  # fmt: skip
"""Beside a default, these say what another value may be."""


def typed_param_problems(params: Any, path: JsonPath) -> Iterator[Problem]:
    """Returns a warning for each of `params`, which stand at `path`, that is a schema rather than
    the value that texts need.
    """
    for name, value in params.items() if isinstance(params, dict) else ():
        if not _is_schema(value):
            continue
        problem = Problem(
            Code.TYPED_PARAM,
            f"a description of {name!r}, which param_schemas is for: "
            f"{{{{ params.{name} }}}} prints this whole object",
            "Write the value itself here, and what it may be into param_schemas.",
            (*path, name),
            Severity.WARNING,
        )
        default = value.get("default")
        yield problem if _is_schema(default) or default is None else problem.proposing(default)


def _is_schema(value: Any) -> bool:
    if not isinstance(value, dict) or not value.keys() <= _KEYWORDS:
        return False
    kinds = value.get("type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    is_typed = all(isinstance(kind, str) and kind in _TYPES for kind in kinds)
    return is_typed or ("default" in value and not _LIMITS.isdisjoint(value))
