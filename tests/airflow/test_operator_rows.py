"""A row with what the catalogue says an operator needs becomes a task of the real Airflow.

Of every operator whose package the tests' Airflow has. `operator_rows.yaml` has what more some of
them need, and which cannot be, with the reason. (`python -m tests.airflow.test_operator_rows 3.1
PYTHON` tries them in another Airflow, such as one with all providers.)
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml

from dagc.compiler import (
    Dag,
    Signature,
    Target,
    compile_rows,
    find_target,
    load_toolchain,
    read_rows,
)
from tests.airflow.installed import ROOT, installed_python

EXCEPTIONS: Mapping[str, Mapping[str, Any]] = yaml.safe_load(
    (ROOT / "tests/airflow/operator_rows.yaml").read_text("utf-8")
)
VALUES: Mapping[str, Any] = {
    "string": "x",
    "object": {"key": "x"},
    "array": ["x"],
    "integer": 1,
    "number": 1,
    "boolean": True,
    "timedelta": "1h",
    "datetime": "2025-01-01T00:00:00+00:00",
    "null": None,
}
"""A value of each kind, the kinds in the order in which they are preferred."""
_NOT_HERE = "ModuleNotFoundError: No module named"
"""What operators say between two services, where the provider of one of them is not installed."""
_PACKAGES = """
from importlib.metadata import distributions
print(*{each.metadata["Name"].lower().replace("_", "-") for each in distributions()})
"""


@pytest.mark.parametrize("name", ["2.11", "3.0", "3.3"])
def test_each_operator_becomes_a_task_with_what_it_needs(name: str, tmp_path: Path) -> None:
    target = find_target(name)
    assert isinstance(target, Target)
    tried, found = problems(target, installed_python(target), tmp_path)
    assert tried > 200
    assert found == {}


def problems(target: Target, python: Path, folder: Path) -> tuple[int, dict[str, Any]]:
    """How many operators the Airflow of `python` has of the catalogue, and by the path of each that
    cannot be a task with what it needs, and is no exception, what is said of it.
    """
    toolchain, diagnostics = load_toolchain(target, "")
    assert toolchain is not None, diagnostics
    output = subprocess.check_output([python, "-c", _PACKAGES], text=True)
    packages = {"", *output.split()}
    signatures = [
        signature
        for name in toolchain.operators.names(target)
        for signature in toolchain.operators.find(name, target)
        if signature.package in packages
    ]
    made = [_rows(number, each) for number, each in enumerate(signatures, 1)]
    rows = read_rows([task for task, _ in made], [job for _, job in made], (), toolchain)
    dags = {dag.dag_id: dag for dag in compile_rows(rows, toolchain)}
    by_id = {f"job-{number}": each for number, each in enumerate(signatures, 1)}
    said = {dag_id: _said(dag) for dag_id, dag in dags.items() if dag.text is None}
    said |= _errors(python, {i: dag.text for i, dag in dags.items() if dag.text}, folder)
    impossible = {name for name, exception in EXCEPTIONS.items() if "impossible" in exception}
    return len(signatures), {
        by_id[dag_id].path: texts
        for dag_id, texts in said.items()
        if texts and by_id[dag_id].name not in impossible
    }


def _rows(number: int, signature: Signature) -> tuple[dict[str, Any], dict[str, Any]]:
    """A task of the operator with what it must have, and a job of it."""
    arguments = {
        name: next((VALUES[kind] for kind in VALUES if kind in argument.kinds), "x")
        for name, argument in signature.arguments.items()
        if argument.required
    }
    more = EXCEPTIONS.get(signature.name, {}).get("needs", {})
    params = {"operator": signature.path, "arguments": arguments | more}
    task = {"task_id": str(number), "task_name": "task", "task_type": "OPERATOR"}
    job = {"job_type": "etl", "job_id": str(number), "job_name": str(number)}
    return {**task, "task_params": params}, {**job, "task_list": str(number)}


def _said(dag: Dag) -> list[str]:
    return [diagnostic.message for diagnostic in dag.diagnostics]


def _errors(python: Path, texts: Mapping[str, str], folder: Path) -> dict[str, list[str]]:
    """What the Airflow of `python` says of the files."""
    dags = folder / "dags"
    dags.mkdir()
    for dag_id, text in texts.items():
        (dags / f"{dag_id}.py").write_text(text, "utf-8")
    report = folder / "report.json"
    subprocess.run([python, ROOT / "tests/airflow/load.py", dags, report], check=True)
    files = json.loads(report.read_text("utf-8"))["files"]
    return {
        name.removesuffix(".py"): [each for each in file["errors"] if _NOT_HERE not in each]
        for name, file in files.items()
    }


def main(name: str, python: str) -> None:
    """Try the operators of a target in the Airflow of `python`."""
    target = find_target(name)
    assert isinstance(target, Target)
    with TemporaryDirectory() as folder:
        tried, found = problems(target, Path(python), Path(folder))
    sys.stdout.write(json.dumps(found, indent=1) + f"\n{tried} tried, {len(found)} wrong\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
