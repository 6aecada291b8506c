"""The order in which tasks and groups stand in the file of a job.

A group stands where its first task would, all of its tasks in it in their order. Who takes the
result of a task stands below it, for the file names that task where it is taken.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from dagc.compiler.analysis.models import GroupPath, TaskModel, groups_along
from dagc.compiler.analysis.task_groups import group_path
from dagc.compiler.diagnostics import Code, Diagnostic, Problem
from dagc.compiler.rows.job_row import JobRow

Member = GroupPath | str
"""A group, or the id of a task."""


class FileOrder(NamedTuple):
    """`content` are the members of each group, of () those of none, in order. `entangled` are a
    group and another member that take results of one another, so that there is no order.
    """

    content: Mapping[GroupPath, Sequence[Member]]
    entangled: tuple[GroupPath, Member] | None


def file_order(tasks: Sequence[TaskModel]) -> FileOrder:
    """The order of `tasks`, which are in topological order."""
    content: dict[GroupPath, list[Member]] = {(): []}
    for task in tasks:
        for path in groups_along(task.group):
            if path not in content:
                content[path] = []
                content[path[:-1]].append(path)
        content[task.group].append(task.task_id)
    above = _above(tasks)
    for path in above:
        ordered = _ordered(content[path], above[path])
        if len(ordered) < len(content[path]):
            return FileOrder(content, _entangled(content[path], ordered, above[path]))
        content[path] = ordered
    return FileOrder(content, None)


def order_diagnostics(job: JobRow, tasks: Sequence[TaskModel]) -> Iterator[Diagnostic]:
    """What is wrong with the groups of `job`, whose `tasks` take results of one another."""
    if not any(task.takes for task in tasks):
        return
    entangled = file_order(tasks).entangled
    if entangled is None:
        return
    group, other = entangled
    shown = "/".join(other) if isinstance(other, tuple) else other
    path = next(
        (*config.path, "group")
        for config in job.task_configs.values()
        if group_path(config)[: len(group)] == group
    )
    yield Problem(
        Code.CONTRADICTION,
        f"{'/'.join(group)!r} and {shown!r} take results of each other, where the file has a task "
        "group in one piece",
        "Let the tasks that do so stand in one group, or in none.",
        path,
    ).at(job.row, "job_task_configs")


Above = Mapping[Member, Collection[Member]]
"""What has to stand above a member."""


def _above(tasks: Sequence[TaskModel]) -> dict[GroupPath, dict[Member, set[Member]]]:
    """By group, what has to stand above its members."""
    groups = {task.task_id: task.group for task in tasks}
    found: dict[GroupPath, dict[Member, set[Member]]] = {}
    for task in tasks:
        for taken in task.takes:
            shared: GroupPath = ()
            for path in groups_along(task.group):
                shared = path if path in groups_along(groups[taken]) else shared
            lower = _member(task.task_id, task.group, shared)
            upper = _member(taken, groups[taken], shared)
            found.setdefault(shared, {}).setdefault(lower, set()).add(upper)
    return found


def _member(task_id: str, path: GroupPath, around: GroupPath) -> Member:
    """What holds the task among the members of the group `around`."""
    return task_id if path == around else path[: len(around) + 1]


def _ordered(members: Sequence[Member], above: Above) -> list[Member]:
    """The members in their order, each below what has to stand above it; those alone that can."""
    ordered: list[Member] = []
    waiting = list(members)
    while ready := [it for it in waiting if all(up in ordered for up in above.get(it, ()))]:
        ordered.append(ready[0])
        waiting.remove(ready[0])
    return ordered


def _entangled(
    members: Sequence[Member], ordered: Sequence[Member], above: Above
) -> tuple[GroupPath, Member]:
    """A group that stands both above and below of itself, and what stands between."""
    stuck = [it for it in members if it not in ordered]
    circle = [stuck[0]]
    while len(circle) == len(set(circle)):
        circle.append(next(up for up in above[circle[-1]] if up in stuck))
    circle = circle[circle.index(circle[-1]) :]
    return next((it, up) for it, up in pairwise(circle) if isinstance(it, tuple))
