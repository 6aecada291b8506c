"""The models of DAGs: what their files show, and nothing else. `rendering` makes text of them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from dagc.compiler.diagnostics import RowKey
from dagc.compiler.rows.on_failure import FAILURE
from dagc.compiler.schema.task_results import Mapped
from dagc.compiler.task_types import TaskType

Settings = Mapping[str, Any]
WAITS = "wait_for_completion"
"""The setting of a trigger by which it does not wait for its job."""


class Alert(NamedTuple):
    """A way to report an event: the name of its kind, and the settings of `on_failure` for it."""

    kind: str
    settings: Settings
    event: str = FAILURE


AlertsBySetting = Mapping[str, tuple[Alert, ...]]
"""The alerts of a DAG or a task, by the setting that asks for them: `on_failure`, …"""


GroupPath = tuple[str, ...]
"""The names of the task groups around something, from the outermost; empty for none."""


def groups_along(path: GroupPath) -> list[GroupPath]:
    """Returns the path of each group that `path` leads through, from the outermost."""
    return [path[:end] for end in range(1, len(path) + 1)]


class GroupModel(NamedTuple):
    """A task group: its name, the id that it has in Airflow, and whether the ids of what stands in
    it begin with that. `shown` are the arguments for people: tooltip, group_display_name.
    """

    name: str
    group_id: str
    prefix: bool
    shown: Settings

    def id_inside(self, name: str) -> str:
        """The id of what is called `name` in the group (`TaskGroup.child_id`)."""
        return f"{self.group_id}.{name}" if self.prefix else name


class TaskModel(NamedTuple):
    """A task of a job: its merged parameters, its own settings, the task ids that it runs after.

    `member` is the id by which the job's row names it, and `task_id` what Airflow calls it; its
    file, which has the prefixes of its groups by the `group` around it, calls it `name`. `setups`
    are the task ids whose setup it tears down, among `upstream`; none where it is no teardown.
    `alerts` has the settings that it has of its own: what others ask for is as the job says.
    `takes` are the task ids whose results it takes. `mapped` is what Airflow makes several tasks of
    it for, by parameter; nothing if it makes one.
    """

    source: RowKey
    member: str
    task_id: str
    name: str
    group: GroupPath
    type: TaskType
    params: Settings
    settings: Settings
    alerts: AlertsBySetting
    upstream: tuple[str, ...]
    setups: tuple[str, ...]
    takes: tuple[str, ...]
    mapped: Mapping[str, Mapped]


class JobModel(NamedTuple):
    """The DAG of a job, its tasks in topological order.

    `last` are the task ids that `end` waits for; none where the run fails anyway if a task failed.
    `groups` are the task groups, by path. `asset` is the URI of what `end` updates, "" for none.
    """

    source: RowKey
    dag_id: str
    settings: Settings
    default_args: Settings
    alerts: AlertsBySetting
    tasks: tuple[TaskModel, ...]
    last: tuple[str, ...]
    groups: Mapping[GroupPath, GroupModel]
    asset: str


class TriggerModel(NamedTuple):
    """A scheduler's start of one job; `upstream` are the task ids of the triggers that it follows.

    `alias` is the name that the job has here, if that is its own. `shared` is whether other
    schedulers start the job as well.
    """

    source: RowKey
    task_id: str
    dag_id: str
    alias: str
    settings: Settings
    alerts: AlertsBySetting
    upstream: tuple[str, ...]
    shared: bool = False

    @property
    def waits(self) -> bool:
        """Whether it ends with its job, and not as soon as it has started it."""
        return self.settings.get(WAITS) is not False


class SchedulerModel(NamedTuple):
    """The DAG of a scheduler, its triggers in topological order.

    `last` are the task ids that `end` waits for, so that a failure of any shows.
    """

    source: RowKey
    dag_id: str
    settings: Settings
    default_args: Settings
    alerts: AlertsBySetting
    triggers: tuple[TriggerModel, ...]
    last: tuple[str, ...]
