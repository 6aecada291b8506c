"""Keeps the dates apart at which several schedulers start one job.

A scheduled run has a logical date of whole seconds. Each scheduler moves it on by microseconds of
its own, made of its DAG id; so two schedulers meet at one date of a job only where they have the
same number. docs/airflow.md says more under "The dates of a job's run".
"""

import hashlib
from collections.abc import Iterable, Iterator

from dagc.compiler.diagnostics import Code, Diagnostic, Problem, Severity
from dagc.compiler.rows.scheduler_row import SchedulerRow


def own_microseconds(dag_id: str) -> int:
    """The microseconds of the scheduler with this DAG id, from 1 to 999,999."""
    return int(hashlib.sha256(dag_id.encode()).hexdigest()[:8], 16) % 999_999 + 1


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
