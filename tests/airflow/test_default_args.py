"""What tasks share stands in the DAG's `default_args`, and no operator gets another value."""

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.targets import Target, find_target
from dagc.compiler.task_types import SHARED_ARGUMENTS
from tests.airflow.compiled import ROOT, compile_everything
from tests.airflow.test_load import load_in_airflow


@pytest.fixture(params=["2.11", "3.0", "3.3"])
def target(request: pytest.FixtureRequest) -> Target:
    """Each Airflow."""
    target = find_target(request.param)
    assert isinstance(target, Target)
    return target


def test_each_type_says_which_of_them_its_operator_takes(target: Target) -> None:
    toolchain, _ = load_toolchain(target, "")
    assert toolchain is not None
    types = [it for it in toolchain.types.values() if not it.any_operator]
    operators = {
        task_type.name: [f"{module}:{name}" for name, module in task_type.imports.items()]
        for task_type in types
    }
    taken = _taken(target, {name for names in operators.values() for name in names})
    for task_type in types:
        assert task_type.default_args is not None
        for name, module in task_type.imports.items():
            # An older provider's may take fewer. (Of EMPTY it is what all operators take: nothing.)
            assert taken[f"{module}:{name}"] <= task_type.default_args[name], name


def _taken(target: Target, operators: Iterable[str]) -> dict[str, set[str]]:
    done = subprocess.run(
        [
            ROOT / f".venv/tools/airflow-{target}/bin/python",
            "-Wignore",
            ROOT / "tests/airflow/signatures.py",
            ",".join(SHARED_ARGUMENTS),
            *sorted(operators),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    report: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return {operator: set(names) for operator, names in report.items()}


def test_every_operator_gets_what_it_would_get_without(target: Target, tmp_path: Path) -> None:
    shared = {each.file: each.dag.text for each in compile_everything(target)}
    alone = {each.file: each.dag.text for each in compile_everything(target, sharing=False)}
    moved = [file for file in shared if shared[file] != alone[file]]
    assert len(moved) > 30
    dags = tmp_path / "dags"
    dags.mkdir()
    for file in moved:
        _write(dags / f"shared-{file}", shared[file])
        _write(dags / f"alone-{file}", alone[file])
    arguments = _arguments(load_in_airflow(str(target), dags, tmp_path / "report.json"))
    for file in moved:
        assert arguments[f"shared-{file}"] == arguments[f"alone-{file}"], file


def _write(path: Path, text: str | None) -> None:
    assert text is not None
    path.write_bytes(text.encode())


def _arguments(report: dict[str, Any]) -> dict[str, Any]:
    """By file and task, the arguments that its operator got."""
    return {
        file: {task_id: task["arguments"] for task_id, task in dag["tasks"].items()}
        for file, found in report["files"].items()
        for dag in found["dags"].values()
    }
