"""A scheduler of the examples, from its rows to the rows of its report, in each real Airflow."""

import subprocess
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from demo.airflow import outlet
from demo.airflow.outlet import expected_report
from demo.airflow.stage import AirflowStage
from demo.waiting import wait_until
from tests.live.history import recorded
from tests.live.jobs import child_run

ROOT = Path(__file__).parents[2]
SCHEDULER = outlet.SCHEDULER
STATE = {
    False: 'tr:has-text("Status") >> text="success"',
    True: ':text-matches("^success$", "i"):above(:text-is("Logical Date"))',
}
"""Where the page of a run in Airflow 2, or 3, says how it ended: not of a task, nor in a legend."""


class Outlet(NamedTuple):
    """The scheduled run of the outlet's day, when it has ended."""

    stage: AirflowStage
    day: date
    run: Mapping[str, Any]
    state: str

    @property
    def run_id(self) -> str:
        """Airflow's id of the run."""
        return str(self.run.get("dag_run_id"))

    @property
    def jobs(self) -> dict[str, Any]:
        """The triggers, by the DAG id of their job."""
        tasks = self.stage.airflow.rest.tasks(SCHEDULER, self.run_id)
        return {
            f"job-{name.removeprefix('trigger_')}": task
            for name, task in tasks.items()
            if name.startswith("trigger_")
        }


@pytest.fixture(scope="session")
def ended(stage: AirflowStage) -> Outlet:
    """Switch the scheduler on, as a person does: its run for the last day begins by itself."""
    day = outlet.last_day()
    outlet.put_sales(stage.stack.s3, day)
    rest = stage.airflow.rest
    rest.pause(SCHEDULER, paused=False)
    runs = wait_until(
        lambda: rest.runs(SCHEDULER), bool, f"a scheduled run of {SCHEDULER}", every=0.5
    )
    run = runs[0]
    state = rest.wait_for(SCHEDULER, run["dag_run_id"])
    return Outlet(stage, day, rest.run(SCHEDULER, run["dag_run_id"]), state)


def test_the_run_is_the_schedule_s_and_green(ended: Outlet) -> None:
    assert ended.state == "success", _failed(ended)
    assert ended.run["run_type"] == "scheduled"
    assert datetime.fromisoformat(ended.run["logical_date"]).date() == ended.day


def test_jobs_ran_in_the_order_of_their_rows(ended: Outlet) -> None:
    rest = ended.stage.airflow.rest
    order = outlet.ORDER
    assert set(ended.jobs) == {job for pair in order for job in pair}
    runs = {job: rest.run(job, child_run(SCHEDULER, ended.run_id)) for job in ended.jobs}
    assert {run["state"] for run in runs.values()} == {"success"}
    for before, after in order:
        assert _moment(runs[before]["end_date"]) <= _moment(runs[after]["start_date"])


def test_the_warehouse_holds_the_report(ended: Outlet) -> None:
    found = outlet.report(ended.stage.services.postgres, ended.day)
    assert found == expected_report(ended.day)


def test_the_announcement_was_made_once(ended: Outlet) -> None:
    (announced,) = ended.stage.services.announcements()
    assert announced["date"] == ended.day.isoformat()


def test_every_run_and_try_is_in_the_history(ended: Outlet) -> None:
    rest = ended.stage.airflow.rest
    for dag_id, run_id in [
        (SCHEDULER, ended.run_id),
        *((job, child_run(SCHEDULER, ended.run_id)) for job in ended.jobs),
    ]:
        history = recorded(ended.stage, dag_id, run_id)
        # Airflow runs no EmptyOperator: it is set to success without a process that could tell.
        tasks = {
            name
            for name, task in rest.tasks(dag_id, run_id).items()
            if task["operator"] != "EmptyOperator"
        }
        assert history.run["state"] == "success"
        assert set(history.tasks) == tasks
        assert {task["state"] for task in history.tasks.values()} == {"success"}


def test_a_browser_finds_the_run_green(ended: Outlet, artifacts: Path) -> None:
    airflow = ended.stage.airflow
    picture = artifacts / f"airflow-{airflow.version.name}.png"
    page = airflow.run_page(SCHEDULER, ended.run_id)
    python = ROOT / ".venv/tools/browser/bin/python"
    subprocess.run(
        [python, ROOT / "tests/live/look.py", page, STATE[airflow.rest.is_three], picture],
        check=True,
    )
    assert picture.stat().st_size > 10_000


def _failed(ended: Outlet) -> dict[str, dict[str, str]]:
    """The tasks that are not green, by DAG: what a person needs who reads this test's failure."""
    rest = ended.stage.airflow.rest
    tasks = {SCHEDULER: rest.tasks(SCHEDULER, ended.run_id)}
    tasks |= {job: rest.tasks(job, child_run(SCHEDULER, ended.run_id)) for job in ended.jobs}
    return {
        dag: {name: task["state"] for name, task in found.items() if task["state"] != "success"}
        for dag, found in tasks.items()
    }


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
