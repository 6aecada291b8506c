"""The layouter prints literals that Python reads back, in a layout that black keeps."""

import ast
from datetime import timedelta
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from dagc.compiler.python_source.layout import bound, flat_bound, layout, timedelta_call
from dagc.compiler.python_source.strings import is_multiline, quoted, triple_quoted
from tests.properties.black_oracle import assert_black_stable
from tests.properties.hostile import TEXTS, json_values

VALUES = json_values()
INDENTS = st.integers(0, 5)
WIDTHS = st.integers(1, 60)


def _nested(depth: int, lines: str) -> str:
    """`lines` as the argument of a call inside `depth` blocks."""
    blocks = "".join(f"{'    ' * level}if x:\n" for level in range(depth))
    margin = "    " * depth
    return f"{blocks}{margin}f(\n{lines}\n{margin})\n"


def _keyword(source: str) -> ast.expr:
    call = next(node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return call.keywords[0].value


@given(VALUES, INDENTS, WIDTHS)
@example("é " * 40, 0, 1)
@example("\\" * 40 + "'" * 29 + ' """""', 0, 1)
@example("中 " * 40, 0, 1)
@example("a\u0301 " * 60, 0, 1)
def test_a_keyword_argument(value: Any, depth: int, width: int) -> None:
    source = _nested(depth, bound(f"{'a' * width}=", value, ",", 4 * depth + 4))
    assert ast.literal_eval(_keyword(source)) == value
    assert_black_stable(source)


@given(
    st.one_of(VALUES.map(lambda value: [value, "a\nb"]), TEXTS.map(lambda t: f"a\n{t}.")), WIDTHS
)
def test_a_constant(value: Any, width: int) -> None:
    name = "A" * width
    assert flat_bound("x=", value, ",", 0) is None
    text = layout(value, prefix=len(name) + 3)
    assert ast.literal_eval(text) == value
    assert_black_stable(f"{name} = {text}\n")


@given(VALUES, VALUES, INDENTS)
def test_nested_calls(first: Any, second: Any, depth: int) -> None:
    margin = " " * (4 * depth + 8)
    lines = [
        " " * (4 * depth + 4) + "b=g(",
        bound("c=", first, ",", len(margin)),
        bound("d=", second, ",", len(margin)),
        " " * (4 * depth + 4) + "),",
    ]
    source = _nested(depth, "\n".join(lines))
    outer = _keyword(source)
    assert isinstance(outer, ast.Call)
    assert [ast.literal_eval(keyword.value) for keyword in outer.keywords] == [first, second]
    assert_black_stable(source)


@given(TEXTS)
def test_texts_read_back(text: str) -> None:
    assert ast.literal_eval(quoted(text)) == text
    assert ast.literal_eval(triple_quoted(text)) == text


@given(TEXTS)
def test_nothing_invisible_is_printed(text: str) -> None:
    assert quoted(text).isprintable()
    if is_multiline(text):
        assert triple_quoted(text).replace("\n", "").replace("\t", "").isprintable()


@given(st.timedeltas(timedelta(0), timedelta(days=3660)))
def test_durations_are_exact(length: timedelta) -> None:
    call = timedelta_call(length)
    assert timedelta(**call.keywords) == length
    assert_black_stable(_nested(1, bound("a=", length, ",", 8)))
