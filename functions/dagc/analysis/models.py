"""What a DAG file shows, and nothing else: the input of the templates."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from dagc.diagnostics import RowKey
from dagc.tasktypes import TaskType

Settings = Mapping[str, Any]


class TaskModel(NamedTuple):
    """A task of a job: its merged parameters, its own settings, the task ids that it follows."""

    source: RowKey
    task_id: str
    type: TaskType
    params: Settings
    settings: Settings
    upstream: tuple[str, ...]


class JobModel(NamedTuple):
    """The DAG of a job, its tasks in topological order."""

    source: RowKey
    dag_id: str
    settings: Settings
    default_args: Settings
    tasks: tuple[TaskModel, ...]


class TriggerModel(NamedTuple):
    """A scheduler's start of one job; `upstream` are the DAG ids of the jobs that it follows."""

    source: RowKey
    dag_id: str
    settings: Settings
    upstream: tuple[str, ...]


class SchedulerModel(NamedTuple):
    """The DAG of a scheduler, its triggers in topological order.

    `last` are the DAG ids that `end` waits for: all of them, where a job may run after a failure,
    so that the failure still shows.
    """

    source: RowKey
    dag_id: str
    settings: Settings
    default_args: Settings
    triggers: tuple[TriggerModel, ...]
    last: tuple[str, ...]
