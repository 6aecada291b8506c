"""Says which tasks wait for a run or task of another DAG that never comes.

What a job's file holds depends on no other DAG, so this is for those who see all rows: the command
line. It reads the rows alone, and what is set in defaults.yaml is passed over.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from dagc.compiler.analysis.meeting_dates import RunDates, missing_dates, run_dates
from dagc.compiler.analysis.trigger_ids import trigger_id
from dagc.compiler.diagnostics import Code, Diagnostic, Problem, Severity, did_you_mean, nearest
from dagc.compiler.rows.dag_ids import DagRow
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.scheduler_row import SchedulerRow
from dagc.compiler.rows.task_row import TaskRow
from dagc.compiler.schema.templated_texts import has_jinja

_SENSOR = "ExternalTaskSensor"
_END = "end"
"""The task of a scheduler that follows all its triggers."""
_OURS = ("job-", "schedule-")
_IDS = ("external_task_id", "external_task_ids")
_GROUP = "external_task_group_id"
_GROUP_NAME = re.compile(r'\bTaskGroup\(\s*"([^"]+)"')


class AllDags(NamedTuple):
    """What all rows make: `claims` are the rows by DAG id, `files` the texts of the DAGs that have
    no error, `starters` the enabled schedulers by job id, `users` the enabled jobs by the id of a
    task that they have.
    """

    claims: Mapping[str, Sequence[DagRow]]
    files: Mapping[str, str]
    starters: Mapping[str, Sequence[SchedulerRow]]
    users: Mapping[str, Sequence[JobRow]]

    @classmethod
    def of(cls, claims: Mapping[str, Sequence[DagRow]], files: Mapping[str, str]) -> "AllDags":
        """Those of `claims` and `files`."""
        starters: dict[str, list[SchedulerRow]] = {}
        users: dict[str, list[JobRow]] = {}
        for row in (row for rows in claims.values() for row in rows if row.enabled):
            if isinstance(row, JobRow):
                for task_id in row.task_rows:
                    users.setdefault(task_id, []).append(row)
            elif row.dag_id:
                for job_id in row.job_rows:
                    starters.setdefault(job_id, []).append(row)
        return cls(claims, files, starters, users)


def external_waits(tasks: Iterable[TaskRow], dags: AllDags) -> Iterator[Diagnostic]:
    """A warning for each wait of `tasks` that ends in no run of the rows' own."""
    for task in tasks:
        dag_id = task.params.get("external_dag_id")
        if task.type is None or _SENSOR not in task.type.imports or not task.enabled:
            continue
        if isinstance(dag_id, str) and not has_jinja(dag_id):
            for problem in _problems(task, dag_id, dags):
                yield problem.at(task.row, "task_params")


def _problems(task: TaskRow, dag_id: str, dags: AllDags) -> Iterator[Problem]:
    rows = [row for row in dags.claims.get(dag_id, ()) if row.enabled]
    if not rows:
        yield _not_there(dag_id, dags)
        return
    yield from _unknown_tasks(task, dag_id, dags)
    for job in dags.users.get(task.task_id, ()):
        if problem := _never_meets(task, job, rows[0], dags):
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


def _unknown_tasks(task: TaskRow, dag_id: str, dags: AllDags) -> Iterator[Problem]:
    """Of the ids that the row names, those that the DAG's file has not. (In a group, the id of a
    task begins with that of the group, which stands elsewhere in the file.)
    """
    text = dags.files.get(dag_id)
    if text is None:
        return
    for name in _IDS:
        value = task.params.get(name)
        for task_id in value if isinstance(value, list) else [value]:
            if not isinstance(task_id, str) or has_jinja(task_id):
                continue
            if f'task_id="{task_id.rpartition(".")[2]}"' not in text:
                yield _warning(
                    f"{dag_id!r} has no task {task_id!r}",
                    "Write a task_name of the job, or trigger_ and the name of a scheduler's job.",
                    name,
                )
    yield from _unknown_group(task.params.get(_GROUP), dag_id, text)


def _unknown_group(group_id: object, dag_id: str, text: str) -> Iterator[Problem]:
    if isinstance(group_id, str) and not has_jinja(group_id):
        known = _GROUP_NAME.findall(text)
        if group_id.rpartition(".")[2] not in known:
            hint = did_you_mean(group_id, known) if known else "Name a task in external_task_id."
            yield _warning(f"{dag_id!r} has no group {group_id!r}", hint, _GROUP)


def _never_meets(task: TaskRow, job: JobRow, awaited: DagRow, dags: AllDags) -> Problem | None:
    """Why some runs of `job` find no run of `awaited` with the date that they look for."""
    if awaited is job:
        whole = not any(task.params.get(name) for name in (*_IDS, _GROUP))
        same = not task.params.get("execution_delta")
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
    if isinstance(awaited, SchedulerRow) and _waits_for(awaited, job, task, dags):
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
    return _dates_differ(task, run_dates(own[0].params), run_dates(others[0].params), awaited)


def _waits_for(scheduler: SchedulerRow, job: JobRow, task: TaskRow, dags: AllDags) -> bool:
    """Whether what `task`, in `job`, waits for in `scheduler` waits for the same run of `job`: the
    whole run of the scheduler, its `end`, or the trigger of `job` or of what follows it.
    """
    config = scheduler.job_configs.get(job.job_id)
    waits = not config or config.settings.get("wait_for_completion") is not False
    if not waits or job.job_id not in scheduler.jobs or task.params.get("execution_delta"):
        return False
    named = [task.params.get(name) for name in _IDS]
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
    task: TaskRow, own: RunDates | None, other: RunDates | None, awaited: DagRow
) -> Problem | None:
    if own is None or other is None:
        return None
    missing, looked_at = missing_dates(own, other, task.params.get("execution_delta"))
    if not missing:
        return None
    return _warning(
        f"{awaited.dag_id!r} has no run for {len(missing)} of the {looked_at} dates that it waits "
        f"for from {own.since:%Y-%m-%d} on, such as {missing[0]:%Y-%m-%d %H:%M}",
        f"It runs by {other}, and this job by {own}: let both have the same dates, or say in "
        "execution_delta how they differ.",
    )


def _warning(message: str, hint: str, name: str = "external_dag_id") -> Problem:
    return Problem(Code.EXTERNAL_WAIT, message, hint, (name,), Severity.WARNING)
