"""The latest runs, failures first."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from dagc.aws.run_table import RunItem, RunKey


class Runs(Protocol):
    """Where they are read from."""

    def latest(self, day: str, *, failed: bool) -> Iterator[RunItem]:
        """What began on a day, last first."""

    def of_dag(self, dag_id: str, day: str) -> Iterator[RunItem]:
        """What is of a DAG, since a day."""

    def dag_runs(self, runs: Iterable[RunKey]) -> Iterator[RunItem]:
        """Those of these DAG runs that there are."""


MOST_FAILURES = 10_000
"""Failed DAG runs and tries that are read: 6 MB or so."""
MOST_CANDIDATES = 500
"""DAG runs that are read because a task of theirs failed: 5 requests."""


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
    """The latest of all DAGs on `days`, last first: at most `limit` that failed, as many others,
    and those that still run although a task failed, however many began since.
    """
    failures = (item for day in days for item in runs.latest(day, failed=True))
    failed = list(_until(limit, islice(failures, MOST_FAILURES)))
    others = list(_until(limit, (item for day in days for item in runs.latest(day, failed=False))))
    candidates = islice(_with_failed_task(failed, [*failed, *others]), MOST_CANDIDATES)
    running = (
        run
        for run in runs.dag_runs(candidates)
        if run["state"] == "running" and run["started_at"] >= days[-1]
    )
    return _failures_first([*failed, *others, *running])


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


def _with_failed_task(failures: Iterable[RunItem], known: Iterable[RunItem]) -> Iterator[RunKey]:
    """The DAG runs, each once, of which a task failed for good and which are not `known`."""
    seen = {_run_key(item) for item in known if item["kind"] == "dag_run"}
    for item in failures:
        if item["state"] == "failed" and (key := _run_key(item)) not in seen:
            seen.add(key)
            yield key


def _run_key(item: RunItem) -> RunKey:
    return RunKey(item["dag_id"], item["run_id"])


def _failures_first(items: Iterable[RunItem]) -> list[Run]:
    found: list[RunItem] = []
    tries: defaultdict[RunKey, list[RunItem]] = defaultdict(list)
    for item in items:
        if item["kind"] == "dag_run":
            found.append(item)
        elif item["state"] in {"failed", "up_for_retry"}:
            tries[_run_key(item)].append(item)
    runs = [Run(item, _since(item, tries[_run_key(item)])) for item in found]
    runs.sort(key=lambda run: str(run.item["started_at"]), reverse=True)
    return sorted(runs, key=lambda run: not run.failed)


def _since(run: RunItem, tries: list[RunItem]) -> tuple[RunItem, ...]:
    """The tries since the run began: those before are of what was cleared."""
    since = [attempt for attempt in tries if attempt["started_at"] >= run["started_at"]]
    return tuple(sorted(since, key=lambda attempt: str(attempt["started_at"]), reverse=True))
