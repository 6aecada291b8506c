"""Functions that a DAG file defines, and what it does beside its DAG."""

import ast
import copy
from collections.abc import Collection, Iterator

from dagc.changes.differences.short_texts import counted_lines
from dagc.changes.kinds.argument_changes import argument_changes
from dagc.changes.kinds.canonical_file import NEW
from dagc.changes.kinds.canonical_tree import same
from dagc.changes.kinds.file_reading import FileReading, Function


def function_sentences(before: FileReading, after: FileReading) -> Iterator[str]:
    """What becomes of each function that is in both files, and of those in one that are not used.
    (Where one is used that the other file has not, what uses it differs.)

    The functions of `after` have the names of those of `before` that are alike.
    """
    old, new = before.functions, after.functions
    for name in sorted(new.keys() & old.keys()):
        if not same(old[name], new[name]):
            yield from _changes(name, old[name], new[name])
    yield from (f"function {name} is new" for name in _unused(after, old))
    yield from (f"function {name} is removed" for name in _unused(before, new))


def _changes(name: str, before: Function, after: Function) -> Iterator[str]:
    """The arguments of its calls that differ, if that is all."""
    old, new = _calls(before), _calls(after)
    if not same(_without_arguments(before), _without_arguments(after)):
        yield f"function {name}: {counted_lines(ast.unparse(before), ast.unparse(after))}"
        return
    for one, other in zip(old, new, strict=True):
        for change in argument_changes(_keywords(one), _keywords(other)):
            yield f"function {name}: {change.path} {change.words}"


def _unused(file: FileReading, others: Collection[str]) -> Iterator[str]:
    for name in file.functions:
        own_name = name.removesuffix(NEW)
        if name not in others and own_name not in file.used:
            yield own_name


def _calls(function: Function) -> list[ast.Call]:
    return [node for node in ast.walk(function) if isinstance(node, ast.Call)]


def _keywords(call: ast.Call) -> dict[str, ast.expr]:
    return {keyword.arg or "**": keyword.value for keyword in call.keywords}


def _without_arguments(function: Function) -> Function:
    bare = copy.deepcopy(function)
    for call in _calls(bare):
        call.keywords = []
    return bare


def rest_sentences(before: FileReading, after: FileReading) -> Iterator[str]:
    """Imports that are others, and statements that are none of tasks, edges and functions."""
    for name in sorted(before.imports.keys() & after.imports.keys()):
        old, new = before.imports[name], after.imports[name]
        if old != new:
            yield f"{name} is imported as {new}, no longer {old}"
    yield from (f"import of {name} is new" for name in _effects(after, before))
    yield from (f"import of {name} is removed" for name in _effects(before, after))
    old, new = ("\n".join(map(ast.unparse, file.rest)) for file in (before, after))
    if old != new:
        yield f"other code of the file: {counted_lines(old, new)}"


def _effects(file: FileReading, other: FileReading) -> Iterator[str]:
    """The names that `file` alone imports, and does not use: it does so for what that does."""
    for name in file.imports:
        if name not in other.imports and name.partition(".")[0] not in file.used:
            yield name
