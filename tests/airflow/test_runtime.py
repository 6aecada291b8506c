"""What `airflow_runtime/` puts into the DAG folder, as real Airflow sees it."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from dagc.cli.runtime_files import PLUGINS, built_in_runtime, runtime_files
from dagc.compiler.targets import Target, find_target
from tests.airflow.compiled import ROOT

PROBE = """
import importlib, json, os, sys
from airflow.utils.file import list_py_file_paths

folder, *modules = sys.argv[1:]
parsed = [os.path.relpath(path, folder) for path in list_py_file_paths(folder, safe_mode=False)]
sys.path.insert(0, folder)
imported = [importlib.import_module(module).__name__ for module in modules]
print(json.dumps({"parsed": sorted(parsed), "imported": imported}))
"""
"""Prints which files of a folder Airflow parses, and that tasks can import these modules of it."""

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(params=["2.11", "3.0", "3.3"])
def airflow(request: pytest.FixtureRequest) -> Target:
    """Each Airflow."""
    target = find_target(request.param)
    assert isinstance(target, Target)
    return target


def _write(folder: Path, files: dict[str, bytes]) -> None:
    for key, content in files.items():
        path = folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _probed(airflow: Target, home: Path, *modules: str) -> dict[str, Any]:
    python = ROOT / f".venv/tools/airflow-{airflow}/bin/python"
    assert python.exists(), "run: make test, which installs each Airflow"
    clean = {name: text for name, text in os.environ.items() if not name.startswith("AIRFLOW_")}
    done = subprocess.run(
        [python, "-W", "ignore", "-c", PROBE, home / "dags", *modules],
        env={**clean, "AIRFLOW_HOME": str(home), "AIRFLOW__CORE__LOAD_EXAMPLES": "False"},
        check=True,
        capture_output=True,
        text=True,
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_airflow_parses_the_generated_files_and_no_module(airflow: Target, tmp_path: Path) -> None:
    files = runtime_files(built_in_runtime(), EXAMPLES, airflow, "dags")
    files.pop(PLUGINS)
    modules = [
        path.relative_to(EXAMPLES / "airflow" / "dags").with_suffix("").as_posix().replace("/", ".")
        for path in (EXAMPLES / "airflow" / "dags").rglob("*.py")
        if path.name != "__init__.py"
    ]
    assert "retail.quality" in modules
    generated = {"dags/generated/job-retail.py": b"", "dags/team.py": b""}
    _write(tmp_path, {**files, **generated})
    found = _probed(airflow, tmp_path, *modules)
    assert found["parsed"] == ["generated/job-retail.py", "team.py"]
    assert found["imported"] == modules
