"""The setting `param_schemas`: what `params` of a DAG may be, for Airflow's form and checks.

The words are those of JSON Schema that Airflow's form reads and `Param` checks a run by (its
`www/templates/airflow/trigger.html` and `ui/src/components/FlexibleForm`), and Airflow's own for
the form. A value is checked by `schema/param_values.py`.
"""

from dagc.compiler.schema.checks import Schema
from dagc.compiler.schema.param_values import FORMATS, TYPES

_TEXT = {"type": "string", "minLength": 1, "maxLength": 2048}
_SIZE = {"type": "integer", "minimum": 0, "maximum": 1_000_000}

_VALUE: Schema = {
    "type": {
        "description": f"What it may be: one, or a list, of {', '.join(TYPES)}.",
        "type": ["string", "array"],
        "format": "param-type",
        "items": {"type": "string"},
        "minItems": 1,
    },
    "format": {
        "description": "Of a text: what it is, and so how the form asks for it.",
        "type": "string",
        "enum": [*FORMATS],
    },
    "title": {"description": "What the form calls it.", **_TEXT},
    "description": {"description": "What the form says beneath it.", **_TEXT},
    "enum": {
        "description": "All values that it may have.",
        "type": "array",
        "minItems": 1,
        "maxItems": 1000,
    },
    "const": {"description": "The one value that it may have."},
    "minimum": {"description": "The smallest number.", "type": "number"},
    "maximum": {"description": "The largest number.", "type": "number"},
    "minLength": {"description": "The fewest characters of a text.", **_SIZE},
    "maxLength": {"description": "The most characters of a text.", **_SIZE},
    "pattern": {
        "description": "A regular expression that is found in the text.",
        "type": "string",
        "format": "regular-expressions",
        "maxLength": 500,
    },
    "minItems": {"description": "The fewest entries of a list.", **_SIZE},
    "maxItems": {"description": "The most entries of a list.", **_SIZE},
}

_FORM: Schema = {
    "description_md": {"description": "The same in Markdown.", **_TEXT},
    "examples": {
        "description": "Values that the form proposes, beside others that may be given.",
        "type": "array",
        "minItems": 1,
        "maxItems": 1000,
    },
    "values_display": {
        "description": "By value: what the form shows for it.",
        "type": "object",
        "additionalProperties": {"type": "string"},
    },
    "section": {"description": "The part of the form that it stands in.", **_TEXT},
}

PARAM_SCHEMA: Schema = {
    **_VALUE,
    "items": {
        "description": "What the entries of a list may be, in these words.",
        "type": "object",
        "properties": _VALUE,
    },
    "properties": {
        "description": "By key: what the values of an object may be, in these words.",
        "type": "object",
        "additionalProperties": {"type": "object", "properties": _VALUE},
    },
    "required": {
        "description": "The keys that an object needs.",
        "type": "array",
        "items": {"type": "string"},
    },
    "additionalProperties": {
        "description": "Whether an object may have other keys than `properties` has.",
        "type": "boolean",
    },
    **_FORM,
}
"""All that is said of one param, in the order in which a file shows it."""
