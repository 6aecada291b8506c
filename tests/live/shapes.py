"""The runs of `shapes.yaml`: all start at once, and each test looks at its own."""

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console

from demo import rows
from demo.airflow.stage import AirflowStage
from demo.local_aws import REGION
from demo.waiting import wait_until
from tests.live.jobs import ended_runs, known, rows_of

ROWS = rows_of("shapes.yaml")
BUCKET = TOPIC = "live-shapes"
MODULES = "live_choices.py", "live_calls.py"

CRONS = "schedule-shape_crons"
"""Not for Airflow 2."""

NOT_WAITING = "not_waiting"
"""A run of this scheduler, and the run of its job."""

Run = dict[str, Any]

_FULL = {"full": True}
_RUNS: dict[str, tuple[str, Run]] = {
    # First what takes longest; and this one has the date of the run that it waits for.
    "waiting": ("waiting", {}),
    "given_up": ("given_up", {}),
    "by_function": ("by_function", {}),
    "told": ("told", {}),
    "fills": ("fills", {}),
    "taken": ("branched", _FULL),
    "not_taken": ("branched", {}),
    "by_sql": ("by_sql", {}),
    "let_through": ("gated", _FULL),
    "cut_short": ("gated", {}),
    "torn_down": ("torn_down", {}),
    "torn_down_after_a_branch": ("torn_down_after_a_branch", {}),
    "operators": ("operators", {}),
}
"""The job of each run that is started by hand, and its conf."""

_HIDING = ("by_function", "given_up")
"""The runs in which a task fails when `join`, which follows it, has been skipped."""


class Outcome(NamedTuple):
    """The state of a run that has ended, and those of its tasks."""

    run: str
    tasks: dict[str, str]


@dataclass(frozen=True)
class Shapes:
    """The DAG and the run id of each run, by name."""

    stage: AirflowStage
    runs: dict[str, tuple[str, str]]

    def outcome(self, name: str) -> Outcome:
        """What became of a run."""
        dag_id, run_id = self.runs[name]
        state = self.stage.airflow.rest.wait_for(dag_id, run_id)
        return Outcome(state, self.states(name))

    def states(self, name: str) -> dict[str, str]:
        """The states of a run's tasks, as they are now."""
        return {task_id: task["state"] for task_id, task in self.tasks(name).items()}

    def tasks(self, name: str) -> dict[str, Run]:
        """What Airflow says of a run's tasks."""
        found: dict[str, Run] = self.stage.airflow.rest.tasks(*self.runs[name])
        return found

    def wait_for(self, name: str, task_id: str, *states: str) -> None:
        """Wait until a task of a run is in one of these states."""
        wait_until(
            lambda: self.states(name),
            lambda found: found.get(task_id) in states,
            f"{task_id} of {self.runs[name]} to be {' or '.join(states)}",
            every=0.5,
        )

    def calls(self, name: str, count: int) -> list[tuple[str, str]]:
        """Which of the team's functions a run has called, and of what, when it has so often."""
        _, run_id = self.runs[name]
        found = wait_until(
            lambda: [call[1:] for call in _calls(self.stage) if call[0] == run_id],
            lambda calls: len(calls) >= count,
            f"{count} calls of {run_id}",
            every=0.5,
        )
        return sorted((what, of) for what, of in found)

    def release(self, run_id: str) -> None:
        """Let the task go on that waits for this in a run."""
        (self.stage.airflow.home / run_id).touch()

    def unasked(self, dag_id: str, count: int) -> list[Run]:
        """The runs of a DAG that nobody has triggered, when so many have ended."""
        return ended_runs(self.stage, dag_id, count)


def begun(stage: AirflowStage) -> Shapes:
    """Load the rows, start the runs, and let those go on that wait for another one."""
    rest, now = stage.airflow.rest, datetime.now(UTC)
    stage.stack.s3.create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    for module in MODULES:
        shutil.copy(Path(__file__).with_name(module), stage.airflow.dags)
    rows.load(stage.stack, ROWS, Console(quiet=True))
    dag_ids = rows.dag_ids(ROWS) - (set() if rest.is_three else {CRONS})
    known(stage, *dag_ids)
    for dag_id in sorted(dag_ids):
        if dag_id.startswith("schedule-"):
            rest.pause(dag_id, paused=False)

    def started(dag_id: str, date: datetime, conf: Run) -> tuple[str, str]:
        return dag_id, rest.trigger(dag_id, logical_date=date, conf=conf)

    runs = {NOT_WAITING: started(f"schedule-shape_{NOT_WAITING}", now, {})}
    for seconds, (name, (job, conf)) in enumerate(_RUNS.items()):
        runs[name] = started(f"job-shape_{job}", now - timedelta(seconds=seconds), conf)
    shapes = Shapes(stage, runs)
    shapes.wait_for("waiting", "wait", "up_for_reschedule")
    runs["grouped"] = started("job-shape_grouped", now, {})
    for name in _HIDING:
        shapes.wait_for(name, "join", "skipped")
        shapes.release(runs[name][1])
    return shapes


def _calls(stage: AirflowStage) -> list[list[str]]:
    file = stage.airflow.home / "calls"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
