"""A PYTHON task gives its function what a plain PythonOperator gives it: by its own signature, of
Airflow's context and of `op_kwargs`.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from dagc.compiler import Target, compile_rows, find_target, load_toolchain, read_rows
from tests.airflow.compiled import ROOT

MODULE = "sample_callables"
CALLS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "by_position": {},
    "by_keyword": {"table": "sales"},
    "defaults": {"table": "sales"},
    "defaults.of_context_and_row": {"ds": "of the row"},
    "defaults.not_taken": {"tabel": "sales"},
    "everything": {"table": "sales"},
    "everything.ds_of_the_row": {"ds": "of the row"},
    "everything.any_name": {"context": 2, "imported": 3, "args": 4, "function": 5},
    "some_and_everything": {"table": "sales"},
    "by_position_only": {},
    "needs_more": {"table": "sales"},
    "any_positional": {},
    "fails": {},
    "generator": {"table": "sales"},
    "generator_of_metadata": {},
    "asynchronous": {"table": "sales"},
    "asynchronous_failure": {},
    "OfClass": {"table": "sales"},
    "instance": {"table": "sales"},
    "bound_method": {},
    "in_part": {},
    "in_part_by_position": {},
    "anonymous": {},
}
ERRORS = {"by_position_only", "needs_more", "fails", "asynchronous_failure", "in_part_by_position"}


@pytest.mark.parametrize("version", ["2.11", "3.0", "3.3"])
def test_a_function_gets_what_a_python_operator_gives(version: str, tmp_path: Path) -> None:
    target = find_target(version)
    assert isinstance(target, Target)
    (tmp_path / "job-calls.py").write_text(_compiled(target), encoding="utf-8")

    report = _called(version, tmp_path / "job-calls.py", tmp_path / "report.json")

    assert report.keys() == CALLS.keys()
    awaited = target >= (3, 2)  # before, a PythonOperator returns a coroutine that nobody awaits
    different = {
        name: seen
        for name, seen in report.items()
        if seen["generated"] != seen["plain"]
        and not (name.startswith("asynchronous") and not awaited)
    }
    assert not different
    outcomes = {name: seen["generated"] for name, seen in report.items()}
    assert {name for name, seen in outcomes.items() if seen[0].endswith("Error")} == ERRORS
    assert outcomes["defaults.of_context_and_row"][0] == "['of the row', 'orders', 'nothing']"
    assert outcomes["asynchronous"][0] == "['2026-11-01', 'sales']"
    assert outcomes["generator_of_metadata"][1] == ["{'day': '2026-11-01'}"]


def test_a_missing_module_fails_the_task_alone() -> None:
    target = find_target("3.0")
    assert isinstance(target, Target)
    assert "\nimport sample_callables" not in _compiled(target)
    assert "\nfrom sample_callables" not in _compiled(target)


def _compiled(target: Target) -> str:
    toolchain, diagnostics = load_toolchain(target, "")
    assert toolchain is not None, diagnostics
    tasks = [
        {
            "task_id": name,
            "task_name": name,
            "task_type": "PYTHON",
            "task_params": {
                "callable": f"{MODULE}:{name.partition('.')[0]}",
                "op_kwargs": arguments,
            },
        }
        for name, arguments in CALLS.items()
    ]
    job = {"job_type": "t", "job_id": "1", "job_name": "calls", "task_list": list(CALLS)}
    (dag,) = compile_rows(read_rows(tasks, [job], [], toolchain), toolchain)
    assert dag.text is not None, dag.diagnostics
    return dag.text


def _called(version: str, file: Path, report: Path) -> dict[str, Any]:
    folder = ROOT / "tests/airflow"
    python = ROOT / f".venv/tools/airflow-{version}/bin/python"
    subprocess.run(
        [python, "-Wignore", folder / "call_callables.py", file, MODULE, report],
        env={**os.environ, "PYTHONPATH": str(folder)},
        check=True,
    )
    found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    return found
