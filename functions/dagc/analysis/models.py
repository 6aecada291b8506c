"""What a DAG file shows, and nothing else: the input of the templates."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dagc.diagnostics import RowKey
from dagc.tasktypes import TaskType

Settings = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TaskModel:
    """A task of a job: its merged parameters, its own settings, the task ids that it follows."""

    source: RowKey
    task_id: str
    type: TaskType
    params: Settings
    settings: Settings
    upstream: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JobModel:
    """The DAG of a job, its tasks in topological order."""

    source: RowKey
    dag_id: str
    settings: Settings
    default_args: Settings
    tasks: tuple[TaskModel, ...]


@dataclass(frozen=True, slots=True)
class TriggerModel:
    """A scheduler's start of one job; `upstream` are the DAG ids of the jobs that it follows."""

    source: RowKey
    dag_id: str
    settings: Settings
    upstream: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SchedulerModel:
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
