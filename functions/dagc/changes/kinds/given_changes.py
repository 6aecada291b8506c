"""What the DAG and its tasks are given otherwise, told once for all tasks of which it is true."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dagc.changes.kinds.argument_changes import ArgumentChange, argument_changes
from dagc.changes.kinds.file_reading import FileReading
from dagc.changes.kinds.task_arguments import Inheritance
from dagc.changes.kinds.task_pairs import TaskPairs
from dagc.changes.kinds.word_lists import some

OPERATOR = "operator"


class GivenChange(NamedTuple):
    """An argument of a task, or of the DAG ("" as `task_id`), that differs."""

    task_id: str
    argument: ArgumentChange


def given_changes(
    before: FileReading, after: FileReading, pairs: TaskPairs, inheritance: Inheritance
) -> Iterator[GivenChange]:
    """The arguments of the DAG that differ, then those of each task that is in both files."""
    for change in argument_changes(before.arguments, after.arguments):
        yield GivenChange("", change)
    for change in argument_changes(*inheritance.unexplained(before, after)):
        yield GivenChange("", change._replace(path=f"default_args.{change.path}"))
    for old_id, new_id in pairs.same_tasks():
        old, new = before.tasks[old_id], after.tasks[new_id]
        if old.operator != new.operator:
            words = f"{old.operator} → {new.operator}"
            yield GivenChange(new_id, ArgumentChange(OPERATOR, OPERATOR, words))
        given = inheritance.arguments(old, before), inheritance.arguments(new, after)
        for change in argument_changes(*given):
            yield GivenChange(new_id, change)


def sentences(changes: Iterable[GivenChange], tasks: int) -> Iterator[str]:
    """`task load: retries 2 → 5`: what changes alike in several of all `tasks` is one sentence."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for task_id, (_, path, words) in changes:
        if task_id:
            grouped.setdefault((path, words), []).append(task_id)
        else:
            yield f"{path}: {words}"
    for (path, words), task_ids in grouped.items():
        if len(task_ids) == 1:
            subject = f"task {task_ids[0]}"
        elif len(task_ids) == tasks:
            subject = "every task"
        else:
            subject = f"tasks {some(task_ids)}"
        yield f"{subject}: {path} {words}"
