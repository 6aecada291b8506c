"""Reads which task follows which from the statements that say so: `a >> [b, c]`, `chain(…)`, …"""

import ast
from collections.abc import Callable, Iterable
from itertools import pairwise

from dagc.changes.kinds.canonical_tree import last_name

EDGE_CALLS = frozenset({"chain", "cross_downstream", "set_downstream", "set_upstream"})


class Edges:
    """The edges that were read (`found`), as pairs of task ids. `task_ids` are those of variables;
    `task_of` makes a task of a call that stands in the place of one.
    """

    def __init__(self, task_of: Callable[[ast.Call], str | None]) -> None:
        self.found: set[tuple[str, str]] = set()
        self.task_ids: dict[str, str] = {}
        self._task_of = task_of

    def read(self, node: ast.expr) -> bool:
        """Reads a statement; False where it says something else than an order."""
        try:
            if isinstance(node, ast.Call):
                self._read_call(node)
            else:
                self._ends(node)
        except _UnreadError:
            return False
        return True

    def _read_call(self, call: ast.Call) -> None:
        name = last_name(call.func)
        if call.keywords:
            raise _UnreadError
        if name == "chain":
            self._chain([self._ends(argument) for argument in call.args])
        elif name == "cross_downstream" and len(call.args) == 2:
            first, second = (self._ends(argument) for argument in call.args)
            self._join(first, second)
        elif isinstance(call.func, ast.Attribute) and len(call.args) == 1:
            ends = self._ends(call.func.value), self._ends(call.args[0])
            self._join(*(ends if name == "set_downstream" else reversed(ends)))
        else:
            raise _UnreadError

    def _chain(self, links: list[list[str]]) -> None:
        """As Airflow's `chain`: two lists that follow each other are joined pair by pair."""
        for first, second in pairwise(links):
            if len(first) > 1 and len(second) > 1:
                if len(first) != len(second):
                    raise _UnreadError
                self.found.update(zip(first, second, strict=True))
            else:
                self._join(first, second)

    def _ends(self, node: ast.expr) -> list[str]:
        """The tasks that an expression ends with: what follows it follows these."""
        match node:
            case ast.Name(name):
                return [self.task_ids.get(name, name)]
            case ast.List(entries) | ast.Tuple(entries):
                return [task for entry in entries for task in self._ends(entry)]
            case ast.BinOp(first, ast.RShift(), second):
                before, after = self._ends(first), self._ends(second)
                self._join(before, after)
                return after
            case ast.BinOp(first, ast.LShift(), second):
                before, after = self._ends(first), self._ends(second)
                self._join(after, before)
                return after
            case ast.Call() if (task := self._task_of(node)) is not None:
                return [task]
        raise _UnreadError

    def _join(self, first: Iterable[str], second: Iterable[str]) -> None:
        after = list(second)
        self.found.update((one, other) for one in first for other in after)


class _UnreadError(Exception):
    """An expression that says no order in a form that is known here."""
