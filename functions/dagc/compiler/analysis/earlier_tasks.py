"""Checks the tasks whose results other tasks of a job take by naming them, as EMR-STEP does the one
that creates its cluster; and lets a task whose type says so tear down what such a task set up.
"""

from collections.abc import Iterator, Mapping
from functools import partial

from dagc.compiler.analysis.branches import of_format
from dagc.compiler.analysis.dependency_hints import dependency_hint
from dagc.compiler.analysis.models import Settings
from dagc.compiler.analysis.reachability import reachable
from dagc.compiler.analysis.task_layers import layer_of, task_layers
from dagc.compiler.diagnostics import Code, Diagnostic, Problem, known_words
from dagc.compiler.rows.defaults import Defaults
from dagc.compiler.rows.expansion import given_expand
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.members import MemberConfig
from dagc.compiler.rows.setups import after_setups, setup_ids
from dagc.compiler.rows.task_row import TaskRow
from dagc.compiler.schema.job_formats import EARLIER_TASK
from dagc.compiler.task_types import TaskType


def with_teardowns(
    job: JobRow, tasks: Mapping[str, TaskRow], params: Mapping[str, Settings]
) -> JobRow:
    """Returns `job`, in which each task whose type tears something down does so, as if its
    `teardown` in job_task_configs named the task that its `params` name.
    """
    changed: dict[str, MemberConfig] = {}
    for task_id, values in params.items():
        kind = tasks[task_id].type
        setup = values.get(kind.tears_down) if kind else None
        if isinstance(setup, str) and setup in job.tasks and not _has_no_result(tasks.get(setup)):
            config = job.task_configs.get(task_id, MemberConfig((task_id,), {}))
            setups = list(dict.fromkeys([*setup_ids(config), setup]))
            changed[task_id] = config._replace(settings={**config.settings, "teardown": setups})
    if not changed:
        return job
    configs = {**job.task_configs, **changed}
    upstream = after_setups(job.upstream, configs, job.tasks)
    return job._replace(task_configs=configs, upstream=upstream)


def earlier_task_diagnostics(
    job: JobRow,
    tasks: Mapping[str, TaskRow],
    params: Mapping[str, Settings],
    defaults: Defaults,
) -> Iterator[Diagnostic]:
    """Returns what is wrong with the tasks of `job` that its tasks' `params` name so."""
    for task_id, values in params.items():
        kind = tasks[task_id].type
        if kind is None or EARLIER_TASK not in kind.params.of_format:
            continue
        layers = partial(task_layers, job, tasks[task_id], kind.name, defaults)
        for name, earlier in of_format(kind, values, EARLIER_TASK):
            problem = _problem(job, task_id, earlier, tasks)
            if problem and (layer := layer_of(layers(), (name,), earlier)):
                yield layer.diagnostic(problem.inside(name))


def with_earlier_names(task_type: TaskType, values: Settings, ids: Mapping[str, str]) -> Settings:
    """Returns the parameters with Airflow's `ids` of earlier tasks in the place of those of their
    rows.
    """
    if EARLIER_TASK not in task_type.params.of_format:
        return values
    named = {name: ids[id_] for name, id_ in of_format(task_type, values, EARLIER_TASK)}
    return {**values, **named}


def _problem(
    job: JobRow, task_id: str, earlier: str, tasks: Mapping[str, TaskRow]
) -> Problem | None:
    if earlier not in job.tasks:
        message = f"the job has no task {earlier!r}"
        return Problem(Code.MISSING_TASK, message, known_words(job.tasks))
    other = tasks.get(earlier)
    if other and other.type and _has_no_result(other):
        message = f"the task {earlier!r} has no result: it is {other.type.name}"
        return Problem(Code.BAD_VALUE, message, "Write the task_id of a task that has one.")
    if given_expand(job.task_configs.get(earlier)):
        return Problem(
            Code.BAD_VALUE,
            f"the task {earlier!r} is mapped: it has several results",
            f'Map this task, too: {{"from": "{earlier}"}} in its expand.',
        )
    if earlier == task_id or earlier not in reachable([task_id], job.upstream):
        return Problem(
            Code.BAD_VALUE,
            f"the task {earlier!r} does not come before this one",
            dependency_hint(job, task_id, after=earlier),
        )
    return None


def _has_no_result(task: TaskRow | None) -> bool:
    kind = task.type if task else None
    return kind is not None and (kind.runs_nothing or bool(kind.tears_down))
