"""Turns DynamoDB's own JSON (`{"S": "text"}`) into plain data, and back.

Whole numbers become an int, others the float that is written so; one that neither can hold stays a
Decimal, a set stays a set and binary data stays bytes: reading the row then reports them.
"""

import base64
import json
from collections.abc import Callable, Collection, Mapping
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
    """Plain data, as `plain_item` makes it, as DynamoDB's JSON; binary data stays bytes."""
    return {name: dynamodb_value(value) for name, value in item.items()}


def dynamodb_value(value: Any) -> dict[str, Any]:
    """One value in DynamoDB's JSON; TypeError for what is none, or a set of several kinds.

    A value that DynamoDB has a type for, and refuses all the same (infinity, an integer of a
    hundred digits, an empty set), is written as it is.
    """
    if value is None:
        return {"NULL": True}
    if isinstance(value, Mapping):
        return {"M": dynamodb_item(value)}
    if isinstance(value, list):
        return {"L": [dynamodb_value(entry) for entry in value]}
    if isinstance(value, frozenset | set):
        return _set(value)
    kind, content = _scalar(value)
    return {kind: content}


def item_text(item: Mapping[str, Any]) -> str:
    """An item in DynamoDB's JSON as one text, binary data in base64, always the same for the same
    item: `plain_item` reads its JSON back.
    """
    return json.dumps(
        dynamodb_item(item),
        sort_keys=True,
        ensure_ascii=False,
        default=lambda binary: base64.b64encode(binary).decode(),
    )


def json_item(item: Mapping[str, Any]) -> Any:
    """An item in DynamoDB's JSON as a file of JSON has it: binary data in base64."""
    return json.loads(item_text(item))


def is_dynamodb_json(item: Mapping[str, Any]) -> bool:
    """Whether every attribute of `item` is wrapped in its DynamoDB type."""
    return bool(item) and all(
        isinstance(value, dict) and len(value) == 1 and next(iter(value)) in _READERS
        for value in item.values()
    )


def _scalar(value: Any) -> tuple[str, Any]:
    """The type and content of a value that holds no other."""
    if isinstance(value, str):
        return "S", value
    if isinstance(value, bool):
        return "BOOL", value
    if isinstance(value, int | Decimal):
        return "N", str(value)
    if isinstance(value, float):
        return "N", str(exact_number(Decimal(repr(value))))
    if isinstance(value, bytes):
        return "B", value
    raise TypeError(f"no DynamoDB value: {value!r}")


def _set(values: Collection[Any]) -> dict[str, Any]:
    kinds = {_scalar(value)[0] for value in values} or {"S"}
    if len(kinds) > 1 or not kinds <= {"S", "N", "B"}:
        raise TypeError(f"no set of DynamoDB: {values!r}")
    return {f"{kinds.pop()}S": [_scalar(value)[1] for value in sorted(values)]}


def _number(text: str) -> Any:
    if len(text) <= _PLAIN and text.isdecimal():  # nearly all: a record holds one for each input
        return int(text)
    return exact_number(Decimal(text))


def _binary(content: Any) -> bytes:
    return content if isinstance(content, bytes) else base64.b64decode(content)


_PLAIN = 38
"""Digits that a number of DynamoDB's has."""

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
