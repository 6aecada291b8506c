"""The plugin of run history fits each real Airflow: it is found, its hooks are taken and record."""

import json
import subprocess
from typing import Any

import pytest

from tests.airflow.compiled import ROOT

VERSIONS = ["2.11", "3.0", "3.3"]
KNOWS_SKIPPED = {"3.3"}
TRY = "schedule-x__y__manual__2026#t#-1#1"


@pytest.fixture(scope="module", params=VERSIONS)
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def report(version: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `listen.py` writes down."""
    python = ROOT / f".venv/tools/airflow-{version}/bin/python"
    assert python.exists(), "run: make test, which installs each Airflow"
    file = tmp_path_factory.mktemp(f"listen-{version}") / "report.json"
    arguments = [ROOT / "tests/airflow/listen.py", ROOT / "airflow_runtime/plugins", file]
    subprocess.run([python, *map(str, arguments)], check=True)
    return dict(json.loads(file.read_text()))


@pytest.fixture(scope="module")
def broken(version: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `broken_networks.py` writes down."""
    python = ROOT / f".venv/tools/airflow-{version}/bin/python"
    file = tmp_path_factory.mktemp(f"broken-{version}") / "report.json"
    arguments = [ROOT / "tests/airflow/broken_networks.py", ROOT / "airflow_runtime/plugins", file]
    subprocess.run([python, *map(str, arguments)], check=True)
    return dict(json.loads(file.read_text()))


def recorded(report: dict[str, Any], manager: str = "airflow.listeners.listener") -> list[Any]:
    return list(report["managers"][manager])


def test_every_hook_records(version: str, report: dict[str, Any]) -> None:
    tries = ["running", "success", "failed", "up_for_retry", "skipped"]
    if version not in KNOWS_SKIPPED:
        tries.remove("skipped")
    runs = ["running", "success", "failed"]
    expected = [("task_try", state) for state in tries] + [("dag_run", state) for state in runs]
    assert [(event["kind"], event["state"]) for event in recorded(report)] == expected
    for name in report["managers"].keys() - {"airflow.listeners.listener"}:
        assert recorded(report, name) == recorded(report)[: len(tries)], (
            "it has those of tasks alone"
        )


def test_a_failed_try(version: str, report: dict[str, Any]) -> None:
    (item,) = (
        event for event in recorded(report) if (event["run"], event["state"]) == (TRY, "failed")
    )
    base = "https://airflow.example/dags/job-a/"
    assert item.pop("url") == (
        f"{base}grid?dag_run_id=schedule-x__y__manual__2026&task_id=t&tab=logs"
        if version.startswith("2.")
        else f"{base}runs/schedule-x__y__manual__2026/tasks/t?try_number=1"
    )
    error = item.pop("error")
    assert error.startswith("ValueError: no *** xxx")
    assert len(error) == 2000
    assert {name: value for name, value in item.items() if value is not None} == {
        "run": TRY,
        "kind": "task_try",
        "run_id": "schedule-x__y__manual__2026",
        "task_id": "t",
        "map_index": -1,
        "try_number": 1,
        "operator": "BashOperator",
        "state": "failed",
        "started_at": "2026-11-22T05:00:00.000Z",
        "ended_at": "2026-11-22T05:01:30.000Z",
        "duration": 90.0,
        "latest": "2026-11-22/failed",
        "expires_at": 1803099600,
    }


def test_a_run_knows_what_started_it(report: dict[str, Any]) -> None:
    runs = [event for event in recorded(report) if event["kind"] == "dag_run"]
    for run in runs:
        assert run["scheduler_dag_id"] == "schedule-x__y"
        assert run["scheduler_run_id"] == "manual__2026"
        assert run["run_type"] == "manual"
    assert [run["reason"] for run in runs] == [None, None, "task_failure"]
    assert [run["latest"] for run in runs] == [
        *("2026-11-22/other", "2026-11-22/other", "2026-11-22/failed")
    ]


def test_to_load_it_imports_no_boto(report: dict[str, Any]) -> None:
    """Airflow loads plugins in each of its processes."""
    assert report["imports"] == []


@pytest.mark.parametrize("network", ["drip", "silent", "resolver"])
def test_no_hook_waits_for_a_network_that_never_answers(
    broken: dict[str, Any], network: str
) -> None:
    found = broken[network]
    assert found["held"], "all hooks had returned before the first request had its answer"
    assert found["dropped"] == 2
    assert found["lines"]


def test_a_network_that_refuses_is_told(broken: dict[str, Any]) -> None:
    assert broken["gone"]["dropped"] == 2
    assert broken["gone"]["lines"]


def test_the_end_of_a_task_is_recorded_though_its_statement_is_not_described(
    broken: dict[str, Any],
) -> None:
    assert broken["describe"]["held"]
    assert broken["describe"]["dropped"] == broken["describe"]["lines"] == 0
