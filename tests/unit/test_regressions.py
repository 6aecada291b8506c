"""Rows that once came out wrong, and nowhere else belong."""

from typing import Any

import pytest

from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.compilation import Dag, compile_rows, read_rows
from dagc.compiler.targets import Target

TASK = {"task_id": "1", "task_name": "t", "task_type": "EMPTY"}
JOB = {"job_type": "a", "job_id": "1", "job_name": "j", "task_list": "1"}
SCHEDULER = {"schedule_id": "1", "schedule_name": "s", "job_list": "1"}


def _compiled(task: Any = None, job: Any = None, scheduler: Any = None) -> list[Dag]:
    tools, _ = load_toolchain(Target(3, 0), "")
    assert tools is not None
    rows = read_rows(
        [TASK | (task or {})], [JOB | (job or {})], [SCHEDULER | (scheduler or {})], tools
    )
    return list(compile_rows(rows, tools))


NULLED = ["timezone", "start_date", "catchup", "max_active_runs", "poke_interval"]


@pytest.mark.parametrize("name", NULLED)
@pytest.mark.parametrize("interval", ["@daily", "@continuous"])
def test_a_null_means_the_default(name: str, interval: str) -> None:
    schedule = {"schedule_interval": interval}
    [_, plain] = _compiled(scheduler={"schedule_params": schedule})
    [_, nulled] = _compiled(scheduler={"schedule_params": {**schedule, name: None}})
    assert plain.text is not None
    if name != "start_date":  # the deployment's defaults say one, which the null removes
        assert nulled.text == plain.text
    assert nulled.text is not None
    assert "start_date=pendulum.datetime(2024, 1, 1" in nulled.text


def test_a_jobs_null_means_one_run_at_a_time() -> None:
    [job, _] = _compiled(job={"job_params": {"max_active_runs": None}})
    assert job.text is not None
    assert "max_active_runs=1," in job.text


@pytest.mark.parametrize(
    "key", ["coding: utf-7", "coding=nonsense", "x encoding:\trot13", "# noqa"]
)
def test_a_key_does_not_speak_to_python(key: str) -> None:
    [job, _] = _compiled(job={"job_type": key})
    assert job.text is not None
    compile(job.text.encode(), "dag.py", "exec")
    for line in job.text.splitlines()[:2]:
        assert "coding:" not in line
        assert "coding=" not in line
        assert "#" not in line[1:]


@pytest.mark.parametrize("params", ["text", 1, [], {"BASH": "text"}, {"bash": {}, "BASH": {}}])
def test_task_params_of_a_job_that_are_none(params: Any) -> None:
    [job, _] = _compiled(job={"job_params": {"task_params": params}})
    assert job.text is None
    assert job.diagnostics[0].attribute == "job_params"


def test_a_nul_deep_in_an_override() -> None:
    [job, _] = _compiled(job={"job_task_configs": {"1": {"params": {"a": ["\0"]}}}})
    assert job.text is None
    assert "bad-text" in {str(diagnostic.code) for diagnostic in job.diagnostics}


def test_the_built_in_defaults_say_nothing() -> None:
    tools, _ = load_toolchain(Target(3, 0), "prod")
    assert tools is not None
    assert not any(tools.defaults)


def test_params_in_error_are_no_bug_where_a_text_uses_them() -> None:
    task = {"task_type": "BASH", "task_params": {"bash_command": "{{ params.a }} {{ a }}"}}
    job, _ = _compiled(task, {"job_params": {"params": "a"}}, {"schedule_params": {"conf": "a"}})
    assert job.bug is None
    assert [item.code for item in job.diagnostics if item.table == "mwaa_task"] == ["unknown-name"]
