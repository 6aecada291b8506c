"""A row of `mwaa_scheduler`."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from dagc.compiler.diagnostics import Code, Diagnostic, Problem, RowKey, Severity
from dagc.compiler.rows.attributes import Attributes, Item
from dagc.compiler.rows.job_row import MemberConfig, edge_ids, members
from dagc.compiler.rows.keys import SCHEDULER, row_key
from dagc.compiler.rows.references import Edges
from dagc.compiler.rows.settings import SCHEDULE_PARAMS_SCHEMA, TRIGGER_CONFIG_SCHEMA
from dagc.compiler.rows.task_row import read_name


class SchedulerRow(NamedTuple):
    """A scheduler as its row says. `name` is empty where the row cannot be given a DAG id.

    `jobs` are its jobs' ids in order, each with the attribute that mentions it first.
    """

    row: RowKey
    name: str
    description: str
    enabled: bool
    jobs: Mapping[str, str]
    upstream: Edges
    params: Mapping[str, Any]
    job_configs: Mapping[str, MemberConfig]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def dag_id(self) -> str:
        """The id of the scheduler's DAG; empty where it has none."""
        return _dag_id(self.name)


def scheduler_dag_id(item: Item) -> str:
    """The DAG id of the scheduler in `item`, as `SchedulerRow.dag_id`, of its name alone."""
    return _dag_id(read_name(Attributes(row_key(SCHEDULER, item), item), "schedule_name"))


def read_scheduler(item: Item) -> SchedulerRow:
    """The scheduler of `item`."""
    attributes = Attributes(row_key(SCHEDULER, item), item)
    name = read_name(attributes, "schedule_name")
    description = attributes.text("schedule_description")
    job_ids = attributes.ids("job_list")
    upstream = attributes.edges("schedule_job_dependencies", "job_id")
    params = _params(attributes)
    configs = _job_configs(attributes)
    enabled = attributes.enabled()
    jobs = members(
        attributes,
        {
            "job_list": job_ids,
            "schedule_job_dependencies": edge_ids(upstream),
            "schedule_job_configs": configs,
        },
    )
    return SchedulerRow(
        row=attributes.row,
        name=name,
        description=description,
        enabled=enabled,
        jobs=jobs,
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
    readable = not problems and not attributes.wrong("schedule_params")
    if "schedule_interval" not in params and readable:
        problems.append(
            Problem(
                Code.NO_SCHEDULE,
                "no schedule_interval: the scheduler runs only when started by hand",
                "Set it to a cron text, or to null if that is what you want.",
                severity=Severity.WARNING,
            )
        )
    attributes.report("schedule_params", problems)
    return params


def _job_configs(attributes: Attributes) -> dict[str, MemberConfig]:
    problems: list[Problem] = []
    configs = {
        id_: MemberConfig(path, TRIGGER_CONFIG_SCHEMA.check(config, path, problems))
        for id_, (path, config) in attributes.configs("schedule_job_configs", "job_id").items()
    }
    attributes.report("schedule_job_configs", problems)
    return configs
