"""The value of a param is refused where Airflow's library refuses it, by the same schema."""

from typing import Any

import jsonschema
from hypothesis import given
from hypothesis import strategies as st

from dagc.compiler.schema.param_values import FORMATS, TYPES, value_problems

_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from([0.0, 0.5, 1.0, 2.5]),
    st.text("ab-1@", max_size=4),
    st.sampled_from(["2024-01-31", "2024-02-30", "20240131", "12:00:00", "12:00", "24:00:00"]),
)
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=4,
)
_sizes = st.integers(0, 3)


def _words(more: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(TYPES) | st.lists(st.sampled_from(TYPES), min_size=1),
            # What jsonschema makes of a moment depends on a package that is not always there.
            "format": st.sampled_from(sorted({*FORMATS} - {"date-time"})),
            "enum": st.lists(_values, min_size=1, max_size=3),
            "const": _values,
            "minimum": _sizes,
            "maximum": _sizes,
            "minLength": _sizes,
            "maxLength": _sizes,
            "pattern": st.sampled_from(["^a", "b$", "[a-b]+", "^1?-"]),
            "minItems": _sizes,
            "maxItems": _sizes,
            **more,
        },
    )


_SCHEMAS = _words(
    {
        "items": _words({}),
        "properties": st.dictionaries(st.sampled_from("ab"), _words({})),
        "required": st.lists(st.sampled_from("ab"), unique=True),
        "additionalProperties": st.booleans(),
    }
)


@given(schema=_SCHEMAS, value=_values)
def test_a_value_is_right_where_airflow_says_so(schema: dict[str, Any], value: Any) -> None:
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    assert (not list(value_problems(value, schema, ("params", "x")))) == checker.is_valid(value)
