"""Rows as real tables hold them, in all that DynamoDB has: for what goes through files and back."""

import json
from typing import Any

from hypothesis import strategies as st

from tests.properties.test_dynamodb_json import BINARIES, NUMBERS, SETS

LINES = [
    "SELECT *", "\tFROM sales  ", "  WHERE day = '{{ ds }}'", "", "-- größer; 订单 🙂",
    "{% if x %}", "a: b", "# no comment", "- x", "'it''s'", '"quoted"', "\\d+\\n", "---", "...",
    "| |", "  ", "\t",
]  # fmt: skip
ODD = [
    "", " ", "~", "null", "Yes", "on", "1_000", "0x1f", "0o17", "1:30", "2024-01-31", "=", "<<",
    "'", '"', "*/5 * * * *", "@daily", "{{ ds }}", "!x", "&a", "- a", "a: b", "a #b", ".",
    "1e3", ".5", "+1", "0123", "-", "?", "%", "`", "a\r\nb\r\n", "\x85", "\u2028a", "a\u2029",
    "\ufeffx", "\x00\x1b", "\x7f\x9f", "🙂\n🙂", "\n", "\n\n", "a\n\n", " \n a", "a\n ",
    "\tx\ny", "x\t\n", "۱۲۳", "é", "e\u0301", "مرحبا", "नमस्ते", "\ud7ff\ue000\uffff", "x" * 500,
    "word " * 100, "{", "[1, 2]", '{"a": 1.0}', '[{"task_id": "1", "pid": 2.50}]',
    '{"a":1,"a":2}', '"{\\"a\\": 1}"', '{"\\ud800": 1}', "[NaN]",
    '{\n  "sql": "SELECT 1\\nFROM x",\n  "n": [1, 1.0, 1e5, -0, 1E-7, true, null, {}]\n}',
    '{"": ""}',
]  # fmt: skip
"""Texts that some program takes for something else, or cannot hold as they are."""

TEXTS = (
    st.sampled_from(ODD)
    | st.lists(st.sampled_from(LINES), max_size=5).map("\n".join)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
)
SCALARS = TEXTS | NUMBERS | st.booleans() | st.none()
VALUES = st.recursive(
    SCALARS | BINARIES | SETS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
JSON_TEXTS = st.builds(
    json.dumps,
    st.recursive(
        TEXTS | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.none(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
        max_leaves=6,
    ).map(lambda value: value if isinstance(value, dict | list) else {"sql": value}),
    indent=st.sampled_from([None, 2]),
    ensure_ascii=st.booleans(),
)
PARAMS = JSON_TEXTS | st.fixed_dictionaries(
    {"sql": TEXTS | st.lists(TEXTS, max_size=3)}, optional={"params": VALUES, "n": NUMBERS}
)


def live_tasks(keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Tasks whose ids are `keys`."""
    named = st.fixed_dictionaries(
        {"task_id": keys, "task_type": st.sampled_from(["SQL", "redshift_sql", "BASH"])},
        optional={"task_params": PARAMS | VALUES, "task_name": TEXTS, "status": NUMBERS},
    )
    others = st.dictionaries(TEXTS.filter(bool), VALUES, max_size=2)
    return st.builds(lambda own, other: other | own, named, others)
