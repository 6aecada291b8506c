"""The ids that tasks and groups have in Airflow, read in the file of their DAG: in a group with a
prefix, they begin with the group's.
"""

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

_CACHED = 64
"""Files whose ids are kept: those that others wait for are few."""


class FileIds(NamedTuple):
    """Of a DAG, the ids of its tasks and of its groups."""

    tasks: tuple[str, ...]
    groups: tuple[str, ...]


@lru_cache(_CACHED)
def ids_in_file(text: str) -> FileIds:
    """Returns the ids in the text of a generated file, in its order."""
    found = list(_ids(ast.parse(text).body, ""))
    tasks = tuple(id_ for kind, id_ in found if kind == "task")
    return FileIds(tasks, tuple(id_ for kind, id_ in found if kind == "group"))


def _ids(statements: Iterable[ast.stmt], prefix: str) -> Iterator[tuple[str, str]]:
    """What the ids are of ("task" or "group"), and the ids; `prefix` is that of what is here."""
    for statement in statements:
        if isinstance(statement, ast.With):
            call = statement.items[0].context_expr
            name = _group_name(call)
            if name is not None:
                yield "group", f"{prefix}{name}"
            inner = f"{prefix}{name}." if name is not None and _has_prefix(call) else ""
            yield from _ids(statement.body, inner)
        elif isinstance(statement, ast.Assign):
            task_id = next(_keywords(statement.value, "task_id"), None)
            if isinstance(task_id, ast.Constant):
                yield "task", prefix + str(task_id.value)


def _group_name(call: ast.expr) -> str | None:
    """The name that a `with TaskGroup("load"):` has; None of another one, which is the DAG's."""
    is_group = isinstance(call, ast.Call) and getattr(call.func, "id", "") == "TaskGroup"
    name = call.args[0] if is_group and isinstance(call, ast.Call) else None
    return str(name.value) if isinstance(name, ast.Constant) else None


def _has_prefix(call: ast.expr) -> bool:
    """Whether the ids of what stands in the group begin with its own: unless it says otherwise."""
    said = next(_keywords(call, "prefix_group_id"), None)
    return not isinstance(said, ast.Constant) or bool(said.value)


def _keywords(value: ast.expr, name: str) -> Iterator[ast.expr]:
    """The values that calls in `value` have for the keyword `name`, the outermost first."""
    for node in ast.walk(value):
        if isinstance(node, ast.Call):
            yield from (keyword.value for keyword in node.keywords if keyword.arg == name)
