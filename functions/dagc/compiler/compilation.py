"""Rows in, DAG files or diagnostics out. Pure: no AWS, no clock, no environment.

One question for one DAG id: what should its file hold, given the rows as they are now? `Artifact`
is the answer: a text, or nothing to be there (`disabled`), or diagnostics that leave the file as
it is.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from dagc.compiler.analysis.duplicate_names import duplicate_names
from dagc.compiler.analysis.job_analysis import analyse_job
from dagc.compiler.analysis.scheduler_analysis import analyse_scheduler
from dagc.compiler.diagnostics import Code, Diagnostic, Problem, RowKey, has_errors
from dagc.compiler.rendering.job_file import render_job
from dagc.compiler.rendering.render_error import template_problem
from dagc.compiler.rendering.scheduler_file import render_scheduler
from dagc.compiler.rows.attributes import Item
from dagc.compiler.rows.job_row import JobRow, read_job
from dagc.compiler.rows.scheduler_row import SchedulerRow, read_scheduler
from dagc.compiler.rows.task_row import TaskRow, read_task
from dagc.compiler.toolchain import Toolchain

MAX_FILE_SIZE = 4 * 1024 * 1024
"""Bytes. Far beyond what Airflow parses in its time limit (30 s) and MWAA synchronises at ease."""


Model = TypeVar("Model")


class Rows(NamedTuple):
    """All rows, read: tasks by id, jobs by job id (more than one where it is ambiguous)."""

    tasks: Mapping[str, TaskRow]
    jobs: Mapping[str, Sequence[JobRow]]
    schedulers: Sequence[SchedulerRow]


class Artifact(NamedTuple):
    """What a row becomes. `dag_id` is empty where the row cannot be given one.

    `text` is the file's content; None where the row is invalid (`diagnostics` has errors) or
    disabled.
    """

    source: RowKey
    dag_id: str
    enabled: bool
    text: str | None
    diagnostics: tuple[Diagnostic, ...] = ()


def read_rows(
    tasks: Iterable[Item], jobs: Iterable[Item], schedulers: Iterable[Item], toolchain: Toolchain
) -> Rows:
    """The rows of the three tables."""
    jobs_by_id: dict[str, list[JobRow]] = {}
    for job in (read_job(item, toolchain.types) for item in jobs):
        jobs_by_id.setdefault(job.job_id, []).append(job)
    task_rows = (read_task(item, toolchain.types) for item in tasks)
    return Rows(
        tasks={task.task_id: task for task in task_rows},
        jobs=jobs_by_id,
        schedulers=[read_scheduler(item) for item in schedulers],
    )


def compile_rows(rows: Rows, toolchain: Toolchain) -> Iterator[Artifact]:
    """The artifact of every scheduler and job, one at a time."""
    jobs = [job for same_id in rows.jobs.values() for job in same_id]
    clashes = duplicate_names([*jobs, *rows.schedulers])
    for job in jobs:
        yield compile_job(job, rows.tasks, clashes.get(job.row, ()), toolchain)
    for scheduler in rows.schedulers:
        yield compile_scheduler(scheduler, rows.jobs, clashes.get(scheduler.row, ()), toolchain)


def compile_job(
    job: JobRow,
    tasks: Mapping[str, TaskRow],
    clashes: Sequence[Diagnostic],
    toolchain: Toolchain,
) -> Artifact:
    """The artifact of `job`; `clashes` are the diagnostics of its name against the other jobs'."""
    return _artifact(
        job,
        clashes,
        lambda: analyse_job(job, tasks, toolchain.defaults, toolchain.target),
        lambda model: render_job(model, toolchain),
    )


def compile_scheduler(
    scheduler: SchedulerRow,
    jobs: Mapping[str, Sequence[JobRow]],
    clashes: Sequence[Diagnostic],
    toolchain: Toolchain,
) -> Artifact:
    """The artifact of `scheduler`; `clashes` are those of its name against the others'."""
    return _artifact(
        scheduler,
        clashes,
        lambda: analyse_scheduler(scheduler, jobs, toolchain.defaults, toolchain.target),
        lambda model: render_scheduler(model, toolchain),
    )


def _artifact(
    row: JobRow | SchedulerRow,
    clashes: Sequence[Diagnostic],
    analyse: Callable[[], tuple[Model | None, list[Diagnostic]]],
    render: Callable[[Model], str],
) -> Artifact:
    if not row.enabled:
        return Artifact(row.row, row.dag_id, enabled=False, text=None)
    model, diagnostics = analyse()
    diagnostics += clashes
    text = None
    if model is not None and not clashes:
        with template_problem(row.row, diagnostics):
            text = render(model)
            diagnostics += _size_problem(row.row, text)
    if has_errors(diagnostics):
        text = None
    unique = tuple(dict.fromkeys(diagnostics))
    return Artifact(row.row, row.dag_id, enabled=True, text=text, diagnostics=unique)


def _size_problem(row: RowKey, text: str) -> Iterator[Diagnostic]:
    if len(text) * 4 <= MAX_FILE_SIZE:  # a character has at most four bytes
        return
    size = len(text.encode())
    if size > MAX_FILE_SIZE:
        yield Problem(
            Code.TOO_LARGE,
            f"its DAG file has {size:,} bytes, more than {MAX_FILE_SIZE:,}",
            "Split it, or move long texts to files beside the DAGs.",
        ).at(row, "")
