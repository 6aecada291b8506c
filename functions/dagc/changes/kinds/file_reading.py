"""Reads the text of a DAG file as what Airflow will make of it: tasks, edges, arguments.

What is none of it, such as a statement of a team's own template, stays as a tree (`rest`).
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dagc.changes.kinds.canonical_tree import docstring, last_name, without_docstring
from dagc.changes.kinds.edges import EDGE_CALLS, Edges
from dagc.changes.kinds.group_reading import Groups

_ROW = re.compile(r"# \S.* of mwaa_\w+")
Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Arguments = dict[str, ast.expr]


class TaskReading(NamedTuple):
    """A task: what makes it, with which arguments but for its id (the id of the group around it is
    its `task_group`), and the comment that names its row ("" if none does). `defaults` are its own
    `default_args`.
    """

    task_id: str
    operator: str
    arguments: Arguments
    defaults: Arguments
    row: str


class FileReading(NamedTuple):
    """A DAG file. `arguments` are those of the DAG, `default_args` but for its ids and these;
    `groups` are those of its task groups, by id; `constants` are the values of names above it;
    `imports` the full name of each that is imported, `used` the names that are used somewhere.
    """

    dag_id: ast.expr | None
    arguments: Arguments
    default_args: Arguments
    tasks: Mapping[str, TaskReading]
    groups: Mapping[str, Arguments]
    edges: frozenset[tuple[str, str]]
    functions: Mapping[str, Function]
    constants: Mapping[str, ast.expr]
    imports: Mapping[str, str]
    used: frozenset[str]
    rest: tuple[ast.stmt, ...]
    comments: tuple[str, ...]
    docstrings: tuple[str, ...]


def read_file(text: str) -> FileReading:
    """Reads `text`; SyntaxError, ValueError or RecursionError where it is no Python."""
    tree = ast.parse(text)
    comments = list(_comments(text))
    reader = _Reader(tree, comments)
    reader.read(without_docstring(tree.body))
    return FileReading(
        reader.dag_id,
        reader.arguments,
        reader.default_args,
        reader.tasks,
        reader.groups.found,
        frozenset(reader.edges.found),
        reader.functions,
        reader.constants,
        reader.imports,
        frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name)),
        tuple(reader.rest),
        tuple(comment for _, comment in comments),
        tuple(_docstrings(tree)),
    )


class _Reader:
    def __init__(self, tree: ast.Module, comments: list[tuple[int, str]]) -> None:
        self.dag_id: ast.expr | None = None
        self.arguments: Arguments = {}
        self.default_args: Arguments = {}
        self.tasks: dict[str, TaskReading] = {}
        self.groups = Groups()
        self.edges = Edges(self._inline_task)
        self.functions: dict[str, Function] = {}
        self.imports: dict[str, str] = {}
        self.rest: list[ast.stmt] = []
        self.constants = _constants(tree)
        self._rows = [(line, text) for line, text in comments if _ROW.fullmatch(text)]

    def read(self, body: list[ast.stmt]) -> None:
        for statement in body:
            if not self._is_read(statement):
                self.rest.append(statement)

    def _is_read(self, statement: ast.stmt) -> bool:
        """Reads a statement, if it is of a known kind."""
        match statement:
            case ast.Import() | ast.ImportFrom():
                self._import(statement)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self.functions[statement.name] = statement
            case ast.Assign([ast.Name(name)], _) if name in self.constants:
                pass
            case ast.Assign([ast.Name(name)], ast.Call() as call):
                return self._call(call, name)
            case ast.Assign([ast.Attribute(ast.Name(variable), name)], value):
                return self._attribute(variable, name, value)
            case ast.With():
                self._with(statement)
            case ast.Expr(ast.BinOp() as order):
                return self.edges.read(order)
            case ast.Expr(ast.Call() as call):
                return self._call(call, "")
            case ast.Pass() | ast.Expr(ast.Constant()):
                pass
            case _:
                return False
        return True

    def _import(self, statement: ast.Import | ast.ImportFrom) -> None:
        module = ""
        if isinstance(statement, ast.ImportFrom):
            module = f"{'.' * statement.level}{statement.module or ''}."
        for alias in statement.names:
            self.imports[alias.asname or alias.name] = f"{module}{alias.name}"

    def _call(self, call: ast.Call, variable: str) -> bool:
        if last_name(call.func) == "DAG":
            self._dag(call)
            return True
        if last_name(call.func) == "as_teardown":
            return self._teardown(call)
        if last_name(call.func) in EDGE_CALLS:
            return self.edges.read(call)
        if _is_task(call):
            self._task(call, variable)
            return True
        return False

    def _with(self, statement: ast.With) -> None:
        """The DAG, a task group, or something of a team's own, whose head stays as it is."""
        body = without_docstring(statement.body)
        match statement.items:
            case [ast.withitem(ast.Call() as call)] if last_name(call.func) == "TaskGroup":
                with self.groups.inside(_arguments(call)):
                    self.read(body)
                return
            case [ast.withitem(ast.Call() as call)] if last_name(call.func) == "DAG":
                self._dag(call)
            case items:
                head = ast.With(items, [ast.Pass()])
                self.rest.append(ast.copy_location(head, statement))
        self.read(body)

    def _dag(self, call: ast.Call) -> None:
        arguments = _arguments(call)
        self.dag_id = arguments.pop("dag_id", None) or arguments.pop("argument 1", None)
        self.default_args = _taken_apart(arguments, self.constants)
        self.arguments = arguments

    def _task(self, call: ast.Call, variable: str) -> str:
        call = _unmapped(call)
        arguments = _arguments(call)
        id_ = arguments.pop("task_id")
        known = isinstance(id_, ast.Constant) and isinstance(id_.value, str)
        task_id = str(id_.value) if isinstance(id_, ast.Constant) and known else ast.unparse(id_)
        task_id = self.groups.id_of(task_id)
        if self.groups.around:
            arguments["task_group"] = ast.Constant(self.groups.around)
        defaults = _taken_apart(arguments, self.constants)
        row = self._row_above(call.lineno)
        operator = ast.unparse(call.func)
        self.tasks[task_id] = TaskReading(task_id, operator, arguments, defaults, row)
        if variable:
            self.edges.task_ids[variable] = task_id
        return task_id

    def _teardown(self, call: ast.Call) -> bool:
        """`drop.as_teardown(setups=create)`, which also orders the two; the task is given it."""
        match call:
            case ast.Call(
                ast.Attribute(ast.Name(variable)), [], [ast.keyword("setups", setups)]
            ) if variable in self.edges.task_ids:
                order = ast.BinOp(setups, ast.RShift(), ast.Name(variable))
                task = self.tasks[self.edges.task_ids[variable]]
                task.arguments["teardown"] = ast.Constant(value=True)
                return self.edges.read(order)
        return False

    def _inline_task(self, call: ast.Call) -> str | None:
        return self._task(call, "") if _is_task(call) else None

    def _row_above(self, line: int) -> str:
        """The comment that names the row of the task at `line`; no other task gets it."""
        row = ""
        while self._rows and self._rows[0][0] <= line:
            row = self._rows.pop(0)[1]
        return row

    def _attribute(self, variable: str, name: str, value: ast.expr) -> bool:
        """What is set behind a task's call, such as its `template_ext`."""
        task_id = self.edges.task_ids.get(variable)
        if task_id is None:
            return False
        self.tasks[task_id].arguments[name] = value
        return True


def _is_task(call: ast.Call) -> bool:
    return any(keyword.arg == "task_id" for keyword in _unmapped(call).keywords)


def _unmapped(call: ast.Call) -> ast.Call:
    """Of `Operator.partial(…).expand(sql=…)`, the call `Operator(…, sql=expand(…))`."""
    match call:
        case ast.Call(
            ast.Attribute(ast.Call(ast.Attribute(operator, "partial"), [], given), "expand"),
            [],
            mapped,
        ):
            values = [
                ast.keyword(it.arg, ast.Call(ast.Name("expand", ast.Load()), [it.value], []))
                for it in mapped
            ]
            whole = ast.Call(operator, [], [*given, *values])
            return ast.fix_missing_locations(ast.copy_location(whole, call))
    return call


def _arguments(call: ast.Call) -> Arguments:
    """The arguments of a call by name: those without one by their place, maps of them as `**`."""
    placed = {f"argument {place}": value for place, value in enumerate(call.args, 1)}
    named = {keyword.arg or "**": keyword.value for keyword in call.keywords}
    return placed | named


def _taken_apart(arguments: Arguments, constants: Mapping[str, ast.expr]) -> Arguments:
    """Takes `default_args` out of `arguments`, if its keys can be read, and returns its entries."""
    given = arguments.get("default_args")
    if isinstance(given, ast.Name):
        given = constants.get(given.id)
    if not isinstance(given, ast.Dict):
        return {}
    entries = {
        key.value: value
        for key, value in zip(given.keys, given.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }
    if len(entries) < len(given.keys):
        return {}
    del arguments["default_args"]
    return entries


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    """The names that are given a literal at the margin, once, and nothing else anywhere."""
    stored = [
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del)
    ]
    constants = {}
    for statement in tree.body:
        match statement:
            case ast.Assign([ast.Name(name)], value) if stored.count(name) == 1:
                if _is_literal(value):
                    constants[name] = value
    return constants


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


def _comments(text: str) -> Iterator[tuple[int, str]]:
    """The comments and their lines."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string
    except (tokenize.TokenError, IndentationError):
        return


def _docstrings(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, Function | ast.Module):
            text = docstring(node.body)
            if text is not None:
                yield "\n".join(line.strip() for line in text.strip().splitlines())
