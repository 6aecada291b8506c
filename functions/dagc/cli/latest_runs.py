"""The latest runs, failures first."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from dagc.aws.run_table import RunItem


class Runs(Protocol):
    """Where they are read from."""

    def latest(self, day: str, *, failed: bool) -> Iterator[RunItem]:
        """What began on a day, last first."""

    def of_dag(self, dag_id: str, day: str) -> Iterator[RunItem]:
        """What is of a DAG, since a day."""


@dataclass(frozen=True, slots=True)
class Run:
    """A DAG run, and the tries that failed since it began, last first."""

    item: RunItem
    failed_tries: tuple[RunItem, ...]

    @property
    def failed(self) -> bool:
        """Whether it did, or will: a task has failed for good, and others still run."""
        state = self.item["state"]
        return bool(state == "failed" or (state == "running" and self.failed_for_good))

    @property
    def failed_for_good(self) -> tuple[RunItem, ...]:
        """The tries that were not, or could not be, retried."""
        return tuple(attempt for attempt in self.failed_tries if attempt["state"] == "failed")


def latest_runs(runs: Runs, days: list[str], limit: int) -> list[Run]:
    """The latest of all DAGs on `days`, last first: at most `limit` that failed and others."""
    failed = _until(limit, (item for day in days for item in runs.latest(day, failed=True)))
    others = _until(limit, (item for day in days for item in runs.latest(day, failed=False)))
    return _failures_first([*failed, *others])


def runs_of_dag(runs: Runs, dag_id: str, days: list[str]) -> list[Run]:
    """Those of one DAG on `days`, the last of which is the earliest."""
    return _failures_first(runs.of_dag(dag_id, days[-1]))


def _until(limit: int, items: Iterable[RunItem]) -> Iterator[RunItem]:
    """`items` up to so many DAG runs: their tries began later, and so came before."""
    for item in items:
        yield item
        limit -= item["kind"] == "dag_run"
        if limit <= 0:
            return


def _failures_first(items: Iterable[RunItem]) -> list[Run]:
    found: list[RunItem] = []
    tries: defaultdict[tuple[str, str], list[RunItem]] = defaultdict(list)
    for item in items:
        if item["kind"] == "dag_run":
            found.append(item)
        elif item["state"] in {"failed", "up_for_retry"}:
            tries[item["dag_id"], item["run_id"]].append(item)
    runs = [Run(item, _since(item, tries[item["dag_id"], item["run_id"]])) for item in found]
    runs.sort(key=lambda run: str(run.item["started_at"]), reverse=True)
    return sorted(runs, key=lambda run: not run.failed)


def _since(run: RunItem, tries: list[RunItem]) -> tuple[RunItem, ...]:
    """The tries since the run began: those before are of what was cleared."""
    since = [attempt for attempt in tries if attempt["started_at"] >= run["started_at"]]
    return tuple(sorted(since, key=lambda attempt: str(attempt["started_at"]), reverse=True))
