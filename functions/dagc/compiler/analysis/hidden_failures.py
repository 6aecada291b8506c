"""Finds what the task `end` has to follow, so that no failure is hidden.

Airflow judges a run by its last tasks alone: one that runs after a failure, and succeeds, makes the
run a success ("DAG Run Status" in its documentation).
"""

from collections.abc import Mapping, Sequence

PASSED_ON = frozenset({"all_success", "none_failed", "none_failed_min_one_success"})
"""The trigger rules under which a task is `upstream_failed` where one before it failed."""


def may_hide_failures(upstream: Mapping[str, Sequence[str]], rules: Mapping[str, str]) -> bool:
    """Whether a task may run, or be skipped, though one that it follows failed.

    `upstream` is what each task follows; `rules` are the trigger rules that are set, by task.
    """
    return any(_hiding(upstream, rules).values())


def last_tasks(upstream: Mapping[str, Sequence[str]], rules: Mapping[str, str]) -> tuple[str, ...]:
    """The tasks to wait for, in the order of `upstream`: then a failure of any task shows in one.

    They are those that nothing follows, and those before a task that may hide their failure. A
    failed task is one of these, or the next one after it is `upstream_failed`, and so on to the
    last.
    """
    followed = {parent for parents in upstream.values() for parent in parents}
    hidden = {parent for parents in _hiding(upstream, rules).values() for parent in parents}
    return tuple(task for task in upstream if task in hidden or task not in followed)


def _hiding(
    upstream: Mapping[str, Sequence[str]], rules: Mapping[str, str]
) -> dict[str, Sequence[str]]:
    """The tasks that do not pass a failure on, and what they follow."""
    hiding = [task for task in upstream if rules.get(task, "all_success") not in PASSED_ON]
    return {task: upstream[task] for task in hiding}
