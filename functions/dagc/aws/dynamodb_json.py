"""Turns DynamoDB's own JSON (`{"S": "text"}`) into plain data, and back.

Numbers become the int or float that equals them; one that neither can hold stays a Decimal, a set
stays a set and binary data stays bytes: reading the row then reports them.
"""

import base64
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from dagc.compiler import exact_number


def plain_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of an item in DynamoDB's JSON, as plain data."""
    return {name: plain_value(value) for name, value in item.items()}


def plain_value(value: Mapping[str, Any]) -> Any:
    """One attribute value; KeyError or ValueError if it is not in DynamoDB's JSON."""
    ((kind, content),) = value.items()
    return _READERS[kind](content)


def dynamodb_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """Plain data of the compiler's own (text, int, list, dict, set of text) as DynamoDB's JSON."""
    return {name: dynamodb_value(value) for name, value in item.items()}


def dynamodb_value(value: Any) -> dict[str, Any]:
    """One value in DynamoDB's JSON; TypeError for a kind that the compiler never stores."""
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, int) and not isinstance(value, bool):
        return {"N": str(value)}
    if isinstance(value, Mapping):
        return {"M": dynamodb_item(value)}
    if isinstance(value, list):
        return {"L": [dynamodb_value(entry) for entry in value]}
    if isinstance(value, frozenset):
        return {"SS": sorted(value)}
    raise TypeError(f"no DynamoDB value: {value!r}")


def is_dynamodb_json(item: Mapping[str, Any]) -> bool:
    """Whether every attribute of `item` is wrapped in its DynamoDB type."""
    return bool(item) and all(
        isinstance(value, dict) and len(value) == 1 and next(iter(value)) in _READERS
        for value in item.values()
    )


def _number(text: str) -> Any:
    return exact_number(Decimal(text))


def _binary(content: Any) -> bytes:
    return content if isinstance(content, bytes) else base64.b64decode(content)


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "S": str,
    "N": _number,
    "BOOL": bool,
    "NULL": lambda _: None,
    "M": plain_item,
    "L": lambda values: [plain_value(value) for value in values],
    "SS": frozenset,
    "NS": lambda numbers: frozenset(map(_number, numbers)),
    "B": _binary,
    "BS": lambda values: frozenset(map(_binary, values)),
}
