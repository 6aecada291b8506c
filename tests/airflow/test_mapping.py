"""The real Airflow takes each parameter that may be mapped, or be the result of another task."""

from pathlib import Path

import pytest

from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.targets import Target, find_target
from tests.airflow.test_load import load_in_airflow
from tests.unit.mapped_parameters import jobs_with_results, mapped_jobs


@pytest.mark.parametrize("version", ["2.11", "3.0", "3.3"])
def test_each_file_loads(version: str, tmp_path: Path) -> None:
    target = find_target(version)
    assert isinstance(target, Target)
    toolchain, _ = load_toolchain(target, "")
    assert toolchain is not None
    dags = tmp_path / "dags"
    dags.mkdir()
    for shape, jobs in ("mapped", mapped_jobs), ("result", jobs_with_results):
        for kind, name, dag in jobs(toolchain):
            assert dag.text is not None
            text = dag.text.replace('dag_id="', f'dag_id="{shape}-', 1)
            (dags / f"{shape}-{kind}.{name}.py").write_text(text, "utf-8")
    files = load_in_airflow(version, dags, tmp_path / "report.json")["files"]
    assert len(files) > 180
    assert {name: it["errors"] for name, it in files.items() if it["errors"]} == {}
    assert {name: it["warnings"] for name, it in files.items() if it["warnings"]} == {}
