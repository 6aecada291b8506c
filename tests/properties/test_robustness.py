"""Whatever JSON stands in whatever attribute, nothing is raised: diagnostics are returned."""

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dagc.compiler.diagnostics import has_errors
from dagc.compiler.schema.cron import cron_error
from dagc.compiler.schema.formats import FORMATS
from dagc.compiler.schema.service_formats import OF_OBJECTS, SERVICE_FORMATS
from tests.conftest import EXAMPLES
from tests.properties.compiling import compile_items
from tests.properties.hostile import TEXTS, json_values
from tests.properties.test_inertness import GOOD, PLACES

SETTINGS = st.sampled_from(
    ["retries", "retry_delay", "start_date", "end_date", "timezone", "schedule_interval", "conf",
     "max_active_runs", "poke_interval", "params", "task_params", "tags", "doc_md", "trigger_rule",
     "timetable", "deadline", "sla", "asset", "job", "task_id", "job_id", "pid", "outlets", "EMPTY",
     "BASH", "1", "pool", "catchup", "owner"],
)  # fmt: skip
SPECIAL: st.SearchStrategy[Any] = st.sampled_from(
    ["@continuous", "@daily", "1,2", "[1]", "1", 0, 1, True, None, "", "{}", "[]", 10**400,
     float("inf"), float("nan"), 1e308, frozenset({1}), b"x", {"1": None}, [None], {"1": {}}],
)  # fmt: skip
LEAVES = st.one_of(json_values(), SPECIAL)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(SETTINGS, inner, max_size=5)
    ),
    max_leaves=10,
)
AS_TEXT = VALUES.map(lambda value: json.dumps(value, default=str))


def _compiled(table: str, attribute: str, value: Any) -> None:
    rows = {name: dict(row) for name, row in GOOD.items()}
    rows[table][attribute] = value
    tasks, jobs, schedulers = ([row] for row in rows.values())
    for artifact in compile_items(tasks, jobs, schedulers):
        assert artifact.enabled is False or (artifact.text is None) == has_errors(
            artifact.diagnostics
        )
        for diagnostic in artifact.diagnostics:
            json.dumps(diagnostic.as_dict())
            assert diagnostic.place
            assert diagnostic.code != "bad-template"


@pytest.mark.parametrize(("table", "attribute"), PLACES, ids=str)
@settings(max_examples=EXAMPLES // 3)
@given(value=st.one_of(VALUES, AS_TEXT, TEXTS))
@example("[1" + "0" * 400 + "]")
@example('{"params": {"a": 1e3000000}}')
@example('{"params": {"a": 1e-99999999999999999999}}')
@example('{"params": {"a": ' + "1" * 5000 + "}}")
@example("[" * 100_000)
@example('{"a":' * 900 + "1" + "}" * 900)
@example({"bash_command": "{{ " + "1" * 5000 + " }}"})
@example({"bash_command": "{{ " + "(" * 5000})
@example({"task_params": "text"})
@example({"1": {"params": {"bash_command": "\0"}}})
@example({"task_params": {"BASH": {}, "bash": None}})
@example({"schedule_interval": "@continuous", "max_active_runs": None})
@example({"schedule_interval": "@daily", "timezone": None, "poke_interval": None})
@example({"schedule_interval": "@daily", "start_date": None, "catchup": None})
def test_any_value_in_any_attribute(table: str, attribute: str, value: Any) -> None:
    _compiled(table, attribute, value)


@given(st.sampled_from(sorted(FORMATS)), st.one_of(VALUES, TEXTS))
def test_formats(name: str, value: Any) -> None:
    if (
        (isinstance(value, dict) and name == "identifier-keys")
        or (isinstance(value, str) and name != "identifier-keys")
        or name in ("name", "duration", "date-time", "time-zone", "schedule", "callable")
    ):
        FORMATS[name](value)


@given(st.sampled_from(sorted(SERVICE_FORMATS)), st.one_of(VALUES, TEXTS))
def test_formats_of_services(name: str, value: Any) -> None:
    if isinstance(value, dict if name in OF_OBJECTS else str):
        SERVICE_FORMATS[name](value)


@given(st.lists(st.text("0123456789*/,-LW#?@HRJANMON", max_size=8), max_size=6).map(" ".join))
def test_cron_texts(expression: str) -> None:
    cron_error(expression)
