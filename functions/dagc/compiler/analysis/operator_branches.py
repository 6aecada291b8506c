"""Checks the ids by which an operator such as BranchSQLOperator says which of its followers run.

They are ids of Airflow: in a group with a prefix, they begin with the group's.

(A BRANCH names its tasks by the ids of their rows.)
"""

from collections.abc import Collection, Iterator, Mapping
from functools import partial

from dagc.compiler.analysis.mapping import ARGUMENTS
from dagc.compiler.analysis.taken_results import JobResults
from dagc.compiler.analysis.task_groups import Groups, id_meant, ids_named
from dagc.compiler.analysis.task_layers import layer_of, task_layers
from dagc.compiler.diagnostics import Code, Diagnostic, JsonPath, Problem, Severity
from dagc.compiler.rows.defaults import Defaults
from dagc.compiler.task_types import FOLLOWERS

_CHOICES = ("follow_task_ids_if_true", "follow_task_ids_if_false")


def operator_branch_diagnostics(
    results: JobResults, defaults: Defaults, ids: Mapping[str, str], groups: Groups
) -> Iterator[Diagnostic]:
    """Returns a warning for each id that neither a task of the job has in Airflow, nor a group;
    `ids` are those of the tasks that are named, by their ids in the job.
    """
    job, tasks, params = results
    for task_id, values in params.items():
        kind, arguments = tasks[task_id].type, values.get(ARGUMENTS)
        if kind is None or not kind.any_operator or kind.skips != FOLLOWERS:
            continue
        if not isinstance(arguments, Mapping) or ids.keys() != job.tasks.keys():
            continue
        known = {*ids.values(), *(group.group_id for group in groups.values())}
        layers = partial(task_layers, job, tasks[task_id], kind.name, defaults)
        for inner, id_ in ids_named(arguments, _CHOICES):
            path = (ARGUMENTS, *inner)
            if id_ not in known and (layer := layer_of(layers(), path, id_)):
                yield layer.diagnostic(_unknown(id_, known, path))


def _unknown(id_: str, known: Collection[str], path: JsonPath) -> Problem:
    hint = "Write the id that a task which directly follows this one has in Airflow."
    message = f"the DAG has no task {id_!r}: the task fails where it chooses that"
    problem = Problem(Code.MISSING_TASK, message, hint, path, Severity.WARNING)
    near = id_meant(id_, known)
    return problem.proposing(near) if near else problem
