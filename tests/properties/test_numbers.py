"""A number keeps its kind and value, or is refused: in a JSON text, and from DynamoDB."""

import ast
import json
from decimal import Decimal, localcontext

from hypothesis import example, given
from hypothesis import strategies as st

from dagc.aws.dynamodb_json import dynamodb_value, plain_value
from dagc.compiler.diagnostics import Code, Problem
from dagc.compiler.python_source.layout import layout
from dagc.compiler.schema.json_values import check_json, parse_documents, parse_json

DIGITS = st.integers(0, 10**40).map(str) | st.integers(0, 999).map(str)
FRACTIONS = st.just("") | st.from_regex(r"\.[0-9]{1,20}", fullmatch=True)
EXPONENTS = st.just("") | st.builds(
    "{}{}{}".format, st.sampled_from("eE"), st.sampled_from(["", "+", "-"]), st.integers(0, 400)
)
IN_JSON = st.builds("{}{}{}{}".format, st.sampled_from(["", "-"]), DIGITS, FRACTIONS, EXPONENTS)
"""Every form that RFC 8259 has for a number."""
IN_DYNAMODB = st.builds(
    lambda digits, exponent: Decimal(f"{digits}E{exponent}"),
    st.integers(-(10**38) + 1, 10**38 - 1),
    st.integers(-130, 88),
)
"""38 digits, from 1E-130 to 9.9…E+125."""


@given(IN_JSON)
@example("1e308")
@example("1e22")
@example("1e23")
@example("1.0")
@example("-0.0")
@example("5e-324")
@example("12345678901234567890.0")
@example("1" + "0" * 308)
def test_in_a_json_text(text: str) -> None:
    problems: list[Problem] = []
    value = check_json(parse_json(text, problems), (), problems)
    if problems:
        assert [problem.code for problem in problems] == [Code.BAD_NUMBER]
        assert Decimal(repr(float(text))) != _exact(text)
        return
    assert type(value) is type(json.loads(text))
    assert repr(value) == repr(json.loads(text))
    assert _exact(repr(value)) == _exact(text)
    assert repr(ast.literal_eval(layout(value))) == repr(value)


def test_an_exponent_beyond_any() -> None:
    problems: list[Problem] = []
    check_json(parse_json("1e99999999999999999999", problems), (), problems)
    assert [problem.code for problem in problems] == [Code.BAD_NUMBER]


@given(IN_DYNAMODB)
@example(Decimal("1E+125"))
@example(Decimal("1E-130"))
@example(Decimal("1.0"))
def test_of_dynamodb(number: Decimal) -> None:
    value = plain_value({"N": str(number)})
    whole = number == number.to_integral_value()
    assert type(value) is int if whole else type(value) in (float, Decimal)
    assert Decimal(str(value)) == number
    if isinstance(value, Decimal):  # refused
        assert Decimal(repr(float(number))) != number
    assert Decimal(dynamodb_value(value)["N"]) == number


@given(IN_JSON)
@example("1e308")
@example("1e125")
@example("1e126")
def test_in_a_file_of_rows(text: str) -> None:
    problems: list[Problem] = []
    [value] = parse_documents(text, problems)
    assert not problems
    assert len(str(value)) < max(130, len(text) + 10)
    assert Decimal(str(value)) == _exact(text)


def _exact(text: str) -> Decimal:
    with localcontext(prec=500, Emax=10**17, Emin=-(10**17)):
        return Decimal(text)
