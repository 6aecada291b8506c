"""Which operators pass `execution_timeout` on when they defer: only those need no `wait_limit`."""

import json
import subprocess

import pytest

from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.catalog.sources import built_in_templates
from dagc.compiler.targets import Target, find_target
from tests.airflow.compiled import ROOT

_PASSED_ON = """
import importlib, inspect, json, sys
def source(name):
    module, _, operator = name.partition(":")
    return inspect.getsource(getattr(importlib.import_module(module), operator))
said = "timeout=self.execution_timeout"
print(json.dumps([n for n in sys.argv[1:] if said in source(n).replace(" ", "")]))
"""
_TIMED_WHILE_DEFERRED = """
import inspect
from airflow.models import taskinstance
print("execution_timeout" in inspect.getsource(taskinstance._defer_task))
"""
_NOT_TIMED = """
import inspect
from airflow.sdk.execution_time import task_runner
assert "execution_timeout" in inspect.getsource(task_runner)
print("execution_timeout" in inspect.getsource(task_runner._defer_task))
"""


@pytest.mark.parametrize("name", ["3.0", "3.3"])
def test_a_type_whose_operator_does_not_pass_it_on_has_a_limit(name: str) -> None:
    target = _target(name)
    toolchain, _ = load_toolchain(target, "")
    assert toolchain is not None
    deferring = {
        f"{module}:{operator}": task_type.wait_limit
        for task_type in toolchain.types.values()
        for operator, module in task_type.imports.items()
        if "deferrable" in (task_type.default_args or {}).get(operator, ())
        and "{{ deferrable }}" in (built_in_templates() / task_type.template).read_text("utf-8")
    }
    passed_on = set(json.loads(_run(target, _PASSED_ON, *deferring)))
    assert passed_on == {operator for operator, limit in deferring.items() if limit is None}


def test_airflow_times_what_is_deferred_in_2_alone() -> None:
    assert _run(_target("2.11"), _TIMED_WHILE_DEFERRED) == "True"
    assert _run(_target("3.0"), _NOT_TIMED) == "False"
    assert _run(_target("3.3"), _NOT_TIMED) == "False"


def _target(name: str) -> Target:
    target = find_target(name)
    assert isinstance(target, Target)
    return target


def _run(target: Target, code: str, *arguments: str) -> str:
    """What a program prints last in the real Airflow."""
    done = subprocess.run(
        [ROOT / f".venv/tools/airflow-{target}/bin/python", "-Wignore", "-c", code, *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.splitlines()[-1]
