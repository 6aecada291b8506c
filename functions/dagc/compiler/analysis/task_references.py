"""Says which rows of tasks a job names that are not there, disabled or wrong."""

from collections.abc import Iterator, Mapping

from dagc.compiler.analysis.airflow_names import task_name_problem
from dagc.compiler.diagnostics import Code, Diagnostic, Problem
from dagc.compiler.rows.id_lists import several
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.task_row import TaskRow
from dagc.compiler.targets import Target


def reference_diagnostics(
    job: JobRow, tasks: Mapping[str, TaskRow], target: Target
) -> Iterator[Diagnostic]:
    """Returns what is wrong with the rows of the tasks of `job`, of which `tasks` are there, and
    with their names.
    """
    for task_id, attribute in job.tasks.items():
        task = tasks.get(task_id)
        yield from _reference_errors(job, attribute, task_id, task)
        if task and task.enabled and (unsupported := task_name_problem(task.name, target)):
            yield _of_name(unsupported, job, task)


def _reference_errors(
    job: JobRow, attribute: str, task_id: str, task: TaskRow | None
) -> list[Diagnostic]:
    row_id, alias = job.row_id(task_id), job.aliases.get(task_id)
    path = (*alias.path, "task_id") if alias else ()
    if task is None:
        problem = Problem(
            Code.MISSING_TASK,
            f"there is no task {row_id!r}",
            f"Add a row with task_id {row_id!r} to mwaa_task, or remove it here." + several(row_id),
            path,
        )
        return [problem.at(job.row, attribute)]
    if not task.enabled:
        problem = Problem(
            Code.DISABLED_TASK,
            f"the task {row_id!r} is disabled",
            "Set its status to 1, or remove it here.",
            path,
        )
        return [problem.at(job.row, attribute), *task.diagnostics]
    return list(task.diagnostics)


def _of_name(problem: Problem, job: JobRow, task: TaskRow) -> Diagnostic:
    """Returns the diagnostic of a `problem` of the name that `task` has in `job`."""
    if alias := job.aliases.get(task.task_id):
        return problem.inside(*alias.path, "as").at(job.row, "task_list")
    return problem.at(task.row, "task_name")
