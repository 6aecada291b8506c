"""Reads the task groups of a DAG file: what stands in `with TaskGroup("load"):` belongs to it."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager


class Groups:
    """The groups that were read (`found`): by id, what each is given but for its name and prefix.
    `around` is the id of the group that is being read, "" for none.
    """

    def __init__(self) -> None:
        self.found: dict[str, dict[str, ast.expr]] = {}
        self.around = ""
        self._prefix = ""

    def id_of(self, name: str) -> str:
        """The id of what is called `name` in the group that is being read."""
        return f"{self._prefix}{name}"

    @contextmanager
    def inside(self, arguments: dict[str, ast.expr]) -> Iterator[None]:
        """Reads inside the group whose call has these arguments."""
        name = arguments.pop("group_id", None) or arguments.pop("argument 1", None)
        given = arguments.pop("prefix_group_id", None)
        before = self.around, self._prefix
        text = name.value if isinstance(name, ast.Constant) else name and ast.unparse(name)
        self.around = self.id_of(str(text))
        is_bare = isinstance(given, ast.Constant) and given.value is False
        self._prefix = "" if is_bare else f"{self.around}."
        self.found[self.around] = arguments
        yield
        self.around, self._prefix = before
