"""Two DAG files in one form, their functions called alike where they are the same."""

import ast
import copy
from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

from dagc.changes.kinds.canonical_tree import Canonical
from dagc.changes.kinds.file_reading import Arguments, FileReading, Function

NEW = " (new)"
"""Ends the name of a function that the other file uses for another one."""

Node = TypeVar("Node", bound=ast.AST)


def alike(before: FileReading, after: FileReading) -> tuple[FileReading, FileReading]:
    """Both files, their trees in one form. A function of `after` gets the name that it has in
    `before`: that of the same body, or else its own.
    """
    return canonical(before), canonical(after, _names_before(before, after))


def _names_before(before: FileReading, after: FileReading) -> dict[str, str]:
    old = {name: _body(function, before) for name, function in before.functions.items()}
    new = {name: _body(function, after) for name, function in after.functions.items()}
    names = {name: name for name, body in new.items() if old.get(name) == body}
    for name, body in new.items():
        if name not in names:
            free = (other for other, text in old.items() if text == body)
            same_body = next((other for other in free if other not in names.values()), None)
            if same_body is not None:
                names[name] = same_body
    taken = set(names.values())
    for name in new.keys() - names.keys():
        names[name] = f"{name}{NEW}" if name in taken else name
    return names


def _body(function: Function, file: FileReading) -> str:
    """What a function does, whatever it is called."""
    tree = _tree(function, Canonical(file.constants, {}))
    tree.name = "_"
    return ast.dump(tree)


def canonical(file: FileReading, names: Mapping[str, str] = MappingProxyType({})) -> FileReading:
    """`file`, its trees in one form; `names` are what functions are called instead."""
    form = Canonical(file.constants, names)
    return file._replace(
        dag_id=None if file.dag_id is None else _tree(file.dag_id, form),
        arguments=_arguments(file.arguments, form),
        default_args=_arguments(file.default_args, form),
        tasks={
            task_id: task._replace(
                arguments=_arguments(task.arguments, form),
                defaults=_arguments(task.defaults, form),
            )
            for task_id, task in file.tasks.items()
        },
        groups={
            group_id: _arguments(arguments, form) for group_id, arguments in file.groups.items()
        },
        functions={
            names.get(name, name): _tree(function, form)
            for name, function in file.functions.items()
        },
        rest=tuple(_tree(statement, form) for statement in file.rest),
    )


def _arguments(arguments: Arguments, form: Canonical) -> Arguments:
    return {name: _tree(value, form) for name, value in arguments.items()}


def _tree(node: Node, form: Canonical) -> Node:
    changed: Node = form.visit(copy.deepcopy(node))
    return changed
