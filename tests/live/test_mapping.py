"""Mapped tasks run once for each value, and results are what tasks return, in each real Airflow."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from demo import rows
from demo.airflow.stage import AirflowStage
from tests.live.jobs import known, rows_of

ROWS = rows_of("mapping.yaml")
FUNCTIONS = "live_values.py"
VALUES, EMPTY = "job-mapping_values", "job-mapping_empty"

Noted = dict[str, list[tuple[int, Any]]]
"""By task, the map index and the value of each that ran."""


@pytest.fixture(scope="session")
def runs(stage: AirflowStage) -> dict[str, str]:
    """A run of each job, just started."""
    shutil.copy(Path(__file__).with_name(FUNCTIONS), stage.airflow.dags)
    rows.load(stage.stack, ROWS, Console(quiet=True))
    known(stage, VALUES, EMPTY)
    now = datetime.now(UTC)
    return {dag: stage.airflow.rest.trigger(dag, logical_date=now) for dag in (VALUES, EMPTY)}


@pytest.fixture
def noted(stage: AirflowStage, runs: dict[str, str]) -> Noted:
    """What the tasks of the run with values were given."""
    assert stage.airflow.rest.wait_for(VALUES, runs[VALUES]) == "success"
    found: Noted = {}
    for line in (stage.airflow.home / "mapped").read_text().splitlines():
        note = json.loads(line)
        if note["run"] == runs[VALUES]:
            found.setdefault(note["task"], []).append((note["index"], note["value"]))
    return {task: sorted(notes) for task, notes in found.items()}


def test_a_task_runs_for_each_of_five_values(noted: Noted) -> None:
    assert noted["mapped.each"] == [(number, number) for number in range(5)]


def test_the_values_of_a_list_are_rendered(noted: Noted, runs: dict[str, str]) -> None:
    assert noted["listed"] == [(0, runs[VALUES]), (1, "2")]


def test_the_result_of_a_mapped_task_is_that_of_all(noted: Noted) -> None:
    assert noted["all"] == [(-1, [0, 1, 2, 3, 4])]


def test_the_result_by_a_key(noted: Noted) -> None:
    assert noted["right"] == [(-1, [2, 3])]


def test_over_nothing_a_task_is_skipped(stage: AirflowStage, runs: dict[str, str]) -> None:
    rest = stage.airflow.rest
    assert rest.wait_for(EMPTY, runs[EMPTY]) == "success"
    states = {name: task["state"] for name, task in rest.tasks(EMPTY, runs[EMPTY]).items()}
    assert states == {"nothing": "success", "never": "skipped", "after": "skipped"}
