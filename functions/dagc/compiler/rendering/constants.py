"""The module-level constants of a file: every text of several lines gets one.

So the body of the DAG keeps its indentation, and the SQL stands in one place, byte for byte.
"""

from typing import Any

from dagc.compiler.python_source.identifiers import Namespace
from dagc.compiler.python_source.layout import layout


class Constants:
    """Collects the constants of one file, in the order in which the file uses them."""

    def __init__(self, namespace: Namespace) -> None:
        self._namespace = namespace
        self._statements: list[str] = []

    def add(self, owner: str, argument: str, value: Any) -> str:
        """The name of a new constant for `argument` of the variable `owner` ("" for the DAG)."""
        name = self._namespace.constant(owner, argument)
        self._statements.append(f"{name} = {layout(value, prefix=len(name) + 3)}")
        return name

    def text(self) -> str:
        """The statements, a blank line between them."""
        return "\n\n".join(self._statements)
