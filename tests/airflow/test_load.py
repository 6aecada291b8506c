"""Every compiled file loads in the real Airflow of its target, and means what its rows say."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from dagc.compiler.analysis.models import JobModel, SchedulerModel, TaskModel
from dagc.compiler.schema.formats import Interval
from dagc.compiler.schema.task_results import Mapped
from dagc.compiler.targets import Target, find_target
from tests.airflow.compiled import ROOT, Compiled, compile_everything

TEMPLATED_AS_GIVEN = ("sql", "bash_command", "query", "op_kwargs", "env", "bucket_key")
"""Parameters that reach the operator under their own name, unchanged."""


class Loaded(NamedTuple):
    """A compiled DAG, and what Airflow made of its file."""

    compiled: Compiled
    report: Mapping[str, Any]

    @property
    def dag(self) -> Mapping[str, Any]:
        """What Airflow made of the DAG."""
        dags: Mapping[str, Mapping[str, Any]] = self.report["dags"]
        return dags[self.compiled.dag.dag_id]


@pytest.fixture(scope="module", params=["2.11", "3.0", "3.3"])
def loaded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> list[Loaded]:
    """All DAGs, compiled for a target and loaded in its Airflow."""
    target = find_target(request.param)
    assert isinstance(target, Target)
    folder = tmp_path_factory.mktemp(f"airflow-{request.param}")
    dags = folder / "dags"
    dags.mkdir()
    compiled = list(compile_everything(target))
    for each in compiled:
        assert each.dag.text is not None
        (dags / each.file).write_bytes(each.dag.text.encode())
    report = load_in_airflow(request.param, dags, folder / "report.json")
    assert report["airflow"].startswith(f"{request.param}.")
    return [Loaded(each, report["files"][each.file]) for each in compiled]


def load_in_airflow(version: str, dags: Path, report: Path) -> dict[str, Any]:
    """What Airflow makes of the files in a folder."""
    python = ROOT / f".venv/tools/airflow-{version}/bin/python"
    assert python.exists(), "run: make test, which installs each Airflow"
    subprocess.run([python, ROOT / "tests/airflow/load.py", dags, report], check=True)
    return dict(json.loads(report.read_text()))


def test_no_file_has_an_import_error(loaded: list[Loaded]) -> None:
    errors = {each.compiled.file: each.report["errors"] for each in loaded if each.report["errors"]}
    assert errors == {}


def test_no_file_causes_a_warning(loaded: list[Loaded]) -> None:
    warned = {e.compiled.file: e.report["warnings"] for e in loaded if e.report["warnings"]}
    assert warned == {}


def test_each_file_holds_its_one_dag(loaded: list[Loaded]) -> None:
    assert len(loaded) > 60
    for each in loaded:
        assert list(each.report["dags"]) == [each.compiled.dag.dag_id]


def test_tasks_and_edges_are_those_of_the_rows(loaded: list[Loaded]) -> None:
    for each in loaded:
        tasks = each.dag["tasks"]
        edges = {(up, down) for up, task in tasks.items() for down in task["downstream"]}
        assert (set(tasks), edges) == _expected_graph(each.compiled.model), each.compiled.file


def _expected_graph(model: JobModel | SchedulerModel) -> tuple[set[str], set[tuple[str, str]]]:
    if isinstance(model, JobModel):
        tasks = {task.task_id for task in model.tasks}
        edges = {(up, task.task_id) for task in model.tasks for up in task.upstream}
        groups = {group.group_id for group in model.groups.values()}
        end = "end_" if "end" in tasks | groups else "end"
        return tasks | {end for _ in model.last}, edges | {(last, end) for last in model.last}
    ids = {trigger.task_id for trigger in model.triggers}
    edges = {(up, it.task_id) for it in model.triggers for up in it.upstream or ("start",)}
    return {*ids, "start", "end"}, edges | {(last, "end") for last in model.last}


def test_texts_reach_airflow_byte_for_byte(loaded: list[Loaded]) -> None:
    compared = 0
    for each in loaded:
        for task in each.compiled.model.tasks if isinstance(each.compiled.model, JobModel) else ():
            shown = each.dag["tasks"][task.task_id]
            for name in TEMPLATED_AS_GIVEN:
                given = task.params.get(name)
                if task.takes or given is None or name not in shown["template_fields"]:
                    continue
                if isinstance(given, Mapped):
                    assert shown["arguments"][name] == given.value
                else:
                    fields = shown["arguments" if task.mapped else "template_fields"]
                    if task.type.name == "DBT":  # which adds its own
                        assert fields[name].items() >= given.items()
                    else:
                        assert fields[name] == given
                compared += 1
            assert not _taken_for_a_file(task, shown), (each.compiled.file, task.task_id)
    assert compared > 200


def _taken_for_a_file(task: TaskModel, shown: Mapping[str, Any]) -> bool:
    suffixes = tuple(shown["template_ext"])
    texts = [task.params.get(name) for name in TEMPLATED_AS_GIVEN]
    return any(isinstance(text, str) and suffixes and text.endswith(suffixes) for text in texts)


def test_a_job_runs_only_when_it_is_triggered(loaded: list[Loaded]) -> None:
    for each in loaded:
        if isinstance(each.compiled.model, JobModel):
            assert each.dag["schedule"]["timetable"].endswith("NullTimetable")
            paused = each.compiled.model.settings["is_paused_upon_creation"]
            assert each.dag["is_paused_upon_creation"] is paused
            assert each.dag["catchup"] is False


def test_a_schedule_means_the_same_in_every_airflow(loaded: list[Loaded]) -> None:
    for each in loaded:
        model = each.compiled.model
        if not isinstance(model, SchedulerModel):
            continue
        schedule = each.dag["schedule"]
        interval = model.settings.get("schedule_interval")
        timetable = schedule["timetable"].rpartition(".")[2]
        own = model.settings.get("timetable")
        expected = own.path.rpartition(".")[2] if own else _timetable(interval)
        if model.settings.get("assets"):
            expected = "OrTimeSchedule" if interval or own else "TriggeredTimetable"
            timetable = timetable.removeprefix("Asset").removeprefix("Dataset")
        assert timetable == expected, each.compiled.file
        if timetable == "CronDataIntervalTimetable":
            assert schedule["arguments"]["timezone"] == model.settings["timezone"]
        assert each.dag["max_active_runs"] == model.settings["max_active_runs"]
        assert each.dag["catchup"] is model.settings["catchup"]


def _timetable(interval: object) -> str:
    if isinstance(interval, Interval):
        return "DeltaDataIntervalTimetable"
    if isinstance(interval, list):
        return "MultipleCronTriggerTimetable"
    special = {
        None: "NullTimetable",
        "@once": "OnceTimetable",
        "@continuous": "ContinuousTimetable",
    }
    assert interval is None or isinstance(interval, str)
    return special.get(interval, "CronDataIntervalTimetable")


def test_a_trigger_waits_and_can_be_cleared(loaded: list[Loaded]) -> None:
    for each in loaded:
        if isinstance(each.compiled.model, SchedulerModel):
            for trigger in each.compiled.model.triggers:
                fields = each.dag["tasks"][trigger.task_id]["template_fields"]
                assert fields["trigger_dag_id"] == trigger.dag_id
                assert fields["trigger_run_id"].endswith("__{{ run_id }}")
                moved = trigger.shared or bool(trigger.alias)
                assert ("microsecond=" in fields["logical_date"]) is moved
                assert (fields["conf"] or None) == trigger.settings.get("conf")
