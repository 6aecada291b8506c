"""Decides what IAM would: whether statements allow a request ("Policy evaluation logic").

It knows the elements and the operators of conditions that our template uses, and fails on others.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

Statement = Mapping[str, Any]


class Request(NamedTuple):
    """Who asks, asks for this; `context` has the values of each condition key that is sent."""

    action: str
    resource: str
    context: Mapping[str, tuple[str, ...]] = {}


def is_allowed(statements: Iterable[Statement], request: Request) -> bool:
    """Whether one allows it and none denies it."""
    effects = {statement["Effect"] for statement in statements if applies(statement, request)}
    return effects == {"Allow"}


def applies(statement: Statement, request: Request) -> bool:
    """Whether a statement is about this request."""
    unknown = statement.keys() - {"Sid", "Effect", "Action", "Resource", "NotResource", "Condition"}
    assert not unknown, unknown
    return (
        any(matches(action, request.action) for action in listed(statement["Action"]))
        and _is_of(statement, request.resource)
        and all(
            _holds(operator, request.context.get(key, ()), listed(wanted))
            for operator, keys in statement.get("Condition", {}).items()
            for key, wanted in keys.items()
        )
    )


def listed(value: Any) -> list[str]:
    """One value or several, as IAM takes them."""
    return [value] if isinstance(value, str) else list(value)


def matches(pattern: str, text: str) -> bool:
    """Whether `*` and `?` of the pattern can stand for what the text has."""
    regex = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(regex, text, re.DOTALL) is not None


def _is_of(statement: Statement, resource: str) -> bool:
    if "NotResource" in statement:
        return not any(matches(it, resource) for it in listed(statement["NotResource"]))
    return any(matches(it, resource) for it in listed(statement["Resource"]))


def _holds(operator: str, values: tuple[str, ...], wanted: list[str]) -> bool:
    """Whether what was sent is what a condition wants. An operator for all values holds for none;
    any other one wants a value.
    """
    if operator == "Null":
        return wanted == [str(not values).lower()]
    quantifier, _, name = operator.rpartition(":")
    assert quantifier in {"", "ForAllValues"}, operator
    compare = _OPERATORS[name]
    found = [any(compare(it, value) for it in wanted) for value in values]
    return all(found) and (bool(found) or quantifier == "ForAllValues")


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "StringEquals": str.__eq__,
    "StringLike": matches,
    "ArnLike": matches,
    "Bool": str.__eq__,
}
