"""The runs of `semantics.yaml`'s schedulers: all start at once, and each test looks at its own."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from demo import rows
from demo.airflow.stage import AirflowStage
from demo.process import running
from demo.waiting import wait_until
from tests.live.jobs import child_run, ended_runs, known, rows_of

ROWS = rows_of("semantics.yaml")

LAST_MOMENT = datetime(2025, 2, 3, 23, 59, 59, 900_000, UTC)
"""Whatever is added to it must not make it another day."""

BY_HAND = "waits_by_hand"
"""A DAG that nobody generated."""

MIDNIGHTS = datetime(2025, 3, 2, 23, tzinfo=UTC), datetime(2025, 3, 3, 23, tzinfo=UTC)
"""Of two days in Berlin."""

Run = dict[str, Any]


@dataclass(frozen=True)
class Semantics:
    """The runs of the schedulers, by name; what became of each, and of the runs of its jobs."""

    stage: AirflowStage
    runs: dict[str, str]

    @property
    def version(self) -> str:
        """Airflow's."""
        return self.stage.airflow.version.name

    def run(self, name: str) -> Run:
        """A scheduler's run, when it has ended."""
        dag_id, rest = scheduler(name), self.stage.airflow.rest
        rest.wait_for(dag_id, self.runs[name])
        return dict(rest.run(dag_id, self.runs[name]))

    def unasked(self, name: str, count: int) -> list[Run]:
        """The runs of a scheduler that nobody has triggered, when so many have ended."""
        return ended_runs(self.stage, scheduler(name), count)

    def states(self, name: str) -> dict[str, str]:
        """The states of the tasks of a scheduler's run."""
        tasks = self.stage.airflow.rest.tasks(scheduler(name), self.runs[name])
        return {task_id: task["state"] for task_id, task in tasks.items()}

    def task(self, name: str, of: str) -> Run:
        """The trigger of the job `of` in a scheduler's run."""
        tasks = self.stage.airflow.rest.tasks(scheduler(name), self.runs[name])
        return dict(tasks.get(trigger(of), {}))

    def child_id(self, name: str) -> str:
        """The id that a job's run has which a scheduler's run starts."""
        return child_run(scheduler(name), self.runs[name])

    def children(self, name: str, of: str) -> list[Run]:
        """The runs of the job `of` that a scheduler has started."""
        found = self.stage.airflow.rest.runs(job(of))
        return [run for run in found if run["dag_run_id"].startswith(f"{scheduler(name)}__")]

    def starts(self, name: str, of: str) -> list[Run]:
        """What the job `of` has noted, each time a scheduler started it."""
        notes = map(json.loads, _notes(self.stage))
        begin = f"{scheduler(name)}__"
        return [note for note in notes if note["job"] == job(of) and note["run"].startswith(begin)]

    def log(self, name: str, of: str) -> str:
        """What the trigger of the job `of` has logged."""
        return self.stage.airflow.task_log(scheduler(name), self.runs[name], trigger(of))

    def release(self, name: str) -> None:
        """Let the job end that waits for this."""
        (self.stage.airflow.home / self.child_id(name)).touch()


def scheduler(name: str) -> str:
    """The DAG of one of the schedulers."""
    return f"schedule-live_{name}"


def job(name: str) -> str:
    """The DAG of one of the jobs."""
    return f"job-live_{name}"


def trigger(name: str) -> str:
    """The task of a scheduler that starts one of the jobs."""
    return f"trigger_live_{name}"


@contextmanager
def begun(stage: AirflowStage) -> Iterator[Semantics]:
    """Load the rows, and start a run of every scheduler."""
    rest = stage.airflow.rest
    (stage.airflow.home / "starts").touch()
    rows.load(stage.stack, ROWS, Console(quiet=True))
    shutil.copy(Path(__file__).with_name(f"{BY_HAND}.py"), stage.airflow.dags)
    known(stage, *rows.dag_ids(ROWS), BY_HAND)
    rest.pause(BY_HAND, paused=False)
    rest.pause(job("asleep"), paused=True)
    for row in ROWS["scheduler"]:
        rest.pause(f"schedule-{row['schedule_name']}", paused=False)

    now = datetime.now(UTC)
    # In this order: first what takes longest.
    dates = {"paused": now, "waits": now, "chain": LAST_MOMENT, "once": now}
    dates |= dict.fromkeys(("share_a", "share_b", "dated"), LAST_MOMENT)
    dates |= dict.fromkeys(("all_done", "red"), now)
    runs = {
        name: rest.trigger(scheduler(name), logical_date=date, conf={"region": "us"})
        for name, date in dates.items()
    }
    runs[BY_HAND] = rest.trigger(BY_HAND, logical_date=LAST_MOMENT)
    runs["undated"] = rest.trigger(scheduler("undated"))
    with _backfill(stage, "berlin"):
        _remove(stage, "gone")
        runs["gone"] = rest.trigger(scheduler("gone"), logical_date=now)
        yield Semantics(stage, runs)


@contextmanager
def _backfill(stage: AirflowStage, name: str) -> Iterator[None]:
    """Backfill both midnights. In Airflow 2 a command does it, which fails its runs if it dies."""
    airflow, dag_id = stage.airflow, scheduler(name)
    first, last = MIDNIGHTS
    if airflow.rest.is_three:
        airflow.rest.backfill(dag_id, first, last)
        yield
        return
    command = [str(airflow.version.executable), "dags", "backfill", dag_id]
    command += ["--subdir", str(airflow.dags / "generated" / f"{dag_id}.py")]
    command += ["--start-date", first.isoformat(), "--end-date", last.isoformat()]
    with running({"backfill": command}, folder=airflow.home, environment=airflow.environment):
        yield


def _remove(stage: AirflowStage, name: str) -> None:
    """Delete the row of a job though a scheduler names it: the scheduler keeps its last file."""
    key = {"job_type": "live", "job_id": name}
    stage.stack.dynamodb.Table(stage.stack.tables["job"]).delete_item(Key=key)
    wait_until(
        stage.airflow.rest.dags,
        lambda found: job(name) not in found,
        f"Airflow to lose {job(name)}",
        every=0.5,
    )


def _notes(stage: AirflowStage) -> list[str]:
    return (stage.airflow.home / "starts").read_text().splitlines()
