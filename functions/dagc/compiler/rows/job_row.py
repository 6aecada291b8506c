"""A row of `mwaa_job`."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from dagc.compiler.diagnostics import Code, Diagnostic, Problem, RowKey, did_you_mean
from dagc.compiler.rows.attributes import Attributes, Item
from dagc.compiler.rows.keys import JOB, row_key
from dagc.compiler.rows.references import Edges
from dagc.compiler.rows.settings import JOB_PARAMS_SCHEMA, TASK_CONFIG_SCHEMA
from dagc.compiler.rows.task_row import read_name
from dagc.compiler.schema.json_values import Path, kind_of
from dagc.compiler.task_types import TaskType, normalized

MAX_MEMBERS = 5_000
MAX_IDS_SIZE = 100_000
"""Of the ids that one row names, in bytes: the row that tells its DAG's state lists them all, and
DynamoDB holds no item above 400 kB. Airflow is slow with such a DAG long before.
"""

TypeParams = dict[str, dict[str, Any]]
"""Parameters by the name of the task type."""


class MemberConfig(NamedTuple):
    """What a row says about one of its members, and where in its overrides."""

    path: Path
    settings: Mapping[str, Any]


class JobRow(NamedTuple):
    """A job as its row says. `name` is empty where the row cannot be given a DAG id.

    `tasks` are its tasks' ids in order, each with the attribute that mentions it first.
    """

    row: RowKey
    job_id: str
    name: str
    enabled: bool
    tasks: Mapping[str, str]
    upstream: Edges
    params: Mapping[str, Any]
    task_params: TypeParams
    task_configs: Mapping[str, MemberConfig]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def dag_id(self) -> str:
        """The id of the job's DAG; empty where it has none."""
        return _dag_id(self.name)


def job_dag_id(item: Item) -> str:
    """The DAG id of the job in `item`, as `JobRow.dag_id`, without reading the rest of it."""
    return _dag_id(read_name(Attributes(row_key(JOB, item), item), "job_name"))


def read_job(item: Item, types: Mapping[str, TaskType]) -> JobRow:
    """The job of `item`; `types` are by `tasktypes.normalized` name."""
    row = row_key(JOB, item)
    attributes = Attributes(row, item)
    job_name = read_name(attributes, "job_name")
    task_ids = attributes.ids("task_list")
    upstream = attributes.edges("job_task_dependencies", "task_id")
    problems: list[Problem] = []
    params = JOB_PARAMS_SCHEMA.check(attributes.json_object("job_params"), (), problems)
    task_params = read_type_params(params.pop("task_params", None) or {}, types, (), problems)
    attributes.report("job_params", problems)
    configs = _task_configs(attributes)
    enabled = attributes.enabled()
    tasks = members(
        attributes,
        {
            "task_list": task_ids,
            "job_task_dependencies": edge_ids(upstream),
            "job_task_configs": configs,
        },
    )
    return JobRow(
        row=row,
        job_id=row.value("job_id"),
        name=job_name,
        enabled=enabled,
        tasks=tasks,
        upstream=upstream,
        params=params,
        task_params=task_params,
        task_configs=configs,
        diagnostics=tuple(attributes.diagnostics),
    )


def read_type_params(
    by_type: Any, types: Mapping[str, TaskType], at: Path, problems: list[Problem]
) -> TypeParams:
    """`task_params` of a job or of the defaults: parameters by task type. (Nothing, where they are
    no object: that has been reported.)
    """
    result: TypeParams = {}
    for type_name, params in by_type.items() if isinstance(by_type, dict) else ():
        path = (*at, "task_params", type_name)
        task_type = types.get(normalized(type_name))
        if task_type is None:
            hint = did_you_mean(type_name.upper(), [known.name for known in types.values()])
            problems.append(
                Problem(Code.UNKNOWN_TASK_TYPE, f"no task type {type_name!r}", hint, path)
            )
        elif not isinstance(params, dict):
            problems.append(
                Problem(
                    Code.BAD_TYPE,
                    f"{kind_of(params)} instead of an object",
                    "Write an object of parameters.",
                    path,
                )
            )
        elif task_type.name in result:
            message = f"{task_type.name} has two entries"
            problems.append(Problem(Code.DUPLICATE_KEY, message, "Merge them into one.", path))
        else:
            result[task_type.name] = task_type.params.check(params, path, problems)
    return result


def members(attributes: Attributes, mentions: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """The ids of a DAG's members, each once, with the attribute that mentions it first.

    None, and a diagnostic, where they are too many to keep track of.
    """
    result: dict[str, str] = {}
    for attribute, ids in mentions.items():
        for id_ in ids:
            result.setdefault(id_, attribute)
    size = sum(len(id_.encode(errors="replace")) for id_ in result)
    if len(result) <= MAX_MEMBERS and size <= MAX_IDS_SIZE:
        return result
    message = f"it names {len(result):,} ids of {size:,} bytes together"
    hint = f"At most {MAX_MEMBERS:,} of {MAX_IDS_SIZE:,} bytes can be: split it."
    attributes.report(result.popitem()[1], [Problem(Code.TOO_LARGE, message, hint)])
    return {}


def edge_ids(edges: Edges) -> list[str]:
    """The ids of a dependency list, in its order."""
    return [id_ for child, parents in edges.items() for id_ in (child, *parents)]


def _dag_id(name: str) -> str:
    return f"job-{name}" if name else ""


def _task_configs(attributes: Attributes) -> dict[str, MemberConfig]:
    problems: list[Problem] = []
    configs = {
        id_: MemberConfig(path, TASK_CONFIG_SCHEMA.check(config, path, problems))
        for id_, (path, config) in attributes.configs("job_task_configs", "task_id").items()
    }
    attributes.report("job_task_configs", problems)
    return configs
