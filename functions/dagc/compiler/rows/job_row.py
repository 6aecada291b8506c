"""Reads a row of `mwaa_job`."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from dagc.compiler.diagnostics import Diagnostic, Problem, RowKey
from dagc.compiler.rows.attributes import Attributes, Item
from dagc.compiler.rows.keys import JOB, row_key
from dagc.compiler.rows.member_lists import Alias, ListedKind, member_list, row_ids
from dagc.compiler.rows.members import MemberConfig, member_configs, members
from dagc.compiler.rows.references import Dependencies, dependency_ids
from dagc.compiler.rows.settings import JOB_PARAMS_SCHEMA, TASK_CONFIG, TASK_CONFIG_SCHEMA
from dagc.compiler.rows.setups import after_setups
from dagc.compiler.rows.type_params import TypeParams, read_type_params
from dagc.compiler.rows.typed_params import typed_param_problems
from dagc.compiler.schema.names import dag_name, task_name
from dagc.compiler.schema.other_names import normalized
from dagc.compiler.task_types import TaskType

_TASKS = ListedKind("task_id", task_name, TASK_CONFIG, "job_task_configs")


class JobRow(NamedTuple):
    """A job as its row describes it. `name` is empty where the row gives it no usable one.

    `tasks` are the ids of its tasks in order, each with the attribute that mentions it first. They
    are ids of rows, but for the names in `aliases`: `row_id` is of both. In `upstream`, teardowns
    follow their setups.
    `task_params` are by the name of the task type, and `type_names` has that name as the row writes
    it; `task_configs` are by task id.
    """

    row: RowKey
    job_id: str
    name: str
    enabled: bool
    tasks: Mapping[str, str]
    aliases: Mapping[str, Alias]
    upstream: Dependencies
    params: Mapping[str, Any]
    task_params: TypeParams
    type_names: Mapping[str, str]
    task_configs: Mapping[str, MemberConfig]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def dag_id(self) -> str:
        """The id of the job's DAG; empty where it has none."""
        return _dag_id(self.name)

    @property
    def task_rows(self) -> list[str]:
        """The ids of the task rows that it has, each once, whatever they are called in it."""
        return row_ids(self.tasks, self.aliases)

    def row_id(self, task_id: str) -> str:
        """The id of the row of one of its tasks."""
        alias = self.aliases.get(task_id)
        return alias.row_id if alias else task_id


def job_dag_id(item: Item) -> str:
    """Returns the DAG id of the job in `item`, as `JobRow.dag_id`, of its name alone."""
    return _dag_id(Attributes(row_key(JOB, item), item).name("job_name", dag_name))


def read_job(item: Item, types: Mapping[str, TaskType]) -> JobRow:
    """Reads the job in `item`; `types` are by `other_names.normalized` name."""
    row = row_key(JOB, item)
    attributes = Attributes(row, item)
    job_id = attributes.id("job_id")
    job_name = attributes.name("job_name", dag_name)
    listed, aliases = member_list(attributes, "task_list", _TASKS)
    configs = member_configs(attributes, "job_task_configs", "task_id", TASK_CONFIG_SCHEMA)
    upstream = attributes.dependencies("job_task_dependencies", "task_id", {*listed, *configs})
    problems: list[Problem] = []
    params = JOB_PARAMS_SCHEMA.check(attributes.json_object("job_params"), (), problems)
    by_type = params.pop("task_params", None) or {}
    task_params = read_type_params(by_type, types, (), problems)
    problems += typed_param_problems(params.get("params"), ("params",))
    attributes.report("job_params", problems)
    enabled = attributes.enabled()
    tasks = members(
        attributes,
        {
            "task_list": listed,
            "job_task_dependencies": dependency_ids(upstream),
            "job_task_configs": configs,
        },
        aliases,
    )
    return JobRow(
        row=row,
        job_id=job_id,
        name=job_name,
        enabled=enabled,
        tasks=tasks,
        aliases=aliases,
        upstream=after_setups(upstream, configs, tasks),
        params=params,
        task_params=task_params,
        type_names=_type_names(by_type, types) if task_params else {},
        task_configs=configs,
        diagnostics=tuple(attributes.diagnostics),
    )


def _type_names(by_type: Iterable[str], types: Mapping[str, TaskType]) -> dict[str, str]:
    return {types[normalized(it)].name: it for it in by_type if normalized(it) in types}


def _dag_id(name: str) -> str:
    return f"job-{name}" if name else ""
