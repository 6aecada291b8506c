"""Which runs are listed, and that as little is read as stands beside `latest_runs`."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pytest

from dagc.aws.run_table import RunItem, RunKey
from dagc.cli import latest_runs as module
from dagc.cli.latest_runs import latest_runs

TODAY, YESTERDAY = "2026-11-22", "2026-11-21"


def dag_run(run_id: str, state: str, started_at: str) -> RunItem:
    return {
        "kind": "dag_run", "dag_id": "job-x", "run_id": run_id,
        "state": state, "started_at": started_at,
    }  # fmt: skip


def failed_try(run_id: str, started_at: str, state: str = "failed") -> RunItem:
    return {**dag_run(run_id, state, started_at), "kind": "task_try", "task_id": "load"}


class Table(NamedTuple):
    """The table in memory; `read` is what was read of it."""

    items: list[RunItem]
    read: list[RunItem]

    def latest(self, day: str, *, failed: bool) -> Iterator[RunItem]:
        """As the index."""
        for item in sorted(self.items, key=lambda item: str(item["started_at"]), reverse=True):
            is_failure = item["state"] in {"failed", "up_for_retry"}
            if item["started_at"].startswith(day) and is_failure is failed:
                self.read.append(item)
                yield item

    def of_dag(self, dag_id: str, day: str) -> Iterator[RunItem]:
        """Nobody asks for it here."""
        raise NotImplementedError(dag_id, day)

    def dag_runs(self, runs: Iterable[RunKey]) -> Iterator[RunItem]:
        """By key."""
        wanted = {run.run_id for run in runs}
        for item in self.items:
            if item["kind"] == "dag_run" and item["run_id"] in wanted:
                self.read.append(item)
                yield item


def listed(items: list[RunItem], limit: int = 3, days: tuple[str, ...] = (TODAY,)) -> list[str]:
    return [run.item["run_id"] for run in latest_runs(Table(items, []), [*days], limit)]


NEWER = [dag_run(f"newer-{n}", "success", f"{TODAY}T12:{n:02}") for n in range(60)]
RUNNING = dag_run("running", "running", f"{TODAY}T01:00")


def test_a_run_that_will_fail_is_found_behind_many_newer_ones() -> None:
    assert listed([*NEWER, RUNNING, failed_try("running", f"{TODAY}T01:10")])[0] == "running"


@pytest.mark.parametrize(
    "items",
    [
        [RUNNING, failed_try("running", f"{TODAY}T01:10", "up_for_retry")],
        [RUNNING, failed_try("running", f"{TODAY}T00:10")],
        [dag_run("done", "success", f"{TODAY}T01:00"), failed_try("done", f"{TODAY}T01:10")],
        [dag_run("old", "running", f"{YESTERDAY}T23:00"), failed_try("old", f"{TODAY}T01:10")],
    ],
    ids=["is retried", "was cleared since", "succeeded all the same", "began before the days"],
)
def test_others_are_not_failures(items: list[RunItem]) -> None:
    found = latest_runs(Table([*NEWER, *items], []), [TODAY], 3)
    assert not [run.item["run_id"] for run in found if run.failed]


def test_it_may_have_begun_on_a_day_before_the_task_failed() -> None:
    run = dag_run("running", "running", f"{YESTERDAY}T23:00")
    items = [*NEWER, run, failed_try("running", f"{TODAY}T01:10")]
    assert listed(items, days=(TODAY, YESTERDAY))[0] == "running"


def test_reads_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_FAILURES", 30)
    monkeypatch.setattr(module, "MOST_CANDIDATES", 10)
    runs = [dag_run(f"run-{n}", "running", f"{TODAY}T00:{n:02}") for n in range(60)]
    tries = [failed_try(f"run-{n}", f"{TODAY}T01:{n:02}") for n in range(60)]
    table = Table([*NEWER, *runs, *tries], [])
    found = latest_runs(table, [TODAY], 3)
    assert [run.item["run_id"] for run in found if run.failed] == [
        f"run-{n}" for n in range(59, 49, -1)
    ]
    assert len(table.read) == 30 + 3 + 10
