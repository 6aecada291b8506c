"""Reduces the annotation of an operator's argument to the kinds of literals that a row may give.

It runs in an Airflow environment, for `list_operators.py`, and imports nothing of dagc.
"""

import ast
import enum
import inspect
import os
import sys
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date, timedelta
from functools import cache
from typing import Any, Literal, Union

ANYTHING = frozenset[str]()
"""Not annotated, or with something that says nothing."""
PYTHON = "python"
"""What no literal is: a connection, a callback, a class."""
UNSAID = ("ArgNotSet", "SetDuringExecution", "XComArg", "PlainXComArg")
"""Airflow's marks for "not given" and "given by another task": no values of their own."""

UNANNOTATED = {
    ("BatchOperator", "waiters"): PYTHON,
    ("ExasolOperator", "handler"): PYTHON,
    ("HttpSensor", "response_check"): PYTHON,
    ("TimeDeltaSensor", "delta"): "timedelta",
    ("TimeDeltaSensorAsync", "delta"): "timedelta",
}
"""What arguments are whose annotation is missing, says nothing, or cannot be resolved, as the
operator uses them: an object with methods, a function, what it adds to a date. (Of the others, each
takes some text.)"""

_BY_CLASS = (
    (bool, "boolean"),
    (enum.Enum, "string"),
    (int, "integer"),
    (float, "number"),
    (str, "string"),
    (os.PathLike, "string"),
    (timedelta, "timedelta"),
    (date, "datetime"),
    (types.NoneType, "null"),
)


def kinds(init: Callable[..., Any], parameter: inspect.Parameter) -> tuple[str, ...]:
    """The kinds of literals that an argument takes, sorted; none if that is not said, or anything;
    `("python",)` if only an object of Python will do.
    """
    found = ANYTHING
    if parameter.annotation is not parameter.empty:
        found = _kinds(parameter.annotation, names_in(init.__module__))
    if not found:
        of_class = init.__qualname__.partition(".")[0]
        found = frozenset(filter(None, [UNANNOTATED.get((of_class, parameter.name))]))
    if not found - {PYTHON, "null"} and PYTHON in found:
        return (PYTHON,)
    return tuple(sorted(found - {PYTHON}))


@cache
def names_in(name: str) -> dict[str, Any]:
    """What annotations in a module may name: also what it imports for type checkers alone."""
    module = sys.modules[name]
    names = dict(vars(module))
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            for statement in node.body:
                with suppress(Exception):
                    exec(ast.unparse(statement), names)
    return names


def _kinds(annotation: Any, names: dict[str, Any]) -> frozenset[str]:
    annotation = _resolved(annotation, names)
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation is None:
        return frozenset(["null"])
    if origin is Literal:
        return frozenset(_of_class(type(value)) for value in arguments)
    if origin in {Union, types.UnionType}:
        members = [each for each in arguments if getattr(each, "__name__", "") not in UNSAID]
        found = [_kinds(each, names) for each in members]
        return ANYTHING if ANYTHING in found else ANYTHING.union(*found)
    known = annotation if origin is None else origin
    if known in {Any, object} or not isinstance(known, type) or _is_protocol(known):
        return ANYTHING
    kind = _of_class(known)
    if kind == "array" and arguments and _kinds(arguments[0], names) == {PYTHON}:
        return frozenset([PYTHON])  # pods' volumes: a list, but of what no literal is
    return frozenset([kind])


def _resolved(annotation: Any, names: dict[str, Any]) -> Any:
    """What an annotation in a text names; Any if that cannot be imported here."""
    if isinstance(annotation, typing.ForwardRef):
        annotation = annotation.__forward_arg__
    if isinstance(annotation, str):
        try:
            return _resolved(eval(annotation, names), names)
        except Exception:  # noqa: BLE001  whatever Airflow's annotation does
            return Any
    return (
        annotation.__origin__ if typing.get_origin(annotation) is typing.Annotated else annotation
    )


def _is_protocol(known: type) -> bool:
    """Whether it is one of `typing`'s protocols, such as SupportsAbs, which numbers have."""
    return bool(getattr(known, "_is_protocol", False))


def _of_class(known: type) -> str:
    for base, kind in _BY_CLASS:
        if issubclass(known, base):
            return kind
    if issubclass(known, Mapping) or typing.is_typeddict(known):
        return "object"
    if issubclass(known, Iterable):
        return "array"
    return PYTHON
