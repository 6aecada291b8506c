"""The task groups of a job's file: `with TaskGroup("load"):` around the tasks that stand in it."""

from collections.abc import Callable

from dagc.compiler.analysis.file_order import Member, file_order
from dagc.compiler.analysis.models import GroupModel, GroupPath, JobModel, TaskModel
from dagc.compiler.python_source.layout import INDENT
from dagc.compiler.python_source.nodes import Keywords
from dagc.compiler.rendering.dag_file import DagFile

GROUP_TEMPLATE = "group.py.jinja"


def further(path: GroupPath) -> int:
    """By how many columns what stands in a group is further to the right."""
    return INDENT * len(path)


def in_groups(file: DagFile, job: JobModel, text_of: Callable[[TaskModel], str]) -> str:
    """The statements of all tasks in their groups, each of `text_of`."""
    if not job.groups:
        return "\n\n".join(map(text_of, job.tasks))
    content = file_order(job.tasks).content
    tasks = {task.task_id: task for task in job.tasks}

    def block(path: GroupPath) -> str:
        return "\n\n".join(map(text, content[path]))

    def text(member: Member) -> str:
        if isinstance(member, str):
            return text_of(tasks[member])
        return f"{_head(file, member, job.groups[member])}\n{block(member)}"

    return block(())


def _head(file: DagFile, path: GroupPath, group: GroupModel) -> str:
    prefix = {} if group.prefix else {"prefix_group_id": False}
    values = {"group_id": group.name, "settings": Keywords({**prefix, **group.shown})}
    statement = file.statement(GROUP_TEMPLATE, values, {}, {}, further=further(path[:-1]))
    return file.write(statement, GROUP_TEMPLATE)
