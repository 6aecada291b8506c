"""Reads a row of `mwaa_task`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from dagc.compiler.diagnostics import Code, Diagnostic, Problem, RowKey, known_words
from dagc.compiler.rows.attributes import Attributes, Item
from dagc.compiler.rows.keys import TASK, row_key
from dagc.compiler.rows.settings import TASK_CONFIG
from dagc.compiler.schema.names import task_name
from dagc.compiler.schema.other_names import normalized, setting_hint
from dagc.compiler.task_types import TaskType, unknown_type


class TaskRow(NamedTuple):
    """A task as its row describes it. `type` is None, or `name` empty, where the row has no usable
    one; `params` are those of its type.

    In a job that calls it otherwise, its id and its name are what it is called there.
    """

    row: RowKey
    task_id: str
    name: str
    type: TaskType | None
    params: dict[str, Any]
    enabled: bool
    diagnostics: tuple[Diagnostic, ...]


def read_task(item: Item, types: Mapping[str, TaskType]) -> TaskRow:
    """Reads the task in `item`; `types` are by `other_names.normalized` name."""
    row = row_key(TASK, item)
    attributes = Attributes(row, item)
    task_id = attributes.id("task_id")
    name = attributes.name("task_name", task_name)
    task_type = _type(attributes, types)
    params = attributes.json_object("task_params")
    if task_type is not None:
        problems: list[Problem] = []
        if task_type.operators is not None and not attributes.has_problem("task_params"):
            task_type = task_type.operators.of_row(params, problems)
        params = task_type.params.check(params, (), problems)
        attributes.report("task_params", map(_hint_at_setting, problems))
    enabled = attributes.enabled()
    return TaskRow(row, task_id, name, task_type, params, enabled, tuple(attributes.diagnostics))


def _hint_at_setting(problem: Problem) -> Problem:
    """Returns `problem`, with another hint where the unknown parameter is the name of a setting."""
    if problem.code is not Code.UNKNOWN_KEY or len(problem.path) != 1:
        return problem
    name = str(problem.path[0])
    hint = None
    if name in TASK_CONFIG:
        hint = "It is a setting, not a parameter: put it into the job's job_task_configs."
    elif not problem.proposal and (hint := setting_hint(name)) and "Leave it out" not in hint:
        hint = f"It is a setting, not a parameter. In the job's job_task_configs: {hint}"
    return replace(problem, hint=hint, proposal="") if hint else problem


def _type(attributes: Attributes, types: Mapping[str, TaskType]) -> TaskType | None:
    text = attributes.text("task_type")
    if not text and attributes.has_problem("task_type"):
        return None
    if task_type := types.get(normalized(text)):
        return task_type
    if text:
        problem = unknown_type(text, types.values())
    else:
        hint = known_words(known.name for known in types.values())
        problem = Problem(Code.MISSING_ATTRIBUTE, "task_type is missing", hint)
    attributes.report("task_type", [problem])
    return None
