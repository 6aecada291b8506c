"""Warns of tasks that name a job whose runs have microseconds: no plain date finds them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from dagc.compiler.analysis.trigger_ids import trigger_id
from dagc.compiler.diagnostics import Code, Diagnostic, JsonPath, Problem, Severity
from dagc.compiler.rows.dag_ids import DagRow
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.scheduler_row import SchedulerRow
from dagc.compiler.rows.task_row import TaskRow


class Starts(NamedTuple):
    """The DAG ids of the schedulers that start a job, and a trigger of the first one."""

    schedulers: Sequence[str]
    trigger: str

    def of(self, dag_id: str) -> str:
        """Says why the dates of the runs of the job's DAG have microseconds."""
        if len(self.schedulers) > 1:
            return f"{len(self.schedulers)} schedulers start {dag_id!r}"
        return f"{self.schedulers[0]!r} starts {dag_id!r} under a name of its own"


def moved_starts(rows: Iterable[DagRow]) -> dict[str, Starts]:
    """By DAG id, the jobs that several of the enabled schedulers among `rows` start, or one that
    has them under names of their own alone. Only who sees all rows can know.
    """
    rows = list(rows)
    found: dict[str, list[tuple[SchedulerRow, str]]] = {}
    for row in rows:
        if isinstance(row, SchedulerRow) and row.enabled and row.dag_id:
            for job_id in row.jobs:
                found.setdefault(row.row_id(job_id), []).append((row, job_id))
    starts = {}
    for job in rows:
        of_job = found.get(job.job_id, []) if isinstance(job, JobRow) and job.dag_id else []
        dag_ids = list(dict.fromkeys(scheduler.dag_id for scheduler, _ in of_job))
        if isinstance(job, JobRow) and (len(dag_ids) > 1 or _all_named(of_job)):
            starts[job.dag_id] = Starts(dag_ids, trigger_id(*of_job[0], job))
    return starts


def _all_named(starts: Sequence[tuple[SchedulerRow, str]]) -> bool:
    return bool(starts) and all(job_id in scheduler.aliases for scheduler, job_id in starts)


def named_shared_jobs(
    tasks: Iterable[TaskRow], starts: Mapping[str, Starts]
) -> Iterator[Diagnostic]:
    """A warning for each parameter of a task that is the DAG id of one of the jobs of `starts`:
    whoever waits for such a run by date waits for ever.
    """
    for task in tasks:
        for path, dag_id in _named(task.params, starts):
            found = starts[dag_id]
            problem = Problem(
                Code.SHARED_JOB,
                f"{found.of(dag_id)}: the dates of its runs have microseconds that keep them apart",
                "To wait for a run by its date, name the scheduler's task, which has the plain "
                f"date: {found.trigger!r} of {found.schedulers[0]!r}, for instance.",
                path,
                Severity.WARNING,
            )
            yield problem.at(task.row, "task_params")


def _named(
    value: Any, dag_ids: Collection[str], path: JsonPath = ()
) -> Iterator[tuple[JsonPath, str]]:
    """The places in a parameter where one of `dag_ids` stands."""
    if isinstance(value, str):
        if value in dag_ids:
            yield path, value
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _named(entry, dag_ids, (*path, key))
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from _named(entry, dag_ids, (*path, index))
