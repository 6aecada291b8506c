"""The ids that the tasks of a job have in Airflow: each is there once, among tasks and groups."""

from collections.abc import Iterator, Mapping

from dagc.compiler.analysis.task_groups import Groups, group_path, id_in_groups
from dagc.compiler.diagnostics import Code, Diagnostic, Problem
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.task_row import TaskRow
from dagc.compiler.schema.names import MAX_BYTES


def task_ids(job: JobRow, tasks: Mapping[str, TaskRow], groups: Groups) -> dict[str, str]:
    """By its id in the row, Airflow's id of each task of `job` that is among `tasks`, and named."""
    named = {id_: task.name for id_ in job.tasks if (task := tasks.get(id_)) and task.name}
    if not groups:
        return named
    return {
        task_id: id_in_groups(name, group_path(job.task_configs.get(task_id)), groups)
        for task_id, name in named.items()
    }


def id_diagnostics(job: JobRow, ids: Mapping[str, str], groups: Groups) -> Iterator[Diagnostic]:
    """What Airflow would refuse of the `ids` of tasks, by those in the row, and of `groups`."""
    first: dict[str, str] = {}
    for task_id, airflow_id in ids.items():
        other = first.setdefault(airflow_id, task_id)
        if other != task_id:
            yield _twice(airflow_id, other, task_id).at(job.row, job.tasks[task_id])
    group_ids: dict[str, str] = {}
    for path, group in groups.items():
        shown, same = "/".join(path), group_ids.setdefault(group.group_id, "/".join(path))
        if same != shown:
            yield _same_groups(same, shown, group.group_id).at(job.row, "job_task_configs")
        elif group.group_id in first:
            task_id = first[group.group_id]
            yield _group_and_task(shown, task_id, group.group_id).at(job.row, "job_task_configs")
    for task_id, airflow_id in ids.items() if groups else ():
        size = len(airflow_id.encode(errors="replace"))
        config = job.task_configs.get(task_id)
        if config and size > MAX_BYTES:
            problem = _too_long(airflow_id, size).inside(*config.path, "group")
            yield problem.at(job.row, "job_task_configs")


def _twice(airflow_id: str, first: str, second: str) -> Problem:
    return Problem(
        Code.DUPLICATE_TASK_NAME,
        f"the tasks {first!r} and {second!r} are both called {airflow_id!r}",
        "Within a job every task_name is an Airflow task id: rename one of them, or give it "
        "another name in task_list, by `as`.",
    )


def _same_groups(first: str, second: str, group_id: str) -> Problem:
    return Problem(
        Code.DUPLICATE_TASK_NAME,
        f"the groups {first!r} and {second!r} are both called {group_id!r}",
        "Rename one of them, or set prefix for a group around one of them, in the groups of "
        "job_params.",
    )


def _group_and_task(path: str, task_id: str, group_id: str) -> Problem:
    return Problem(
        Code.DUPLICATE_TASK_NAME,
        f"the group {path!r} and the task {task_id!r} are both called {group_id!r}",
        "Airflow has one id for each of both: rename the group.",
    )


def _too_long(airflow_id: str, size: int) -> Problem:
    return Problem(
        Code.BAD_NAME,
        f"with the names of its groups, the id of the task has {size} bytes, where at most "
        f"{MAX_BYTES} are allowed: {airflow_id[:40]!r}…",
        f"Shorten a name by {size - MAX_BYTES}, or leave out `prefix` of a group.",
    )
