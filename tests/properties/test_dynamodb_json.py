"""Plain data is what DynamoDB's own JSON says, and goes back there: as an item, and as a text."""

import json
from decimal import Decimal
from typing import Any

import pytest
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st

from dagc.aws.dynamodb_json import (
    dynamodb_item,
    dynamodb_value,
    is_dynamodb_json,
    item_text,
    plain_item,
)
from dagc.compiler import exact_number

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NUMBERS = st.builds(
    lambda digits, exponent: exact_number(Decimal(f"{digits}E{exponent}")),
    st.integers(-(10**38) + 1, 10**38 - 1),
    st.just(0) | st.integers(-100, 0),
)
"""What DynamoDB and boto3 hold: 38 digits."""
BINARIES = st.binary(max_size=20)
SETS = (
    st.frozensets(TEXTS, min_size=1, max_size=3)
    | st.frozensets(NUMBERS, min_size=1, max_size=3)
    | st.frozensets(BINARIES, min_size=1, max_size=3)
)
VALUES = st.recursive(
    TEXTS | NUMBERS | BINARIES | SETS | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
ITEMS = st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4)


def _typed(value: Any) -> Any:
    """`value` in a form in which 1, True and "1" differ."""
    return item_text({"x": value})


@given(ITEMS)
def test_an_item_goes_there_and_back(item: dict[str, Any]) -> None:
    sent = dynamodb_item(item)
    assert is_dynamodb_json(sent)
    assert _typed(plain_item(sent)) == _typed(item)
    assert _typed(plain_item(json.loads(item_text(item)))) == _typed(item)


@given(ITEMS)
def test_boto3_reads_the_same(item: dict[str, Any]) -> None:
    read = TypeDeserializer().deserialize({"M": dynamodb_item(item)})
    again = TypeSerializer().serialize(read)["M"]
    assert _typed(plain_item(again)) == _typed(item)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (True, {"BOOL": True}),
        (None, {"NULL": True}),
        (1, {"N": "1"}),
        (1.0, {"N": "1"}),
        (0.1, {"N": "0.1"}),
        (Decimal("0.12345678901234567890"), {"N": "0.12345678901234567890"}),
        (float("inf"), {"N": "inf"}),
        ("", {"S": ""}),
        (b"\x00\xff", {"B": b"\x00\xff"}),
        (frozenset(["b", "a"]), {"SS": ["a", "b"]}),
        (frozenset([10, 9, 0.5]), {"NS": ["0.5", "9", "10"]}),
        (frozenset([b"b", b"a"]), {"BS": [b"a", b"b"]}),
        (frozenset(), {"SS": []}),
        ({}, {"M": {}}),
        ([True, [None]], {"L": [{"BOOL": True}, {"L": [{"NULL": True}]}]}),
    ],
)
def test_each_type(value: Any, written: dict[str, Any]) -> None:
    assert dynamodb_value(value) == written


@pytest.mark.parametrize("value", [object(), (1,), frozenset(["a", 1]), frozenset([None])])
def test_what_is_no_value(value: object) -> None:
    with pytest.raises(TypeError, match="DynamoDB"):
        dynamodb_value(value)


def test_a_text_is_the_same_for_the_same_item() -> None:
    item = {"b": frozenset(["y", "x"]), "a": b"\xff"}
    assert item_text(item) == '{"a": {"B": "/w=="}, "b": {"SS": ["x", "y"]}}'
