"""The task groups of a job, and what is wrong with them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from dagc.compiler.analysis.ineffective_task_settings import no_effect
from dagc.compiler.analysis.models import GroupModel, GroupPath, Settings, groups_along
from dagc.compiler.diagnostics import Code, Diagnostic, JsonPath, Problem, nearest
from dagc.compiler.rows.defaults import Defaults
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.members import MemberConfig
from dagc.compiler.schema.layers import merged
from dagc.compiler.schema.templated_texts import has_jinja
from dagc.compiler.targets import Target

_WITH_DISPLAY_NAMES = Target(3, 0)
"""The first whose `TaskGroup` takes `group_display_name`."""

Groups = Mapping[GroupPath, GroupModel]


def group_path(config: MemberConfig | None) -> GroupPath:
    """The groups around the task that `config` is of."""
    path = config.settings.get("group") if config else None
    return tuple(path.split("/")) if isinstance(path, str) else ()


def task_groups(job: JobRow, defaults: Defaults) -> Groups:
    """The groups that tasks of `job` stand in, each after the one around it.

    The ids of tasks begin with the name of their group only where `prefix` says so, for the group
    or one around it: Airflow keeps a task's history by its id, and a task moves into a group
    without losing it.
    """
    paths = [path for config in job.task_configs.values() if (path := group_path(config))]
    if not paths:
        return {}
    said = _said(merged(defaults.job_params, job.params))
    groups: dict[GroupPath, GroupModel] = {}
    for innermost in paths:
        for path in groups_along(innermost):
            if path not in groups:
                groups[path] = _group(path, said.get("/".join(path)), groups.get(path[:-1]))
    return groups


def id_in_groups(name: str, path: GroupPath, groups: Groups) -> str:
    """Airflow's id of the task called `name` that stands in the group at `path`."""
    return groups[path].id_inside(name) if path else name


def id_meant(id_: str, known: Collection[str]) -> str | None:
    """Of the `known` ids of Airflow, the one that is probably meant by another: it ends in the same
    name, in other groups, or else is the most similar.
    """
    same = [other for other in known if other.rpartition(".")[2] == id_.rpartition(".")[2]]
    return same[0] if len(same) == 1 else nearest(id_, same or known)


def ids_named(values: Mapping[str, Any], names: Iterable[str]) -> Iterator[tuple[JsonPath, str]]:
    """Returns the ids of Airflow in parameters of these names, which hold one or a list of them,
    each with its path; without those that Jinja makes.
    """
    for name in names:
        value = values.get(name)
        for index, id_ in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(id_, str) and not has_jinja(id_):
                yield ((name, index) if isinstance(value, list) else (name,)), id_


def _group(path: GroupPath, said: Any, around: GroupModel | None) -> GroupModel:
    settings: Settings = said if isinstance(said, dict) else {}
    prefix = settings.get("prefix")
    if prefix is None:
        prefix = around is not None and around.prefix
    shown = {"group_display_name": settings.get("display_name"), "tooltip": settings.get("tooltip")}
    return GroupModel(
        name=path[-1],
        group_id=around.id_inside(path[-1]) if around else path[-1],
        prefix=prefix is True,
        shown={name: value for name, value in shown.items() if value is not None},
    )


def group_diagnostics(job: JobRow, groups: Groups, target: Target) -> Iterator[Diagnostic]:
    """What is wrong with what `job` says of its `groups`."""
    paths = {"/".join(path) for path in groups}
    for path, settings in sorted(_said(job.params).items()):
        if path not in paths:
            message = f"no task of the job stands in a group {path!r}"
            problem = no_effect(message, "Remove it, or give tasks a `group`.", ("groups", path))
            meant = nearest(path, paths)
            problem = problem.proposing_key(meant) if meant else problem
            yield problem.at(job.row, "job_params")
        elif target < _WITH_DISPLAY_NAMES and "display_name" in (settings or {}):
            message = f"Airflow {target} has no display names of task groups"
            hint = f"Leave it out, or deploy for Airflow {_WITH_DISPLAY_NAMES}."
            problem = Problem(Code.UNSUPPORTED, message, hint, ("groups", path, "display_name"))
            yield problem.at(job.row, "job_params")


def _said(settings: Settings) -> Mapping[str, Any]:
    """What `settings` of a job say of groups, by path; nothing where that is in error."""
    groups = settings.get("groups")
    return groups if isinstance(groups, dict) else {}
