"""Keeps of each row which DAG it is for, and a digest of it: all that a rebuild compares. Pure.

The rows themselves would be too many to hold; and to read a job's takes longer than all else. Which
tasks it names, its DAG's record tells, as long as the digests are those that the record was made
of.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from dagc.compiler import (
    JOB,
    TASK,
    Item,
    RowKey,
    is_enabled,
    is_named,
    job_dag_id,
    named_together,
    read_scheduler,
    row_digest,
    shared_ids,
    unnamed_id,
)
from dagc.plan.inputs import input_of, is_storable, job_input


class Claim(NamedTuple):
    """A row that claims `dag_id`; the `job_ids` are those that a scheduler names."""

    row: RowKey
    dag_id: str
    enabled: bool
    digest: bytes
    job_ids: tuple[str, ...] = ()


class IndexedTask(NamedTuple):
    """A task, by the input that DAGs read where they name it."""

    input: str
    digest: bytes


def indexed(row: RowKey, item: Item) -> Claim | IndexedTask:
    """What is kept of a row."""
    digest = row_digest(row, item)
    if row.table == TASK:
        return IndexedTask(input_of(row), digest)
    if row.table == JOB:
        dag_id = job_dag_id(item) or unnamed_id(row)
        return Claim(row, dag_id, is_enabled(row, item), digest)
    scheduler = read_scheduler(item)
    dag_id = scheduler.dag_id or unnamed_id(row)
    return Claim(row, dag_id, scheduler.enabled, digest, tuple(scheduler.job_rows))


class RowIndex(NamedTuple):
    """All rows: the `claims` by DAG id, in the order of their keys; those of `jobs` and the digests
    of `tasks` by the input that names them.
    """

    claims: Mapping[str, tuple[Claim, ...]]
    jobs: Mapping[str, tuple[Claim, ...]]
    tasks: Mapping[str, bytes]

    @classmethod
    def of(cls, rows: Iterable[Claim | IndexedTask]) -> "RowIndex":
        """The index of all `rows`."""
        claims: dict[str, list[Claim]] = {}
        jobs: dict[str, list[Claim]] = {}
        tasks: dict[str, bytes] = {}
        for row in rows:
            if isinstance(row, IndexedTask):
                tasks[row.input] = row.digest
                continue
            claims.setdefault(row.dag_id, []).append(row)
            if row.row.table == JOB:
                jobs.setdefault(input_of(row.row), []).append(row)
        return cls(_in_order(claims), _in_order(jobs), tasks)

    def members(self, inputs: Iterable[str]) -> Iterator[bytes]:
        """The digests of the rows that these inputs name, of those that exist."""
        for name in inputs:
            if name in self.tasks:
                yield self.tasks[name]
            for job in self.jobs.get(name, ()):
                yield job.digest

    def started(self, dag_id: str) -> set[tuple[str, str]]:
        """The DAG id and the job id of each job that the schedulers of `dag_id` start, as
        `Snapshot.started` has them.
        """
        ids = {
            job_id
            for claim in self.claims.get(dag_id, ())
            if claim.enabled
            for job_id in filter(is_storable, claim.job_ids)
        }
        found = {job_id: self.jobs.get(job_input(job_id), ()) for job_id in ids}
        return {
            (jobs[0].dag_id, job_id)
            for job_id, jobs in found.items()
            if len(jobs) == 1 and jobs[0].enabled and is_named(jobs[0].dag_id)
        }

    def named_jobs(self, dag_id: str) -> frozenset[str]:
        """The ids of the jobs that the enabled schedulers of `dag_id` name (`named_ids`)."""
        claims = self.claims.get(dag_id, ())
        return named_together([claim.job_ids for claim in claims if claim.enabled]) or frozenset()

    def shared_jobs(self) -> frozenset[str]:
        """The ids of the jobs that more than one DAG starts (the compiler's `shared_jobs`)."""
        return frozenset(
            shared_ids({id_: self.named_jobs(id_) for id_ in self.claims if is_named(id_)})
        )


def _in_order(claims: Mapping[str, list[Claim]]) -> dict[str, tuple[Claim, ...]]:
    return {name: tuple(sorted(rows)) for name, rows in claims.items()}
