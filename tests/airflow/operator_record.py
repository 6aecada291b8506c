"""Describes an operator class of the Airflow that runs this, for `list_operators.py`.

What an operator takes is what the `__init__` of it and of its bases take, up to BaseOperator, less
what an `__init__` itself gives to the next one.
"""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from tests.airflow.annotation_kinds import kinds

ROOTS = ("BaseOperator", "BaseSensorOperator")
_OTHER_CLASS = re.compile(r"[A-Za-z_][\w.]*(?:Operator|Sensor)(?:Async)?\b")


def is_operator(kind: type) -> bool:
    """Whether a task can be of this class: not one that others derive from, and fill in."""
    names = [base.__name__ for base in kind.__mro__]
    if "BaseOperator" not in names or inspect.isabstract(kind) or _is_base(kind):
        return False
    own = kind.__mro__[: names.index("BaseOperator")]
    methods = {name for base in own if base.__name__ not in ROOTS for name in vars(base)}
    return bool({"execute", "poke"} & methods)


def _is_base(kind: type) -> bool:
    """Whether its name says so; BedrockCreateKnowledgeBaseOperator makes a base, and is none."""
    name = kind.__name__
    return name.startswith(("_", "Base")) or ("Base" in name and bool(kind.__subclasses__()))


def describe(kind: type, package: str) -> dict[str, Any]:
    """The entry of the catalogue for an operator class of a pip package ("" is Airflow itself)."""
    arguments = dict(sorted(_arguments(kind)))
    defers = "self.defer(" in inspect.getsource(kind.execute)  # type: ignore[attr-defined]
    return {
        "name": kind.__name__,
        "module": kind.__module__,
        "package": package,
        "arguments": arguments,
        "deferrable": defers or "deferrable" in arguments,
        "sensor": "BaseSensorOperator" in {base.__name__ for base in kind.__mro__},
        "template_ext": list(_texts(kind, "template_ext")),
        "replaced_by": _replaced_by(kind),
    }


def _arguments(kind: type) -> Iterator[tuple[str, str]]:
    """The name of each argument, and in words whether it is required and templated, and its
    kinds.
    """
    templated = set(_texts(kind, "template_fields"))
    seen = {"self", *_common_arguments(kind)}
    for init in _inits(kind):
        given = _given_to_next(init)
        parameters = inspect.signature(init).parameters.values()
        for parameter in parameters:
            name = parameter.name
            if parameter.kind in {parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL} or name in seen:
                continue
            seen.add(name)
            required = parameter.default is parameter.empty
            words = ["required"] * required + ["templated"] * (name in templated)
            yield name, " ".join([*words, *kinds(init, parameter)])
        seen |= given
        if not any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
            break


def _inits(kind: type) -> Iterator[Callable[..., Any]]:
    for base in kind.__mro__:
        if base.__name__ == "BaseOperator":
            return
        if "__init__" in vars(base):
            yield inspect.unwrap(vars(base)["__init__"])


def _common_arguments(kind: type) -> set[str]:
    """What every operator takes: the row's other settings say it."""
    base = next(base for base in kind.__mro__ if base.__name__ == "BaseOperator")
    return set(inspect.signature(inspect.unwrap(vars(base)["__init__"])).parameters)


def _given_to_next(init: Callable[..., Any]) -> set[str]:
    """What an `__init__` gives to that of the next class by name: nobody else can."""
    given: set[str] = set()
    for node in ast.walk(_tree(init)):
        match node:
            case ast.Call(func=ast.Attribute(attr="__init__"), keywords=keywords):
                given |= {keyword.arg for keyword in keywords if keyword.arg}
    return given


def _texts(kind: type, name: str) -> tuple[str, ...]:
    value = getattr(kind, name, ())
    return tuple(map(str, value)) if isinstance(value, (list, tuple, set, frozenset)) else ()


def _replaced_by(kind: type) -> str:
    """The classes that replace a deprecated one, or what its warning says; "" if it is none."""
    warning = " ".join(_deprecation(kind))
    named = [name.strip(".") for name in _OTHER_CLASS.findall(warning)]
    others = [name for name in named if name.split(".")[-1] != kind.__name__]
    others += [name for name in named if "." in name and name.rpartition(".")[0] != kind.__module__]
    by_name = {name.split(".")[-1]: name for name in reversed(others)}
    return ", ".join(reversed(by_name.values())) if others else warning


def _deprecation(kind: type) -> Iterator[str]:
    """The texts of a `@deprecated` on the class, and of warnings that each instance gives."""
    (tree,) = _tree(kind).body
    assert isinstance(tree, ast.ClassDef)
    inits = [
        node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "__init__"
    ]
    for decorator in [*tree.decorator_list, *(d for init in inits for d in init.decorator_list)]:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith("deprecated"):
            yield _said(decorator)
    for statement in (statement for init in inits for statement in init.body):
        if isinstance(statement, ast.Expr) and "DeprecationWarning" in ast.unparse(statement):
            yield _said(statement)


def _said(node: ast.AST) -> str:
    constants = [each.value for each in ast.walk(node) if isinstance(each, ast.Constant)]
    return " ".join(" ".join(text for text in constants if isinstance(text, str)).split())


def _tree(source: Any) -> ast.Module:
    return ast.parse(textwrap.dedent(inspect.getsource(source)))
