r"""What JSON Schema can say of the compiler's `format`s (`compiler/schema/formats.py`,
`service_formats.py` and `job_formats.py`): a text that has the format meets it; not each text that
meets it has the format.

A keyword says nothing of values of other types than its own. Regular expressions are those of
ECMAScript, and of Python. A text must not match the whole pattern by itself: hence `^` and `$`.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from dagc.compiler import CRON_OF_PRESET, DBT_VARIABLES, MAX_NAME, PARAM_TYPES, PRESETS, time_zones

JsonSchema = dict[str, Any]

JINJA = r"\{\{|\{%"
"""In a text in which Airflow puts something else before anybody reads it."""

_SHORT = r"\d{1,9}(?:\.\d{1,6})? ?[smhd]"
_TIME = r"T(?=.)(?:\d{1,9}H)?(?:\d{1,9}M)?(?:\d{1,9}S)?"
_ISO = rf"P(?=.)(?:\d{{1,9}}W)?(?:\d{{1,9}}D)?(?:{_TIME})?"
_DURATION = rf"^\s*(?:{_SHORT}|{_ISO})\s*$"
_CRON_FIELD = "[0-9A-Za-z*,/#?-]+"
_CRON = rf"^\s*{_CRON_FIELD}(?:\s+{_CRON_FIELD}){{4}}\s*$"
_DAY = r"\d{4}-?(?:\d\d-?\d\d|[wW]\d\d(?:-?\d)?)"
_TABLE = r"[A-Za-z0-9.-]+(?::\d+)?(?:/[!-.0-~]+){3}"
_ASSETS = (
    "s3://[a-z0-9][a-z0-9.-]*(?:/[!-~]*)?",
    "file://(?:localhost)?/[!-~]+",
    f"(?:redshift|postgres|postgresql)://{_TABLE}",
    "(?!(?:airflow|s3|file|redshift|postgres|postgresql)://)[a-z][a-z0-9+.-]*://[!-~]+",
)
_SQL_NAMES: JsonSchema = {"propertyNames": {"pattern": r"^[^\s.\d\"'-][^\s.\"'-]*$"}}
_LONGEST = 3660 * 24 * 60 * 60
_SCALAR = ["string", "number", "boolean", "null"]
_COMPARED = [*_SCALAR, "array"]

_FORMATS: Mapping[str, JsonSchema] = {
    "name": {"pattern": "^[A-Za-z0-9_.-]+$", "maxLength": MAX_NAME},
    "duration": {"pattern": _DURATION, "minimum": 0, "maximum": _LONGEST},
    "length": {"pattern": _DURATION, "exclusiveMinimum": 0, "maximum": _LONGEST},
    "poke-interval": {"pattern": _DURATION, "minimum": 10, "maximum": _LONGEST},
    "date-time": {"pattern": rf"^\s*{_DAY}(?:.[0-9:.,]*)?\s*$"},
    "schedule": {
        "anyOf": [{"enum": list(PRESETS)}, {"pattern": _CRON}, {"pattern": _DURATION}],
        "minimum": 1,
        "maximum": _LONGEST,
        "minItems": 2,
    },
    "cron": {"anyOf": [{"enum": list(CRON_OF_PRESET)}, {"pattern": _CRON}]},
    "callable": {"pattern": r"^[^\s:.0-9()'#-][^\s:()'#-]*:[^\s:.0-9()'#-][^\s:.()'#-]*$"},
    "identifier-keys": {"propertyNames": {"pattern": r"^[^\s.0-9-][^\s.-]*$"}},
    "group-path": {"pattern": "^[A-Za-z0-9_-]{1,100}(?:/[A-Za-z0-9_-]{1,100}){0,4}$"},
    "import-path": {"pattern": r"^[^\s.0-9-][^\s-]*\.[^\s.0-9-][^\s.-]*$"},
    "asset-uri": {"pattern": f"^(?:{'|'.join(_ASSETS)})$", "maxLength": 1500},
    "job-asset": {"pattern": f"^(?:{'|'.join(_ASSETS)})$", "maxLength": 1500},
    "asset-or-job": {"pattern": f"^(?:{'|'.join(_ASSETS)})$", "maxLength": 1500},
    "json-text": {},
    "s3-address": {"pattern": r"^\{[{%]|^[sS]3[nNaA]?://[^/]+/[\s\S]|^[hH][tT][tT][pP][sS]?://"},
    "markdown": {"pattern": r"^(?![\s\S]*\.md(?![\s\S]))"},
    "owner-link": {"pattern": r"^https?://[A-Za-z0-9]|^mailto:[\w.+-]+@[A-Za-z0-9]"},
    "sns-topic": {
        "pattern": r"\{\{|^arn:[a-z0-9-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$"
    },
    "email": {"pattern": r"\{\{|^[^@\r\n]*[^@\s<>]+@[^@\s<>]+>?$"},
    "column-checks": {**_SQL_NAMES, "minProperties": 1},
    "dbt-environment": {
        "propertyNames": {"pattern": "^[^=]+$", "not": {"enum": sorted(DBT_VARIABLES.values())}}
    },
    "earlier-task": {"minLength": 1},
    "environment": {"propertyNames": {"pattern": "^[^=]+$"}},
    "followers": {"minLength": 1, "uniqueItems": True},
    "glue-arguments": {"propertyNames": {"pattern": "^--"}},
    "glue-run": {"propertyNames": {"not": {"enum": ["JobName", "Arguments"]}}},
    "param-values": {
        "minProperties": 1,
        "additionalProperties": {"type": _COMPARED, "minItems": 1, "items": {"type": _SCALAR}},
    },
    "param-type": {"pattern": f"^(?:{'|'.join(PARAM_TYPES)})$"},
    "pod-spec": {"required": ["containers"]},
    "pod-tolerations": {},
    "http-endpoint": {"pattern": r"^(?!\s*[hH][tT]{2}[pP][sS]?://)"},
    "regular-expressions": {},
    "s3-bare-key": {"pattern": "^(?!(?:[sS]3[nNaA]?|[hH][tT]{2}[pP][sS]?)://)"},
    "s3-bucket": {"pattern": "^(?![sS]3[nNaA]?://)"},
    "s3-folder": {"pattern": r"^\{[{%]|^[sS]3://[^/]"},
    "s3-keys": {},
    "table-checks": {**_SQL_NAMES, "minProperties": 1},
}


@cache
def format_schema(name: str) -> JsonSchema:
    """What JSON Schema can say of values of the format `name`."""
    return {"enum": sorted(time_zones())} if name == "time-zone" else _FORMATS[name]
