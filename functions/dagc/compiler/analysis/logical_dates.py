"""Keeps the dates apart at which several schedulers start one job.

The run of a job that one scheduler starts has the scheduler's own date. Where several start it,
each moves the date on by microseconds of its own, made of its DAG id: a scheduled run has a date of
whole seconds, so two of them meet at one date only where they have the same number. docs/airflow.md
says more under "The dates of a job's run".
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from dagc.compiler.diagnostics import Code, Diagnostic, JsonPath, Problem, Severity
from dagc.compiler.rows.scheduler_row import SchedulerRow
from dagc.compiler.rows.task_row import TaskRow


def own_microseconds(dag_id: str) -> int:
    """The microseconds of the scheduler with this DAG id, from 1 to 999,999."""
    return int(hashlib.sha256(dag_id.encode()).hexdigest()[:8], 16) % 999_999 + 1


def named_shared_jobs(
    tasks: Iterable[TaskRow], schedulers: Mapping[str, Sequence[str]]
) -> Iterator[Diagnostic]:
    """A warning for each parameter of a task that is the DAG id of a job which several schedulers
    start: whoever waits for such a run by date waits for ever. `schedulers` are the DAG ids of
    those that start it, by the job's DAG id. Only who sees all rows can know.
    """
    for task in tasks:
        for path, dag_id in _named(task.params, schedulers):
            first = schedulers[dag_id][0]
            problem = Problem(
                Code.SHARED_JOB,
                f"{len(schedulers[dag_id])} schedulers start {dag_id!r}: the dates of its runs "
                "have microseconds that keep them apart",
                "To wait for a run by its date, name the scheduler's task, which has the plain "
                f"date: 'trigger_{dag_id.removeprefix('job-')}' of {first!r}, for instance.",
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


def shared_dates(schedulers: Iterable[SchedulerRow]) -> Iterator[tuple[SchedulerRow, Diagnostic]]:
    """A warning for each enabled scheduler with the microseconds of another one that starts a job
    of its. Only who sees all schedulers can know: it is no part of a DAG's own diagnostics.
    """
    by_number: dict[int, list[SchedulerRow]] = {}
    for scheduler in schedulers:
        if scheduler.enabled and scheduler.dag_id:
            by_number.setdefault(own_microseconds(scheduler.dag_id), []).append(scheduler)
    for group in by_number.values():
        for scheduler in group:
            for other in group:
                shared = sorted(scheduler.jobs.keys() & other.jobs.keys())
                if shared and other.dag_id != scheduler.dag_id:
                    yield scheduler, _shared_date(scheduler, other, shared[0])


def _shared_date(scheduler: SchedulerRow, other: SchedulerRow, job_id: str) -> Diagnostic:
    problem = Problem(
        Code.SHARED_DATE,
        f"runs of the job {job_id!r} get the same dates as from {other.row}: both names make the "
        "same number of microseconds",
        "Rename one of the two schedulers, unless they never run for the same second.",
        severity=Severity.WARNING,
    )
    return problem.at(scheduler.row, "schedule_name")
