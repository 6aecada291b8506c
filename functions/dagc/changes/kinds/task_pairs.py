"""Which task of a file is which of another one."""

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from dagc.changes.kinds.file_reading import FileReading, TaskReading


class TaskPairs(NamedTuple):
    """The ids of tasks that are in both files (`kept`), only in one, or that are called otherwise
    in the later one: before, after.
    """

    kept: tuple[str, ...]
    removed: tuple[str, ...]
    added: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]

    def same_tasks(self) -> Iterator[tuple[str, str]]:
        """The ids, before and after, of all tasks that are in both."""
        yield from ((task_id, task_id) for task_id in self.kept)
        yield from self.renamed


def pair_tasks(before: FileReading, after: FileReading) -> TaskPairs:
    """The tasks of both files; a removed and an added one are the same if they come of one row, or
    else if all but their ids is alike.
    """
    removed = [id_ for id_ in before.tasks if id_ not in after.tasks]
    added = [id_ for id_ in after.tasks if id_ not in before.tasks]
    renamed: list[tuple[str, str]] = []
    for mark in (_row, _call):
        renamed += _paired(
            (before.tasks[id_] for id_ in removed), (after.tasks[id_] for id_ in added), mark
        )
        removed = [id_ for id_ in removed if id_ not in {old for old, _ in renamed}]
        added = [id_ for id_ in added if id_ not in {new for _, new in renamed}]
    kept = tuple(id_ for id_ in after.tasks if id_ in before.tasks)
    return TaskPairs(kept, tuple(removed), tuple(added), tuple(renamed))


def _paired(
    removed: Iterable[TaskReading], added: Iterable[TaskReading], mark: Callable[[TaskReading], str]
) -> Iterator[tuple[str, str]]:
    free = [(mark(task), task.task_id) for task in added]
    for task in removed:
        for candidate in free:
            if candidate[0] and candidate[0] == mark(task):
                free.remove(candidate)
                yield task.task_id, candidate[1]
                break


def _row(task: TaskReading) -> str:
    return task.row


def _call(task: TaskReading) -> str:
    arguments = sorted((name, ast.dump(value)) for name, value in task.arguments.items())
    return f"{task.operator} {arguments}"
