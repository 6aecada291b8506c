"""The table of names from elsewhere: what it proposes is known here, what it says can be done."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from dagc.compiler import KEYS
from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.diagnostics import Code, Problem
from dagc.compiler.rows.on_failure import ON_FAILURE
from dagc.compiler.rows.settings import (
    JOB_PARAMS_SCHEMA,
    SCHEDULE_PARAMS_SCHEMA,
    TASK_CONFIG_SCHEMA,
    TRIGGER_CONFIG_SCHEMA,
    TRIGGER_RULES,
)
from dagc.compiler.schema.layers import LayerSchema
from dagc.compiler.schema.other_names import normalized, table
from dagc.compiler.targets import TARGETS
from dagc.compiler.task_types import TaskType, unknown_type

SETTINGS = {
    "job_params": JOB_PARAMS_SCHEMA,
    "job_task_configs": TASK_CONFIG_SCHEMA,
    "schedule_params": SCHEDULE_PARAMS_SCHEMA,
    "schedule_job_configs": TRIGGER_CONFIG_SCHEMA,
}
OF_AIRFLOW = """
    access_control allow_nested_operators allowed_run_types auto_register catchup concurrency dag
    dag_display_name dag_id dagrun_timeout deadline default_args default_view depends_on_past
    description disable_bundle_versioning do_xcom_push doc doc_json doc_md doc_rst doc_yaml email
    email_on_failure email_on_retry end_date execution_timeout executor executor_config fail_fast
    fail_stop ignore_first_depends_on_past inlets is_paused_upon_creation jinja_environment_kwargs
    logger_name map_index_template max_active_runs max_active_tasks max_active_tis_per_dag
    max_active_tis_per_dagrun max_consecutive_failed_dag_runs max_retry_delay multiple_outputs
    on_execute_callback on_failure_callback on_retry_callback on_skipped_callback
    on_success_callback orientation outlets owner owner_links params pool pool_slots post_execute
    pre_execute priority_weight queue render_template_as_native_obj rerun_with_latest_version
    resources retries retry_delay retry_exponential_backoff retry_policy run_as_user schedule
    schedule_interval sla sla_miss_callback start_date tags task_concurrency task_display_name
    task_group task_id template_searchpath template_undefined timetable trigger_rule
    user_defined_filters user_defined_macros wait_for_downstream
    wait_for_past_depends_before_skipping weight_rule
""".split()  # noqa: SIM905  a list would take a line for each
"""The arguments of DAG and BaseOperator in 2.11.2 and 3.3.2."""
RECORDED = json.loads((Path(__file__).parents[1] / "airflow/signatures.json").read_text("utf-8"))
OTHER_WORDS = {
    *("job_params", "job_task_configs", "job_task_dependencies", "job_list", "task_list"),
    *("schedule_params", "schedule_job_configs", "schedule_job_dependencies", "task_name"),
    *("schedule_description", "job_name", "schedule_name", "max_task_retry_delay", *KEYS),
}
"""What a text may name beside settings, parameters and types."""
_TOOLCHAIN, _ = load_toolchain(TARGETS[-1], "")
assert _TOOLCHAIN
TYPES: Mapping[str, TaskType] = _TOOLCHAIN.types
NAMES = {task_type.name for task_type in TYPES.values()}
PARAMETERS = {name for task_type in TYPES.values() for name in task_type.params.properties}


def _problems(schema: LayerSchema, name: str) -> list[Problem]:
    problems: list[Problem] = []
    schema.check({name: None}, (), problems)
    return problems


def _schemas() -> Iterator[LayerSchema]:
    yield from SETTINGS.values()
    yield from (task_type.params for task_type in TYPES.values())


@pytest.mark.parametrize("name", table()["keys"])
def test_a_key_means_one_that_is_known(name: str) -> None:
    meant = table()["keys"][name]
    places = [s for s in _schemas() if meant in s.properties and name not in s.properties]
    assert places
    for schema in places:
        [problem] = _problems(schema, name)
        assert json.loads(problem.proposal) == {"key": meant}
        assert not _problems(schema, meant)


def test_values_mean_trigger_rules() -> None:
    assert set(table()["values"].values()) <= set(TRIGGER_RULES)
    assert not set(table()["values"]) & set(TRIGGER_RULES)


def test_types_mean_types() -> None:
    assert set(table()["types"].values()) <= NAMES
    for name, meant in table()["types"].items():
        assert json.loads(unknown_type(name, TYPES.values()).proposal) == {"value": meant}


def test_what_there_is_no_type_for_is_said() -> None:
    names = [name for entry in table()["no_types"] for name in entry["names"]]
    assert len(set(map(normalized, names))) == len(names)
    for entry in table()["no_types"]:
        for name in entry["names"]:
            problem = unknown_type(name, TYPES.values())
            assert problem.hint.startswith(entry["say"])
            assert not problem.proposal


def _texts() -> Iterator[str]:
    yield from table()["settings"].values()
    yield from (entry["say"] for entry in table()["parameters"].values())
    yield from (entry["say"] for entry in table()["no_types"])


@pytest.mark.parametrize("text", list(_texts()))
def test_what_a_text_names_is_there(text: str) -> None:
    known = {name for schema in SETTINGS.values() for name in schema.properties}
    known |= PARAMETERS | OTHER_WORDS | set(ON_FAILURE)
    assert set(re.findall(r"\b[a-z]+(?:_[a-z]+)+\b", text)) <= known
    types = set(re.findall(r"\b[A-Z][A-Z0-9]+(?:-[A-Z]+)*\b", text))
    assert types <= NAMES | {"AWS", "COPY", "DAG", "EMR", "MWAA", "S3", "SSH", "UNLOAD"}
    if found := re.search(r"on_failure: (\{.*?\})", text):
        problems: list[Problem] = []
        JOB_PARAMS_SCHEMA.check({"on_failure": json.loads(found[1])}, (), problems)
        assert not problems


def test_a_setting_of_airflow_is_no_slip_for_another() -> None:
    """Each is a setting in that place, means one that is, or has a text."""
    for where, schema in SETTINGS.items():
        for name in OF_AIRFLOW:
            for problem in _problems(schema, name):
                meant = table()["keys"].get(name)
                expected = json.dumps({"key": meant}) if meant in schema.properties else ""
                assert problem.proposal == expected, (where, name)
                assert expected or problem.hint == table()["settings"].get(name), (where, name)


def test_an_argument_of_an_operator_is_no_slip_for_another() -> None:
    for task_type in TYPES.values():
        for operator in task_type.imports:
            for name in RECORDED[str(TARGETS[-1])].get(operator, ()):
                for problem in _problems(task_type.params, name):
                    meant = table()["keys"].get(name)
                    expected = json.dumps({"key": meant}) if meant else ""
                    if problem.code is Code.UNKNOWN_KEY:
                        assert problem.proposal in ("", expected), (operator, name)
