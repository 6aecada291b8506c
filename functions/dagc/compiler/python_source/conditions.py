"""Prints what params must be as a condition of Python."""

from collections.abc import Mapping
from typing import Any

from dagc.compiler.python_source.layout import one_line
from dagc.compiler.python_source.strings import quoted

_NEGATED = {"is": "is not", "==": "!=", "in": "not in"}


def condition(values: Mapping[str, Any], *, negated: bool = False) -> str:
    """`params["full_load"] is True and params["region"] in ["eu", "us"]`, on one line; or its
    opposite.
    """
    if negated and len(values) > 1:
        return f"not ({condition(values)})"
    return " and ".join(_comparison(name, values[name], negated=negated) for name in sorted(values))


def _comparison(name: str, value: Any, *, negated: bool) -> str:
    operator = "=="
    if isinstance(value, list):
        operator = "in"
    elif value is None or isinstance(value, bool):
        operator = "is"
    operator = _NEGATED[operator] if negated else operator
    return f"params[{quoted(name)}] {operator} {_literal(value)}"


def _literal(value: Any) -> str:
    """The literal on one line, also of a text of several lines."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return str(one_line(value))
