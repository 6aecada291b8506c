"""Keeps the dates apart at which several schedulers start one job.

The run of a job that one scheduler starts has the scheduler's own date. Where several start it,
each moves the date on by microseconds of its own, made of its DAG id: a scheduled run has a date of
whole seconds, so two of them meet at one date only where they have the same number. So does one
that has the job several times, for each name that it gives it. docs/airflow.md says more under "The
dates of a job's run".
"""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import permutations
from operator import itemgetter

from dagc.compiler.diagnostics import Code, Diagnostic, Problem, Severity
from dagc.compiler.rows.scheduler_row import SchedulerRow


def own_microseconds(starter: str) -> int:
    """The microseconds of the scheduler with this DAG id, or of its job with this `member_name`,
    from 1 to 999,999.
    """
    return int(hashlib.sha256(starter.encode()).hexdigest()[:8], 16) % 999_999 + 1


def member_name(dag_id: str, alias: str) -> str:
    """What starts a job that a scheduler has under a name of its own. (No name holds a colon.)"""
    return f"{dag_id}:{alias}"


def microseconds_of(scheduler: SchedulerRow, job_id: str) -> int:
    """Those of the runs of a job of `scheduler`; if it has no name there, where it is shared."""
    is_named = job_id in scheduler.aliases
    return own_microseconds(member_name(scheduler.dag_id, job_id) if is_named else scheduler.dag_id)


def shared_dates(schedulers: Iterable[SchedulerRow]) -> Iterator[tuple[SchedulerRow, Diagnostic]]:
    """A warning for each enabled scheduler with the microseconds of another one that starts a job
    of its. Only who sees all schedulers can know: it is no part of a DAG's own diagnostics.
    """
    starts: dict[tuple[str, int], list[SchedulerRow]] = {}
    for scheduler in schedulers:
        for job_id in scheduler.jobs if scheduler.enabled and scheduler.dag_id else ():
            date = scheduler.row_id(job_id), microseconds_of(scheduler, job_id)
            starts.setdefault(date, []).append(scheduler)
    told = set()
    for (job_id, _), group in sorted(starts.items(), key=itemgetter(0)):
        for scheduler, other in permutations(group, 2):
            pair = scheduler.row, other.row
            if other.dag_id != scheduler.dag_id and pair not in told:
                told.add(pair)
                yield scheduler, _shared_date(scheduler, other, job_id)


def _shared_date(scheduler: SchedulerRow, other: SchedulerRow, job_id: str) -> Diagnostic:
    problem = Problem(
        Code.SHARED_DATE,
        f"runs of the job {job_id!r} get the same dates as from {other.row}: both names make the "
        "same number of microseconds",
        "Rename one of the two schedulers, unless they never run for the same second.",
        severity=Severity.WARNING,
    )
    return problem.at(scheduler.row, "schedule_name")
