"""Takes a module of functions apart, so that a file can hold copies of those that it calls."""

import ast
from collections.abc import Iterable, Mapping
from typing import NamedTuple


class FunctionSource(NamedTuple):
    """The source text of a function, and the names of its module's functions that it uses."""

    text: str
    uses: frozenset[str]


def read_functions(source: str) -> dict[str, FunctionSource]:
    """The functions of a module, by name, in their order; SyntaxError where it is no Python.

    Raises ValueError if the module holds, beside its docstring, anything but functions: what a
    copied function needs, it imports and defines itself.
    """
    tree = ast.parse(source)
    statements = tree.body[1:] if ast.get_docstring(tree) is not None else tree.body
    functions = [it for it in statements if isinstance(it, ast.FunctionDef)]
    if others := [it for it in statements if not isinstance(it, ast.FunctionDef)]:
        raise ValueError(f"line {others[0].lineno} is no function: it would not be copied with one")
    names = {function.name for function in functions}
    return {
        function.name: FunctionSource(
            ast.get_source_segment(source, function) or "",
            frozenset(
                node.id
                for node in ast.walk(function)
                if isinstance(node, ast.Name) and node.id in names
            ),
        )
        for function in functions
    }


def with_used(functions: Mapping[str, FunctionSource], called: Iterable[str]) -> list[str]:
    """The names of the `called` functions and of all that these use, in the module's order."""
    found: set[str] = set()
    waiting = [*called]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += functions[name].uses
    return [name for name in functions if name in found]
