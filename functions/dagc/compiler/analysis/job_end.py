"""Finds what the task `end` of a job has to follow, if the job needs one."""

from collections.abc import Sequence

from dagc.compiler.analysis.branches import skips, trigger_rules
from dagc.compiler.analysis.hidden_failures import last_tasks, may_hide_failures
from dagc.compiler.analysis.models import TaskModel


def tasks_before_end(tasks: Sequence[TaskModel]) -> tuple[str, ...]:
    """The ids of the tasks that `end` waits for; none where the run fails anyway.

    Airflow judges a run as if its teardowns were not there (`DagRun._tis_for_dagrun_state`): what
    only a teardown follows is a last task, and a teardown that fails fails no run. A setup is among
    the tasks that need no `end`: Airflow lets only tasks with the rule all_success follow it.
    """
    setups = {setup for task in tasks for setup in task.setups}
    judged = [task for task in tasks if not task.setups]
    ids = {task.task_id for task in judged}
    upstream = {it.task_id: [id_ for id_ in it.upstream if id_ in ids] for it in judged}
    rules, skipping = trigger_rules(judged), skips(judged)
    if not may_hide_failures(upstream, rules, skipping):
        return ()
    return tuple(last for last in last_tasks(upstream, rules, skipping) if last not in setups)
