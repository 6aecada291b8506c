"""Holds rows as they were read at one moment: all of them, or those that some DAGs need."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from dagc.compiler.diagnostics import RowKey
from dagc.compiler.rows.attributes import Item
from dagc.compiler.rows.dag_ids import DagRow, dag_id_of, named_ids
from dagc.compiler.rows.job_row import JobRow, read_job
from dagc.compiler.rows.keys import JOB, TASK, task_key
from dagc.compiler.rows.scheduler_row import SchedulerRow, read_scheduler
from dagc.compiler.rows.task_row import TaskRow, read_task
from dagc.compiler.task_types import TaskType


class Snapshot:
    """Items by the key of their row. Each row is read, and digested, once, when it is needed."""

    def __init__(self, items: Mapping[RowKey, Item], types: Mapping[str, TaskType]) -> None:
        self.items = items
        self._types = types
        self._rows: dict[RowKey, JobRow | SchedulerRow | TaskRow] = {}
        self._digests: dict[RowKey, bytes] = {}
        self._claims: dict[str, tuple[DagRow, ...]] | None = None
        self._jobs: dict[str, list[RowKey]] = {}
        for key in sorted(items):
            if key.table == JOB:
                self._jobs.setdefault(key.value("job_id"), []).append(key)

    def edited(self, items: Mapping[RowKey, Item | None]) -> "Snapshot":
        """The rows with these `items` in their places, None where a row is gone. What was read of
        the others is not read again.
        """
        rows = {**self.items, **items}
        edited = Snapshot(
            {key: item for key, item in rows.items() if item is not None}, self._types
        )
        edited._rows = {key: row for key, row in self._rows.items() if key not in items}
        edited._digests = {key: known for key, known in self._digests.items() if key not in items}
        return edited

    def claims(self) -> Mapping[str, tuple[DagRow, ...]]:
        """The rows that claim each DAG id, in the order of their keys."""
        if self._claims is None:
            self._claims = self._found_claims()
        return self._claims

    def _found_claims(self) -> dict[str, tuple[DagRow, ...]]:
        claims: dict[str, list[DagRow]] = {}
        for key in sorted(self.items):
            row = None if key.table == TASK else self._row(key)
            if isinstance(row, JobRow | SchedulerRow):
                claims.setdefault(dag_id_of(row), []).append(row)
        return {dag_id: tuple(rows) for dag_id, rows in claims.items()}

    def claimants(self, dag_id: str, candidates: Iterable[RowKey]) -> tuple[DagRow, ...]:
        """Those of the `candidates` that exist and claim `dag_id`, in the order of their keys."""
        rows = (self._row(key) for key in sorted(candidates) if key in self.items)
        return tuple(
            row
            for row in rows
            if isinstance(row, JobRow | SchedulerRow) and dag_id_of(row) == dag_id
        )

    def all_tasks(self) -> Iterator[TaskRow]:
        """Every task, whether a job names it or not."""
        for key in self.items:
            row = self._row(key) if key.table == TASK else None
            if isinstance(row, TaskRow):
                yield row

    def tasks(self, task_ids: Iterable[str]) -> dict[str, TaskRow]:
        """Those of the tasks that exist, by id."""
        keys = {task_id: task_key(task_id) for task_id in task_ids}
        rows = {id_: self._row(key) for id_, key in keys.items() if key in self.items}
        return {id_: row for id_, row in rows.items() if isinstance(row, TaskRow)}

    def tasks_of(self, job: JobRow) -> dict[str, TaskRow]:
        """Those of the tasks of `job` that exist, by their ids in it; with a name of its own, a
        task has that for an id, too.
        """
        rows = self.tasks(job.task_rows)
        found = {id_: rows.get(job.row_id(id_)) for id_ in job.tasks}
        return {
            id_: task._replace(task_id=id_, name=id_) if id_ in job.aliases else task
            for id_, task in found.items()
            if task is not None
        }

    def jobs(self, job_ids: Iterable[str]) -> dict[str, Sequence[JobRow]]:
        """Those of the jobs that exist, by id: more than one where an id is ambiguous."""
        return {
            job_id: [row for key in keys if isinstance(row := self._row(key), JobRow)]
            for job_id in job_ids
            if (keys := self._jobs.get(job_id))
        }

    def jobs_of(self, scheduler: SchedulerRow) -> dict[str, Sequence[JobRow]]:
        """Those of the jobs of `scheduler` that exist, by their ids in it, as `jobs` has them."""
        rows = self.jobs(scheduler.job_rows)
        row_ids = {id_: scheduler.row_id(id_) for id_ in scheduler.jobs}
        return {id_: rows[row_id] for id_, row_id in row_ids.items() if row_id in rows}

    def started_by(self, rows: Iterable[DagRow]) -> dict[str, JobRow]:
        """The jobs that the enabled schedulers among `rows` start, by DAG id (`started`); one of
        those that claim the same.
        """
        return {job.dag_id: job for job in self.started(rows)}

    def started(self, rows: Iterable[DagRow]) -> list[JobRow]:
        """The jobs that the enabled schedulers among `rows` start: not those that they cannot start
        whatever is published.
        """
        job_ids = [
            job_id
            for row in rows
            if row.enabled and isinstance(row, SchedulerRow)
            for job_id in row.job_rows
        ]
        found = (jobs[0] for jobs in self.jobs(job_ids).values() if len(jobs) == 1)
        return [job for job in found if job.enabled and job.dag_id]

    def digests(self, keys: Iterable[RowKey]) -> Iterator[bytes]:
        """The digests of these rows, of those that exist."""
        return (self._digest(key) for key in keys if key in self.items)

    def named_by(self, rows: Sequence[DagRow]) -> Iterator[RowKey]:
        """The keys of the rows that `rows` name, which claim one DAG id (`named_ids`)."""
        ids = named_ids(rows) or ()
        if any(isinstance(row, JobRow) for row in rows):
            yield from map(task_key, ids)
        else:
            for job_id in ids:
                yield from self._jobs.get(job_id, ())

    def _row(self, key: RowKey) -> JobRow | SchedulerRow | TaskRow:
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = self._parsed(key)
        return row

    def _parsed(self, key: RowKey) -> JobRow | SchedulerRow | TaskRow:
        item = self.items[key]
        if key.table == TASK:
            return read_task(item, self._types)
        return read_job(item, self._types) if key.table == JOB else read_scheduler(item)

    def _digest(self, key: RowKey) -> bytes:
        digest = self._digests.get(key)
        if digest is None:
            digest = self._digests[key] = row_digest(key, self.items[key])
        return digest


def row_digest(row: RowKey, item: Item) -> bytes:
    """The SHA-256 of a row: of its key, and of all that it says."""
    content = json.dumps([row, item], sort_keys=True, default=_ordered)
    return hashlib.sha256(content.encode()).digest()


def shared_jobs(claims: Mapping[str, Iterable[DagRow]]) -> dict[str, list[str]]:
    """The job ids that enabled schedulers of more than one DAG name, each with the ids of these
    DAGs. `claims` are the rows that claim each DAG id.

    It does not matter whether such a DAG is in error: an error changes no other DAG, and the last
    good file goes on starting the jobs. A row without a usable name never was a DAG. Rows that name
    too much together (`named_ids`) are not looked at.
    """
    named = {
        dag_id: named_ids([row for row in rows if isinstance(row, SchedulerRow) and row.dag_id])
        for dag_id, rows in claims.items()
    }
    return shared_ids({dag_id: ids or () for dag_id, ids in named.items()})


def shared_ids(named: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """The job ids that several DAGs start, each with the ids of these DAGs, given the job ids that
    each starts.
    """
    starters: dict[str, list[str]] = {}
    for dag_id, job_ids in named.items():
        for job_id in job_ids:
            starters.setdefault(job_id, []).append(dag_id)
    return {job_id: dag_ids for job_id, dag_ids in starters.items() if len(dag_ids) > 1}


def _ordered(value: Any) -> Any:
    """What JSON lacks: a set, in order; a number or bytes of DynamoDB's."""
    return sorted(map(repr, value)) if isinstance(value, frozenset) else repr(value)
