"""Reads `task_params` of a job or of the defaults: parameters for all tasks of a type."""

from collections.abc import Mapping
from typing import Any

from dagc.compiler.diagnostics import Code, JsonPath, Problem, Severity
from dagc.compiler.schema.json_values import kind_of
from dagc.compiler.schema.other_names import normalized
from dagc.compiler.task_types import TaskType, unknown_type

TypeParams = dict[str, dict[str, Any]]
"""Parameters by the name of the task type."""


def read_type_params(
    by_type: Any, types: Mapping[str, TaskType], at: JsonPath, problems: list[Problem]
) -> TypeParams:
    """Reads the checked parameters in `by_type`, the content of the `task_params` at the path `at`.

    `types` are by `other_names.normalized` name. If `by_type` is no object, that has been reported.
    """
    result: TypeParams = {}
    for type_name, params in by_type.items() if isinstance(by_type, dict) else ():
        path = (*at, "task_params", type_name)
        task_type = types.get(normalized(type_name))
        if task_type is None:
            problems.append(unknown_type(type_name, types.values(), path))
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
            if task_type.any_operator and "operator" in params:
                problems.append(_no_operator(path))
    return result


def _no_operator(path: JsonPath) -> Problem:
    return Problem(
        Code.NO_EFFECT,
        "what is said here for all tasks of the type names no operator",
        "Leave it out here: only the row of a task names its operator.",
        (*path, "operator"),
        Severity.WARNING,
    )
