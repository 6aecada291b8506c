"""Says which tasks wait for a run or task of another DAG that never comes.

What a job's file holds depends on no other DAG, so this is for those who see all rows: the command
line.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from dagc.compiler.analysis.external_tasks import DAG, DELTA, GROUP, TASKS, Wait, waits
from dagc.compiler.analysis.file_ids import FileIds, ids_in_file
from dagc.compiler.analysis.meeting_dates import RunDates, missing_dates, run_dates
from dagc.compiler.analysis.task_groups import id_meant, ids_named
from dagc.compiler.analysis.trigger_ids import trigger_id
from dagc.compiler.diagnostics import Code, Diagnostic, Problem, Severity, did_you_mean, nearest
from dagc.compiler.rows.dag_ids import DagRow
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.scheduler_row import SchedulerRow
from dagc.compiler.rows.task_row import TaskRow
from dagc.compiler.schema.layers import INVALID
from dagc.compiler.schema.templated_texts import has_jinja

_END = "end"
"""The task of a scheduler that follows all its triggers."""
_OURS = ("job-", "schedule-")
_OTHER_IDS = {
    "task": "Write a task_name of the job, or trigger_ and the name of a scheduler's job.",
    "group": "Name a task in external_task_id.",
}


class AllDags(NamedTuple):
    """What all rows make: `claims` are the rows by DAG id, `files` the texts of the DAGs that have
    no error, `jobs` the jobs by their ids, `starters` the enabled schedulers by job id, `users` the
    enabled jobs by the id of a task that they have.
    """

    claims: Mapping[str, Sequence[DagRow]]
    files: Mapping[str, str]
    jobs: Mapping[str, Sequence[JobRow]]
    starters: Mapping[str, Sequence[SchedulerRow]]
    users: Mapping[str, Sequence[JobRow]]

    @classmethod
    def of(cls, claims: Mapping[str, Sequence[DagRow]], files: Mapping[str, str]) -> "AllDags":
        """Those of `claims` and `files`."""
        jobs: dict[str, list[JobRow]] = {}
        starters: dict[str, list[SchedulerRow]] = {}
        users: dict[str, list[JobRow]] = {}
        for row in (row for rows in claims.values() for row in rows):
            if isinstance(row, JobRow):
                jobs.setdefault(row.job_id, []).append(row)
                for task_id in row.task_rows if row.enabled else ():
                    users.setdefault(task_id, []).append(row)
            elif row.enabled and row.dag_id:
                for job_id in row.job_rows:
                    starters.setdefault(job_id, []).append(row)
        return cls(claims, files, jobs, starters, users)


def external_waits(
    tasks: Iterable[TaskRow], dags: AllDags, job: JobRow | None = None
) -> Iterator[Diagnostic]:
    """A warning for each wait of `tasks` that ends in no run of the rows' own; in `job`, or in all
    jobs that have them.
    """
    for task in tasks:
        users = dags.users.get(task.task_id, ())
        found = [
            (wait, user)
            for user in users
            if job is None or user is job
            for task_id in user.tasks
            if user.row_id(task_id) == task.task_id
            for wait in waits(task, user, task_id)
        ]
        alone = [(wait, None) for wait in waits(task)]
        of_all = [
            wait.diagnostic(problem)
            for wait, user in found or alone
            for problem in _problems(wait, user, dags)
        ]
        yield from dict.fromkeys(of_all)


def _problems(wait: Wait, job: JobRow | None, dags: AllDags) -> Iterator[Problem]:
    dag_id = wait.params.get(DAG)
    if not isinstance(dag_id, str) or has_jinja(dag_id):
        return
    rows = [row for row in dags.claims.get(dag_id, ()) if row.enabled]
    if not rows:
        yield _not_there(dag_id, dags)
        return
    if text := dags.files.get(dag_id):
        yield from _unknown_ids(wait, dag_id, ids_in_file(text))
    if job and (problem := _never_meets(wait, job, rows[0], dags)):
        yield problem


def _not_there(dag_id: str, dags: AllDags) -> Problem:
    if dag_id in dags.claims:
        return _warning(f"{dag_id!r} is disabled: it has no runs", "Set its status to 1.")
    if dag_id.startswith(_OURS):
        hint = did_you_mean(dag_id, [known for known in dags.claims if known.startswith(_OURS)])
        return _warning(f"no row makes the DAG {dag_id!r}", hint)
    near = nearest(dag_id, dags.claims)
    hint = f"Did you mean {near!r}? " if near else ""
    return _warning(
        f"no row makes the DAG {dag_id!r}: whether it is there, and runs for the same dates, "
        "nobody has looked",
        f"{hint}If the DAG is written by hand, look there.",
    )


def _unknown_ids(wait: Wait, dag_id: str, known: FileIds) -> Iterator[Problem]:
    """What the DAG's file has not, of the ids of tasks and of a group that are waited for."""
    for path, id_ in ids_named(wait.params, (*TASKS, GROUP)):
        ids, what = (known.groups, "group") if path[0] == GROUP else (known.tasks, "task")
        if id_ not in ids:
            problem = _warning(f"{dag_id!r} has no {what} {id_!r}", _OTHER_IDS[what])
            meant = id_meant(id_, ids)
            yield (problem.proposing(meant) if meant else problem).inside(*path)


def _never_meets(wait: Wait, job: JobRow, awaited: DagRow, dags: AllDags) -> Problem | None:
    """Why some runs of `job` find no run of `awaited` with the date that they look for."""
    if awaited is job:
        whole = not any(wait.params.get(name) for name in (*TASKS, GROUP))
        same = not wait.params.get(DELTA)
        words = f"a run of {job.dag_id!r} waits for its own end"
        return _warning(words, "Name a task, or an execution_delta.") if whole and same else None
    own = dags.starters.get(job.job_id, ())
    if words := _moved(job, own):
        return _warning(
            f"{words}, in which it waits: the dates of its runs have microseconds, and no other "
            "DAG runs for such a date",
            f"Let one scheduler start {job.dag_id!r}, or have them order both jobs "
            "(schedule_job_dependencies).",
        )
    if isinstance(awaited, SchedulerRow) and _waits_for(awaited, job, wait, dags):
        return _warning(
            f"{awaited.dag_id!r} waits for its job {job.dag_id!r}, in which this waits for it",
            "Name in external_task_id a trigger that comes before, or let the scheduler not wait "
            "(wait_for_completion: false).",
        )
    others = [awaited] if isinstance(awaited, SchedulerRow) else dags.starters.get(awaited.job_id)
    if not others:
        return _warning(
            f"no scheduler starts {awaited.dag_id!r}: it runs only by hand",
            "Name the job in a scheduler's job_list.",
        )
    plain = isinstance(awaited, SchedulerRow) or awaited.job_id in others[0].jobs
    if len(others) > 1 or not plain or not own:
        return None  # of the first two, shared-job warns
    return _dates_differ(wait, run_dates(own[0].params), run_dates(others[0].params), awaited)


def _waits_for(scheduler: SchedulerRow, job: JobRow, wait: Wait, dags: AllDags) -> bool:
    """Whether what a task of `job` waits for in `scheduler` waits for the same run of `job`: the
    whole run of the scheduler, its `end`, or the trigger of `job` or of what follows it.
    """
    config = scheduler.job_configs.get(job.job_id)
    waits = not config or config.settings.get("wait_for_completion") is not False
    if not waits or job.job_id not in scheduler.jobs or wait.params.get(DELTA):
        return False
    named = [wait.params.get(name) for name in TASKS]
    ids = {it for value in named for it in (value if isinstance(value, list) else [value]) if it}
    later = _from(job.job_id, scheduler)
    of_later = {
        trigger_id(scheduler, job_id, row)
        for rows in dags.claims.values()
        for row in rows
        if isinstance(row, JobRow)
        for job_id in later
        if scheduler.row_id(job_id) == row.job_id
    }
    return not ids or not ids.isdisjoint({*of_later, _END})


def _from(job_id: str, scheduler: SchedulerRow) -> set[str]:
    """The job and all that follow it."""
    found = {job_id}
    while more := {
        it for it, parents in scheduler.upstream.items() if it not in found and found & {*parents}
    }:
        found |= more
    return found


def _moved(job: JobRow, starters: Sequence[SchedulerRow]) -> str:
    """Why the dates of the runs of `job` are no plain ones; "" where they are."""
    if len(starters) > 1:
        return f"{len(starters)} schedulers start {job.dag_id!r}"
    for scheduler in starters:
        if any(alias.row_id == job.job_id for alias in scheduler.aliases.values()):
            return f"{scheduler.dag_id!r} starts {job.dag_id!r} under a name of its own"
    return ""


def _dates_differ(
    wait: Wait, own: RunDates | None, other: RunDates | None, awaited: DagRow
) -> Problem | None:
    delta = wait.params.get(DELTA)
    if own is None or other is None or delta is INVALID:
        return None
    missing, looked_at = missing_dates(own, other, delta)
    if not missing:
        return None
    return _warning(
        f"{awaited.dag_id!r} has no run for {len(missing)} of the {looked_at} dates that it waits "
        f"for from {own.since:%Y-%m-%d} on, such as {missing[0]:%Y-%m-%d %H:%M}",
        f"It runs by {other}, and this job by {own}: let both have the same dates, or say in "
        "execution_delta how they differ.",
    )


def _warning(message: str, hint: str, name: str = DAG) -> Problem:
    return Problem(Code.EXTERNAL_WAIT, message, hint, (name,), Severity.WARNING)
