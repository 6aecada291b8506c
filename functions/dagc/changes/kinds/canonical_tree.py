"""Brings Python trees that mean the same to one form, so that they can be compared as texts.

Constants stand where they are used; keyword arguments and the keys of a map are in the order of the
alphabet; a `timedelta` is in seconds; docstrings are left out.
"""

import ast
import copy
from collections.abc import Mapping
from datetime import timedelta

TIMEDELTA = "timedelta"
_UNITS = frozenset({"weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds"})
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Canonical(ast.NodeTransformer):
    """Changes the tree that it visits. `constants` are the values of names; `names` are those that
    are called otherwise in the text with which this one is compared.
    """

    def __init__(self, constants: Mapping[str, ast.expr], names: Mapping[str, str]) -> None:
        self._constants = constants
        self._names = names

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """A node of no kind that stands below: what is in it."""
        changed: ast.AST = super().generic_visit(node)
        if isinstance(changed, _DEFINITIONS):
            changed.body = without_docstring(changed.body) or [ast.Pass()]
            changed.name = self._names.get(changed.name, changed.name)
        return changed

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """A name: the constant that it is for."""
        if node.id in self._constants and isinstance(node.ctx, ast.Load):
            return copy.deepcopy(self._constants[node.id])
        return ast.Name(self._names.get(node.id, node.id), node.ctx)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """A literal, whatever it was written with."""
        return ast.Constant(node.value)

    def visit_Dict(self, node: ast.Dict) -> ast.AST:
        """A map, its keys in order unless one is no literal."""
        self.generic_visit(node)
        if not all(isinstance(key, ast.Constant) for key in node.keys):
            return node
        pairs = sorted(
            zip(node.keys, node.values, strict=True), key=lambda pair: ast.dump(pair[0] or pair[1])
        )
        return ast.Dict([key for key, _ in pairs], [value for _, value in pairs])

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """A call, its keyword arguments in order unless one is a whole map."""
        self.generic_visit(node)
        if all(keyword.arg for keyword in node.keywords):
            node.keywords.sort(key=lambda keyword: keyword.arg or "")
        if (length := duration(node)) is not None:
            seconds = ast.Constant(length.total_seconds())
            return ast.Call(ast.Name(TIMEDELTA, ast.Load()), [], [ast.keyword("seconds", seconds)])
        return node


def duration(node: ast.expr) -> timedelta | None:
    """The length that a call of `timedelta` is for, if its arguments are numbers by name."""
    if not (isinstance(node, ast.Call) and last_name(node.func) == TIMEDELTA) or node.args:
        return None
    given = {keyword.arg: keyword.value for keyword in node.keywords}
    numbers = {
        name: value.value
        for name, value in given.items()
        if name in _UNITS
        and isinstance(value, ast.Constant)
        and isinstance(value.value, int | float)
    }
    try:
        return timedelta(**numbers) if len(numbers) == len(given) else None
    except OverflowError:
        return None


def last_name(node: ast.expr) -> str:
    """What a called thing is called: `DAG` of `airflow.sdk.DAG`; "" for what has no name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def same(one: ast.AST | None, other: ast.AST | None) -> bool:
    """Whether two trees in this form are alike."""
    if one is None or other is None:
        return one is other
    return ast.dump(one) == ast.dump(other)


def without_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    """Statements without the text on top of them."""
    return body[1:] if docstring(body) is not None else body


def docstring(body: list[ast.stmt]) -> str | None:
    """The text on top of statements, if there is one."""
    match body:
        case [ast.Expr(ast.Constant(str(text))), *_]:
            return text
    return None
