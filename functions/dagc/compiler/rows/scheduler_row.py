"""Reads a row of `mwaa_scheduler`."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from dagc.compiler.diagnostics import Diagnostic, Problem, RowKey
from dagc.compiler.rows.attributes import Attributes, Item
from dagc.compiler.rows.keys import SCHEDULER, row_key
from dagc.compiler.rows.member_lists import Alias, ListedKind, member_list, row_ids
from dagc.compiler.rows.members import MemberConfig, member_configs, members
from dagc.compiler.rows.references import Dependencies, dependency_ids
from dagc.compiler.rows.settings import (
    SCHEDULE_PARAMS_SCHEMA,
    TRIGGER_CONFIG,
    TRIGGER_CONFIG_SCHEMA,
)
from dagc.compiler.rows.typed_params import typed_param_problems
from dagc.compiler.schema.formats import name
from dagc.compiler.schema.names import dag_name

_JOBS = ListedKind("job_id", name, TRIGGER_CONFIG, "schedule_job_configs")


class SchedulerRow(NamedTuple):
    """A scheduler as its row describes it. `name` is empty where the row gives it no usable one.

    `jobs` are the ids of its jobs in order, each with the attribute that mentions it first. They
    are ids of rows, but for the names in `aliases`: `row_id` is of both.
    `job_configs` are by job id.
    """

    row: RowKey
    name: str
    description: str
    enabled: bool
    jobs: Mapping[str, str]
    aliases: Mapping[str, Alias]
    upstream: Dependencies
    params: Mapping[str, Any]
    job_configs: Mapping[str, MemberConfig]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def dag_id(self) -> str:
        """The id of the scheduler's DAG; empty where it has none."""
        return _dag_id(self.name)

    @property
    def job_rows(self) -> list[str]:
        """The ids of the job rows that it has, each once, whatever they are called in it."""
        return row_ids(self.jobs, self.aliases)

    def row_id(self, job_id: str) -> str:
        """The id of the row of one of its jobs."""
        alias = self.aliases.get(job_id)
        return alias.row_id if alias else job_id


def scheduler_dag_id(item: Item) -> str:
    """Returns the DAG id of the scheduler in `item`, as `SchedulerRow.dag_id`, of its name."""
    return _dag_id(Attributes(row_key(SCHEDULER, item), item).name("schedule_name", dag_name))


def read_scheduler(item: Item) -> SchedulerRow:
    """Reads the scheduler in `item`."""
    attributes = Attributes(row_key(SCHEDULER, item), item)
    schedule_name = attributes.name("schedule_name", dag_name)
    description = attributes.text("schedule_description")
    listed, aliases = member_list(attributes, "job_list", _JOBS)
    configs = member_configs(attributes, "schedule_job_configs", "job_id", TRIGGER_CONFIG_SCHEMA)
    upstream = attributes.dependencies("schedule_job_dependencies", "job_id", {*listed, *configs})
    params = _params(attributes)
    enabled = attributes.enabled()
    jobs = members(
        attributes,
        {
            "job_list": listed,
            "schedule_job_dependencies": dependency_ids(upstream),
            "schedule_job_configs": configs,
        },
        aliases,
    )
    return SchedulerRow(
        row=attributes.row,
        name=schedule_name,
        description=description,
        enabled=enabled,
        jobs=jobs,
        aliases=aliases,
        upstream=upstream,
        params=params,
        job_configs=configs,
        diagnostics=tuple(attributes.diagnostics),
    )


def _dag_id(name: str) -> str:
    return f"schedule-{name}" if name else ""


def _params(attributes: Attributes) -> dict[str, Any]:
    problems: list[Problem] = []
    params = SCHEDULE_PARAMS_SCHEMA.check(attributes.json_object("schedule_params"), (), problems)
    problems += typed_param_problems(params.get("params"), ("params",))
    attributes.report("schedule_params", problems)
    return params
