"""What the compiler accepts, the JSON Schemas accept: any parameters, and any values anywhere."""

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from dagc.compiler import row_key
from dagc.compiler.diagnostics import has_errors
from dagc.compiler.schema.formats import FORMATS, Mistake
from dagc.compiler.schema.service_formats import OF_OBJECTS, SERVICE_FORMATS
from dagc.row_files.schema.json_schema import row_schemas
from dagc.row_files.schema.json_schema_formats import format_schema
from tests.conftest import EXAMPLES
from tests.golden.test_json_schema import diagnostics_of
from tests.properties.compiling import ALL_TARGETS, toolchain
from tests.properties.hostile import LEGAL_TEXTS, TEXTS
from tests.properties.parameters import declarations, parameters
from tests.properties.test_inertness import GOOD, PLACES
from tests.properties.test_robustness import AS_TEXT, VALUES

TOOLS = toolchain()
VALIDATORS = {table: Draft202012Validator(it) for table, it in row_schemas(TOOLS).items()}
DECLARATIONS = declarations()
OF_CHECKED = {"column-checks", "table-checks"}
"""Formats that read only what the schema around them has found right."""
READERS = {
    name: reader
    for name, reader in {**FORMATS, **SERVICE_FORMATS}.items()
    if name not in OF_CHECKED
}
OBJECTS = OF_OBJECTS | {"identifier-keys"}
LISTS_TOO = {"json-text", "s3-address", "s3-keys", "regular-expressions"}
LIKELY = st.sampled_from(
    [90, 0.5, "90s", " 1.5 h", "20m", "PT5M", "P1W", "P1DT2H", "3660d", "@daily", "@once", 86_400,
     "0 2 * * *", "*/5  8-18 * JAN-MAR mon,FRI#2", "0 0 L * ?", "2024-01-31", "20240131T06",
     "2024-W05-3", "2024-01-31 06:00:00.5", "2024-01-31x06", "Europe/Berlin", "a.b:c", "größe.x:é",
     "s3://a", "s3://b/c", "S3A://b/c", "https://x", "{{ ds }}", "{% if a %}", "file:///a",
     "redshift://h:5439/d/s/t", "x+y://z", "arn:aws:sns:eu-central-1:123456789012:topic", "a@b",
     "Data <a@b.c>", "bucket", "load", {"A": "b"}, {"--a": "b"}, {"größe": 1}]
)  # fmt: skip


def _assert_accepts(table: str, row: dict[str, Any]) -> None:
    has_key = all(value.strip() for _, value in row_key(table, row).key)
    if has_key and not has_errors(diagnostics_of(table, row, TOOLS)):
        VALIDATORS[table].validate(row)


@pytest.mark.parametrize("kind", DECLARATIONS)
@settings(max_examples=EXAMPLES // 8)
@given(data=st.data())
def test_parameters(kind: str, data: st.DataObject) -> None:
    params = data.draw(parameters(DECLARATIONS[kind], LEGAL_TEXTS))
    spelled = data.draw(st.sampled_from([kind, kind.lower(), kind.replace("-", "_"), f" {kind} "]))
    task = {"task_id": 1, "task_name": "t", "task_type": spelled, "task_params": params}
    _assert_accepts("mwaa_task", task)
    _assert_accepts("mwaa_task", {**task, "task_params": json.dumps(params)})
    job = {"job_type": "a", "job_id": "1", "job_name": "j"}
    _assert_accepts("mwaa_job", {**job, "job_params": {"task_params": {spelled: params}}})


@pytest.mark.parametrize(("table", "attribute"), PLACES, ids=str)
@settings(max_examples=EXAMPLES // 2)
@given(value=st.one_of(VALUES, AS_TEXT, TEXTS))
@example("null")
@example('"{}"')
@example([{"task_id": 1, "job_id": 1, "pid": [0, None, "", False, {}, [], "2"]}])
@example([{"task_id": 1, "job_id": 1, "pid": {}}])
@example([{"task_id": 1, "job_id": 1, "retries": None}])
@example({"": {"retries": 1}, "2": {}})
def test_any_value_in_any_attribute(table: str, attribute: str, value: Any) -> None:
    _assert_accepts(table, {**GOOD[table], attribute: value, "of_the_team": value})


@pytest.mark.parametrize("name", READERS)
@given(value=st.one_of(LIKELY, VALUES, TEXTS))
def test_formats(name: str, value: Any) -> None:
    kinds: Any = dict if name in OBJECTS else (str, int, float)
    if (
        isinstance(value, kinds)
        and (isinstance(value, str) or name in OBJECTS or name in ("duration", "schedule"))
        and not isinstance(READERS[name](value), Mistake)
    ):
        Draft202012Validator(format_schema(name)).validate(value)


@pytest.mark.parametrize("target", ALL_TARGETS, ids=str)
def test_what_a_later_airflow_takes_is_refused_before(target: Any) -> None:
    task = {"task_id": "1", "task_name": "t", "task_type": "ECS"}
    task["task_params"] = {"stop_task_on_failure": True}  # type: ignore[assignment]
    schema = row_schemas(toolchain(target))["mwaa_task"]
    assert Draft202012Validator(schema).is_valid(task) is (target >= (3, 1))
