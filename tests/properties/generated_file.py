"""Reads a generated DAG file back, and refuses whatever no template of the project's prints.

So a text of a row that became code cannot go unseen: every statement, name, attribute and call of
the file is of one of the few kinds listed here, and all the rest are literals.
"""

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

_MODULES = ("airflow", "datetime", "inspect", "kubernetes", "pendulum")
_VALUES = {"timedelta", "Param", "Asset", "Dataset", "datetime", "CronDataIntervalTimetable"} | {
    "DeltaDataIntervalTimetable",
    "MultipleCronTriggerTimetable",
    "V1ResourceRequirements",
    "DeadlineAlert",
    "AsyncCallback",
    *(
        f"{asset}{end}"
        for asset in ("Asset", "Dataset")
        for end in ("All", "Any", "OrTimeSchedule")
    ),
}
_WITHOUT_VALUES = ("fail_when_paused", "with_context")
_ALERTS = Path(__file__).parents[2] / "dag_templates/alerts/dagc_alerts_v1.py"


COMPARISON = (
    ast.And, ast.BoolOp, ast.Compare, ast.Constant, ast.Eq, ast.If, ast.In, ast.Is, ast.IsNot,
    ast.List, ast.Load, ast.Name, ast.Not, ast.NotEq, ast.NotIn, ast.Or, ast.Return, ast.Subscript,
    ast.UnaryOp, ast.USub,
)  # fmt: skip
"""What a condition on params is made of: no call, and no attribute."""


class Mapped(NamedTuple):
    """What an operator is mapped over."""

    value: Any


class Result(NamedTuple):
    """The result of the task that is called so."""

    task_id: str
    key: str = ""


@dataclass
class GeneratedFile:
    """The DAG's arguments; each operator's name and arguments by task id, each group's arguments by
    its id; the edges.
    """

    dag: dict[str, Any] = field(default_factory=dict)
    tasks: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    edges: list[tuple[str, str]] = field(default_factory=list)
    conditions: list[ast.FunctionDef] = field(default_factory=list)
    """The functions that look at params."""
    alerts: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    """The function and the settings of the alert in each callback that reports something."""


def read_file(text: str, approved: Collection[str] = ()) -> GeneratedFile:
    """What `text` says; AssertionError for code that is none of the compiler's own, and calls no
    class whose import path is `approved`.
    """
    return _Reader(approved).read(ast.parse(text.encode()))


@cache
def _reviewed() -> frozenset[str]:
    """The functions without a value of a row in them, as people have read them in golden cases, and
    where the file copies them from.
    """
    files = [*(Path(__file__).parents[1] / "golden").glob("*/*.py"), _ALERTS]
    return frozenset(
        ast.unparse(statement)
        for file in files
        for statement in ast.parse(file.read_bytes()).body
        if isinstance(statement, ast.FunctionDef)
        and (file == _ALERTS or statement.name in _WITHOUT_VALUES)
    )


class _Reader:
    def __init__(self, approved: Collection[str]) -> None:
        self.approved = approved
        self.file = GeneratedFile()
        self.imported: set[str] = set()
        self.constants: dict[str, Any] = {}
        self.task_ids: dict[str, str] = {}
        self.functions: dict[str, Any] = {}
        self.prefix = ""

    def read(self, module: ast.Module) -> GeneratedFile:
        *statements, dag = module.body
        for statement in statements:
            match statement:
                case ast.Import(names=[ast.alias(name="pendulum" | "asyncio" as name)]):
                    self.imported.add(name)
                case ast.ImportFrom(module=str(name), level=0):
                    paths = {f"{name}.{alias.name}" for alias in statement.names}
                    assert name.split(".")[0] in _MODULES or paths <= {*self.approved}, name
                    self.imported |= {alias.asname or alias.name for alias in statement.names}
                case ast.Assign(targets=[ast.Name(id=name)]):
                    assert name.isupper(), name
                    self.constants[name] = self.value(statement.value)
                case ast.FunctionDef(name) if ast.unparse(statement) in _reviewed():
                    self.functions[name] = name
                case ast.FunctionDef(name):
                    self.file.alerts[name] = self.alert(statement)
                    self.functions[name] = name
                case _:
                    raise AssertionError(ast.unparse(statement))
        match dag:
            case ast.With(items=[ast.withitem(ast.Call(ast.Name("DAG"), [], keywords), None)]):
                self.file.dag = self.arguments(keywords)
            case _:
                raise AssertionError(ast.unparse(dag)[:200])
        for statement in dag.body:
            self.statement(statement)
        return self.file

    def statement(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign([ast.Name(variable)], ast.Call(ast.Name(operator), [], keywords)):
                assert operator in self.imported, operator
                arguments = self.arguments(keywords)
                self.task_ids[variable] = self.prefix + arguments.pop("task_id")
                assert self.task_ids[variable] not in self.file.tasks
                self.file.tasks[self.task_ids[variable]] = (operator, arguments)
            case ast.Assign(
                [ast.Name(variable)],
                ast.Call(
                    ast.Attribute(
                        ast.Call(ast.Attribute(ast.Name(operator), "partial"), [], given), "expand"
                    ),
                    [],
                    [_, *_] as mapped,
                ),
            ):
                assert operator in self.imported, operator
                arguments = self.arguments(given)
                self.task_ids[variable] = self.prefix + arguments.pop("task_id")
                arguments |= {name: Mapped(it) for name, it in self.arguments(mapped).items()}
                assert self.task_ids[variable] not in self.file.tasks
                self.file.tasks[self.task_ids[variable]] = (operator, arguments)
            case ast.Assign([ast.Attribute(ast.Name(variable), "template_ext")], ast.Tuple([])):
                assert variable in self.task_ids
            case ast.FunctionDef():
                self.functions[statement.name] = self.wrapper(statement)
            case ast.With([ast.withitem(ast.Call(ast.Name("TaskGroup"), [name], keywords), None)]):
                self.group(self.value(name), self.arguments(keywords), statement.body)
            case ast.Expr(ast.Call(ast.Attribute(ast.Name(teardown), "as_teardown"), [], [setups])):
                assert setups.arg == "setups"
                self.path([setups.value, ast.Name(teardown)])
            case ast.Expr(ast.BinOp(op=ast.RShift()) as path):
                self.path(list(self.steps(path)))
            case ast.Expr(ast.Call(ast.Name("chain"), steps, [])):
                self.path(steps)
            case ast.Pass():
                pass
            case _:
                raise AssertionError(ast.unparse(statement))

    def group(self, name: str, arguments: dict[str, Any], body: list[ast.stmt]) -> None:
        outside = self.prefix
        self.file.groups[f"{outside}{name}"] = arguments
        self.prefix = f"{outside}{name}." if arguments.pop("prefix_group_id", True) else ""
        for statement in body:
            self.statement(statement)
        self.prefix = outside

    def wrapper(self, function: ast.FunctionDef) -> tuple[str, str]:
        """The module and the name of what the wrapper of a PYTHON task calls; of a condition on
        params, that it is one.
        """
        if ast.unparse(function.args) == "params":
            nodes = [node for line in function.body for node in ast.walk(line)]
            assert all(isinstance(node, COMPARISON) for node in nodes), ast.unparse(function)
            assert {node.id for node in nodes if isinstance(node, ast.Name)} <= {"params"}
            self.file.conditions.append(function)
            return "", ""
        assert ast.unparse(function.args) == ""
        assert [ast.unparse(decorator) for decorator in function.decorator_list] == ["with_context"]
        match function.body:
            case [
                ast.ImportFrom(module=str(module), names=[ast.alias(name, None)]),
                ast.Return(ast.Name(returned)),
            ]:
                assert returned == name
                return module, name
        raise AssertionError(ast.unparse(function))

    def alert(self, function: ast.FunctionDef) -> tuple[str, dict[str, Any]]:
        """The function, imported or copied, that a callback calls, and with which settings."""
        assert ast.unparse(function.args) == "context"
        *imports, call = function.body
        match call:
            case ast.Expr(ast.Call(ast.Name(send), [ast.Name("context")], keywords)):
                assert send.startswith(("send_", "notify_")), send
                module = "dagc_alerts_v1" if send.startswith("send_") else "dagc_alerts_v2"
                imported = [f"from {module} import {send}"]
                assert [ast.unparse(it) for it in imports] == (
                    [] if send in self.functions else imported
                )
                return send, self.arguments(keywords)
        raise AssertionError(ast.unparse(function))

    def steps(self, path: ast.expr) -> Iterator[ast.expr]:
        if isinstance(path, ast.BinOp):
            yield from self.steps(path.left)
            yield path.right
        else:
            yield path

    def path(self, steps: list[ast.expr]) -> None:
        groups = [step.elts if isinstance(step, ast.List) else [step] for step in steps]
        for before, after in pairwise(groups):
            assert 1 in (len(before), len(after))
            for parent in before:
                for child in after:
                    assert isinstance(parent, ast.Name)
                    assert isinstance(child, ast.Name)
                    self.file.edges.append((self.task_ids[parent.id], self.task_ids[child.id]))

    def arguments(self, keywords: list[ast.keyword]) -> dict[str, Any]:
        assert all(keyword.arg for keyword in keywords)
        return {str(keyword.arg): self.value(keyword.value) for keyword in keywords}

    def value(self, node: ast.expr) -> Any:  # noqa: PLR0911  a table, in effect
        match node:
            case ast.Name(id=name) if name in self.constants:
                return self.constants[name]
            case ast.Name(id=name) if name in self.functions:
                return self.functions[name]
            case ast.Attribute(ast.Name(variable), "output") if variable in self.task_ids:
                return Result(self.task_ids[variable])
            case ast.Subscript(ast.Attribute(ast.Name(variable), "output"), ast.Constant(str(key))):
                return Result(self.task_ids[variable], key)
            case ast.BinOp(ast.BinOp(ast.Constant(str(before)), ast.Add(), text), ast.Add(), after):
                return before + self.value(text) + self.value(after)
            case ast.List(elts=elements):
                return [self.value(element) for element in elements]
            case ast.Dict(keys=keys, values=values):
                names = [ast.literal_eval(key) for key in keys if key is not None]
                assert len(set(names)) == len(values)
                return dict(zip(names, map(self.value, values), strict=True))
            case ast.Call(ast.Name("timedelta"), [], keywords):
                return timedelta(**self.arguments(keywords))
            case ast.Call(ast.Name(name) | ast.Attribute(ast.Name("pendulum"), name)):
                assert name in _VALUES, name
                assert name in self.imported or "pendulum" in self.imported
                return (name, [self.value(a) for a in node.args], self.arguments(node.keywords))
            case _:
                return _literal(node)


def _literal(node: ast.expr) -> Any:
    match node:
        case ast.Attribute(ast.Name("DeadlineReference"), name):
            return name
        case _:
            return ast.literal_eval(node)
