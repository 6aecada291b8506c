"""Jobs as the properties draw them, of tasks that take results of one another, load in Airflow."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from dagc.compiler import Target, find_target
from tests.airflow.test_load import load_in_airflow
from tests.properties.compiling import compile_items, toolchain
from tests.properties.mapped_jobs import MappedJob, mapped_jobs

DRAWN = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("version", ["2.11", "3.0", "3.3"])
def test_each_drawn_job_loads(version: str, tmp_path: Path) -> None:
    dags = tmp_path / "dags"
    dags.mkdir()
    for number, text in enumerate(_files(version)):
        named = text.replace('dag_id="job-j"', f'dag_id="job-{number}"', 1)
        (dags / f"job-{number}.py").write_text(named, "utf-8")
    files = load_in_airflow(version, dags, tmp_path / "report.json")["files"]
    assert len(files) > 40
    assert {name: it["errors"] for name, it in files.items() if it["errors"]} == {}
    assert {name: it["warnings"] for name, it in files.items() if it["warnings"]} == {}


def _files(version: str) -> list[str]:
    """The files of some jobs that have no error."""
    target = find_target(version)
    assert isinstance(target, Target)
    found: list[str] = []

    @DRAWN
    @given(drawn=mapped_jobs())
    def draw(drawn: MappedJob) -> None:
        [dag] = compile_items(drawn.tasks, [drawn.job], tools=toolchain(target))
        if dag.text is not None:
            found.append(dag.text)

    draw()
    return found
