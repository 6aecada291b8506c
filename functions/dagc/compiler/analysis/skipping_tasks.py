"""What decides whether a failure shows: what tasks follow, their trigger rules, what they skip.

Without teardowns: Airflow judges a run as if they were not there (`DagRun._tis_for_dagrun_state`).
All by the names of the tasks in the file.
"""

import re
from collections.abc import Sequence

from dagc.compiler.analysis.models import TaskModel
from dagc.compiler.schema.task_results import Result
from dagc.compiler.task_types import FOLLOWERS, ITSELF

_PARAM_OF_GATES = "ignore_downstream_trigger_rules"
_SKIPPING_ITSELF = frozenset(
    {
        "soft_fail",
        "never_fail",
        "skipped_states",
        "skip_on_exit_code",
        "skip_exit_code",
        "skip_when_already_exists",
    }
)
"""Parameters by which a task is skipped rather than failed."""
_COMMAND, _CODES = "bash_command", "skip_on_exit_code"
_SKIPPING_COMMAND = re.compile(r"\bexit\s+99\b")
"""What a Bash command skips its task by, unless the task has other exit codes for that, or none."""


def judged(tasks: Sequence[TaskModel]) -> dict[str, Sequence[str]]:
    """What each task follows."""
    teardowns = {task.task_id for task in tasks if task.setups}
    if not teardowns:
        return {task.task_id: task.upstream for task in tasks}
    return {
        task.task_id: [parent for parent in task.upstream if parent not in teardowns]
        for task in tasks
        if not task.setups
    }


def trigger_rules(tasks: Sequence[TaskModel]) -> dict[str, str]:
    """The trigger rules that are set. (A teardown has one of its own.)"""
    return {
        task.task_id: task.settings["trigger_rule"]
        for task in tasks
        if "trigger_rule" in task.settings
    }


def skips(tasks: Sequence[TaskModel]) -> dict[str, str]:
    """What tasks may skip."""
    return {task.task_id: what for task in tasks if (what := _skipped_by(task)) and not task.setups}


def _skipped_by(task: TaskModel) -> str:
    """What `task` may skip: by its type, or by its parameters; "" for nothing. (Over an empty list,
    a mapped task is skipped.)
    """
    given = task.params
    if task.type.any_operator:
        given = task.params.get("arguments") or {}
    if task.type.skips:
        return FOLLOWERS if given.get(_PARAM_OF_GATES) is False else task.type.skips
    if any(isinstance(it.value, Result) for it in task.mapped.values()):
        return ITSELF  # the list may be empty
    command = given.get(_COMMAND)
    if isinstance(command, str) and _CODES not in given and _SKIPPING_COMMAND.search(command):
        return ITSELF
    if _SKIPPING_ITSELF.isdisjoint(given):
        return ""
    return ITSELF if any(given.get(name) for name in _SKIPPING_ITSELF) else ""
