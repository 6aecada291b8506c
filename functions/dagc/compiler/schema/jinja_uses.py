"""Finds what a parsed Jinja text uses of its surroundings."""

from collections.abc import Iterable
from typing import NamedTuple

from jinja2 import nodes
from jinja2.visitor import NodeVisitor

from dagc.compiler.schema.template_text import Kind, Use

_DEFAULT_FILTERS = frozenset({"default", "d"})
_LAZY_FILTERS = frozenset(
    {"items", "map", "pprint", "reject", "rejectattr", "select", "selectattr", "unique"}
)
"""The other filters that take an undefined value without an error (tried with Jinja 3.1)."""
_PULLS = {("ti", "xcom_pull"), ("task_instance", "xcom_pull")}
_ASKING_TESTS = frozenset({"defined", "undefined"})


def uses(template: nodes.Template) -> tuple[Use, ...]:
    """Returns what `template` uses, each once.

    What it defines (`set`, `for`, macros, imports) is not among it, where it is seen: before it or
    after it, but not outside of the loop, the macro or the block that defines it. Nor is what the
    text asks for: with `x is defined`, `'x' in params`, `params.get('x')`, `x | default(…)`.
    """
    reader = _Reader()
    reader.visit(template, _At(certain=True))
    found: dict[tuple[Kind, tuple[str, ...]], Use] = {}
    for use, at in reader.uses:
        if _is_name(use) and (reader.defines(use.path[0], at) or reader.asks_for(use.path)):
            continue
        other = found.setdefault((use.kind, use.path), use)
        if (use.certain, use.consumed) > (other.certain, other.consumed):
            found[use.kind, use.path] = use
    if reader.extends:  # what stands outside of blocks is not printed then
        found |= {key: use._replace(certain=False) for key, use in found.items() if _is_name(use)}
    return tuple(
        use._replace(elsewhere=_is_name(use) and use.path[0] in reader.own)
        for use in found.values()
    )


def _is_name(use: Use) -> bool:
    return use.kind is Kind.NAME


def _pulled_tasks(call: nodes.Call) -> list[str]:
    """Returns the ids of tasks of its own DAG whose results a call of `xcom_pull` names."""
    given = dict(zip(("task_ids", "dag_id"), call.args, strict=False))
    given |= {keyword.key: keyword.value for keyword in call.kwargs}
    ids = given.get("task_ids")
    if "dag_id" in given or call.dyn_args or call.dyn_kwargs:
        return []
    listed = ids.items if isinstance(ids, nodes.List | nodes.Tuple) else [ids]
    values = [entry.value for entry in listed if isinstance(entry, nodes.Const)]
    return [value for value in values if isinstance(value, str)]


def _path(node: nodes.Node) -> tuple[str, ...]:
    """Returns the path that an expression reads; () where it is none, or known at run time."""
    if isinstance(node, nodes.Name):
        return (node.name,)
    if isinstance(node, nodes.Getattr):
        base, member = _path(node.node), node.attr
    elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
        base, member = _path(node.node), node.arg.value
    else:
        return ()
    return (*base, member) if base and isinstance(member, str) else ()


class _At(NamedTuple):
    """Where the visitor is. For `certain` and `consumed`, see `Use`; `soft` says that Jinja looks
    for filters only when it renders: in an `if`, but not in a loop or a macro inside of it.
    `scopes` are the nodes around it that have a scope of their own, from the outside to the inside.
    """

    certain: bool
    consumed: bool = False
    soft: bool = False
    scopes: tuple[int, ...] = ()

    def alone(self) -> "_At":
        """Returns the same place, for a value that nothing is done with."""
        return self._replace(consumed=False)

    def needed(self) -> "_At":
        """Returns the same place, for a value that something is done with."""
        return self._replace(consumed=True)

    def perhaps(self) -> "_At":
        """Returns the same place, for what not every rendering comes to."""
        return self._replace(certain=False, consumed=False)

    def inside(self, node: nodes.Node) -> "_At":
        """Returns the place inside `node`, which has a scope of its own, as a loop has."""
        return self._replace(consumed=False, soft=False, scopes=(*self.scopes, id(node)))


class _Reader(NodeVisitor):
    """Notes each use in `uses`, with its place, and in `own` the names that the text, or Jinja,
    defines in it, each with the scopes around its places.
    """

    def __init__(self) -> None:
        self.uses: list[tuple[Use, _At]] = []
        self.own: dict[str, set[tuple[int, ...]]] = {"self": {()}}
        self.extends = False
        self._asked: set[tuple[str, ...]] = set()

    def defines(self, name: str, at: _At) -> bool:
        """Says whether the text defines `name` in a scope that is around `at`."""
        return any(at.scopes[: len(scopes)] == scopes for scopes in self.own.get(name, ()))

    def _define(self, at: _At, *names: str) -> None:
        for name in names:
            self.own.setdefault(name, set()).add(at.scopes)

    def _use(self, node: nodes.Node, path: tuple[str, ...], at: _At) -> None:
        self.uses.append((Use(Kind.NAME, path, node.lineno, at.certain, at.consumed), at))

    def asks_for(self, path: tuple[str, ...]) -> bool:
        """Says whether the text asks somewhere whether what is at `path` is there."""
        return any(path[:length] in self._asked for length in range(1, len(path) + 1))

    def generic_visit(self, node: nodes.Node, at: _At) -> None:
        self._all(node.iter_child_nodes(), at.alone())

    def _all(self, children: Iterable[nodes.Node | None], at: _At) -> None:
        for child in children:
            if child is not None:
                self.visit(child, at)

    def visit_Name(self, node: nodes.Name, at: _At) -> None:
        if node.ctx == "load":
            self._use(node, (node.name,), at)
        else:
            self._define(at, node.name)

    def visit_Import(self, node: nodes.Import, at: _At) -> None:
        self._define(at, node.target)
        self.visit(node.template, at.needed())

    def visit_FromImport(self, node: nodes.FromImport, at: _At) -> None:
        self._define(at, *(name if isinstance(name, str) else name[1] for name in node.names))
        self.visit(node.template, at.needed())

    def visit_Include(self, node: nodes.Include | nodes.Extends, at: _At) -> None:
        self.extends |= isinstance(node, nodes.Extends)
        self.visit(node.template, at.needed())

    visit_Extends = visit_Include

    def visit_Getattr(self, node: nodes.Getattr | nodes.Getitem, at: _At) -> None:
        if path := _path(node):
            self._use(node, path, at)
            return
        self.visit(node.node, at.needed())
        if isinstance(node, nodes.Getitem):
            self.visit(node.arg, at.alone())

    visit_Getitem = visit_Getattr

    def visit_Output(self, node: nodes.Output, at: _At) -> None:
        self._all(node.nodes, at.needed())

    visit_Concat = visit_Output

    def visit_If(self, node: nodes.If, at: _At) -> None:
        at = at._replace(soft=True)
        self.visit(node.test, at.needed())
        self._all([*node.body, *node.elif_, *node.else_], at.perhaps())

    def visit_CondExpr(self, node: nodes.CondExpr, at: _At) -> None:
        at = at._replace(soft=True)
        self.visit(node.test, at.needed())
        self._all([node.expr1, node.expr2], at.perhaps())

    def visit_For(self, node: nodes.For, at: _At) -> None:
        self.visit(node.iter, at.needed())
        inside = at.perhaps().inside(node)
        self._define(inside, "loop")
        self._all([node.target, node.test, *node.body, *node.else_], inside)

    def visit_Macro(self, node: nodes.Macro | nodes.CallBlock, at: _At) -> None:
        inside = at.perhaps().inside(node)
        if isinstance(node, nodes.CallBlock):
            self.visit(node.call, at.alone())
        else:
            self._define(at, node.name)
            self._define(inside, "caller", "varargs", "kwargs")
        self._all([*node.args, *node.defaults, *node.body], inside)

    visit_CallBlock = visit_Macro

    def visit_With(self, node: nodes.With, at: _At) -> None:
        self._all(node.values, at.alone())
        self._all([*node.targets, *node.body], at.inside(node))

    def visit_Block(self, node: nodes.Block, at: _At) -> None:
        inside = at.inside(node)
        self._define(inside, "super")
        self._all(node.body, inside)

    def visit_FilterBlock(self, node: nodes.FilterBlock, at: _At) -> None:
        self._all([node.filter, *node.body], at.inside(node))

    def visit_AssignBlock(self, node: nodes.AssignBlock, at: _At) -> None:
        self.visit(node.target, at.alone())
        self._all([node.filter, *node.body], at.inside(node))

    def visit_Call(self, node: nodes.Call, at: _At) -> None:
        path = _path(node.node)
        if path[-1:] == ("get",) and node.args and isinstance(node.args[0], nodes.Const):
            self._asked.add((*path[:-1], str(node.args[0].value)))
        if path in _PULLS:
            for task in _pulled_tasks(node):
                self.uses.append((Use(Kind.TASK, (task,), node.lineno, at.certain), at))
        self.visit(node.node, at.needed())
        self._arguments(node, at)

    def visit_Compare(self, node: nodes.Compare, at: _At) -> None:
        first, *others = node.ops
        is_in = first.op in ("in", "notin")
        if is_in and isinstance(node.expr, nodes.Const):
            self._asked.add((*_path(first.expr), str(node.expr.value)))
        self.visit(node.expr, at.alone() if is_in else at.needed())
        # An object may say by itself that it equals nothing else: Airflow's `conn` does.
        by_left = first.op in ("eq", "ne") and not isinstance(node.expr, nodes.Const)
        self.visit(first.expr, at.alone() if by_left else at.needed())
        self._all([other.expr for other in others], at.perhaps())

    def visit_And(self, node: nodes.BinExpr, at: _At) -> None:
        self.visit(node.left, at.needed())
        self.visit(node.right, at.perhaps())

    visit_Or = visit_And

    def visit_Mod(self, node: nodes.Mod, at: _At) -> None:
        self.visit(node.left, at.needed())
        self.visit(node.right, at.alone())  # '' % undefined is ''

    def visit_Add(self, node: nodes.BinExpr, at: _At) -> None:
        self._all([node.left, node.right], at.needed())

    visit_Sub = visit_Mul = visit_Div = visit_FloorDiv = visit_Pow = visit_Add

    def visit_Not(self, node: nodes.UnaryExpr, at: _At) -> None:
        self.visit(node.node, at.needed())

    visit_Neg = visit_Pos = visit_Not

    def visit_Filter(self, node: nodes.Filter, at: _At) -> None:
        self.uses.append((Use(Kind.FILTER, (node.name,), node.lineno, certain=not at.soft), at))
        if node.node is not None and node.name in _DEFAULT_FILTERS:
            self._undefined_or_not(node.node, at)
        elif node.node is not None:
            self.visit(node.node, at.alone() if node.name in _LAZY_FILTERS else at.needed())
        self._arguments(node, at)

    def visit_Test(self, node: nodes.Test, at: _At) -> None:
        self.uses.append((Use(Kind.TEST, (node.name,), node.lineno, certain=not at.soft), at))
        if node.name in _ASKING_TESTS:
            self._asked.add(_path(node.node))
            self._undefined_or_not(node.node, at)
        else:
            self.visit(node.node, at.alone())
        self._arguments(node, at)

    def _undefined_or_not(self, node: nodes.Node, at: _At) -> None:
        """Visits what is asked for: it may be undefined, but nothing on the way to it."""
        if isinstance(node, nodes.Getattr | nodes.Getitem):
            self.visit(node.node, at.needed())
        elif not isinstance(node, nodes.Name):
            self.visit(node, at.alone())

    def _arguments(self, node: nodes.Call | nodes.Filter | nodes.Test, at: _At) -> None:
        keywords = [keyword.value for keyword in node.kwargs]
        self._all([*node.args, *keywords, node.dyn_args, node.dyn_kwargs], at.alone())
