"""Finds what the task `end` of a job has to follow, if the job needs one."""

from collections.abc import Sequence

from dagc.compiler.analysis.hidden_failures import last_tasks, may_hide_failures
from dagc.compiler.analysis.models import TaskModel
from dagc.compiler.analysis.skipping_tasks import judged, skips, trigger_rules


def tasks_before_end(tasks: Sequence[TaskModel], *, is_asset: bool = False) -> tuple[str, ...]:
    """The ids of the tasks that `end` waits for; none where the run fails anyway, and `end` has no
    asset to update.

    What only a teardown follows is a last task, and a teardown that fails fails no run. A setup is
    among the tasks that need no `end`: Airflow lets only tasks with the rule all_success follow it.
    """
    setups = {setup for task in tasks for setup in task.setups}
    upstream, rules, skipping = judged(tasks), trigger_rules(tasks), skips(tasks)
    last: tuple[str, ...] = ()
    if may_hide_failures(upstream, rules, skipping):
        last = last_tasks(upstream, rules, skipping)
    elif is_asset:
        last = last_tasks(upstream, rules)
    return tuple(task for task in last if task not in setups)
