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
        self._names: dict[tuple[str, str], tuple[Any, str]] = {}

    def add(self, owner: str, argument: str, value: Any) -> str:
        """The name of the constant for `argument` of the variable `owner` ("" for the DAG).

        It is the same name if the same value is added again, for another layout of its statement.
        """
        value_and_name = self._names.get((owner, argument))
        if value_and_name and value_and_name[0] is value:
            return value_and_name[1]
        name = self._namespace.constant(owner, argument)
        self._statements.append(f"{name} = {layout(value, prefix=len(name) + 3)}")
        self._names[owner, argument] = value, name
        return name

    def text(self) -> str:
        """The statements, a blank line between them."""
        return "\n\n".join(self._statements)
