"""A placeholder in a template: what it may be used for, and what needs the value."""

import math
import operator
from collections.abc import Callable
from typing import Any

import pytest

from dagc.compiler.templating.placeholders import Names, Placeholder, ValueNeeded, deferred, resolve

NAMES: Names = {"": {"task_id": "t"}, "params": {"x": 1}}
X = Placeholder("x", "params")

UNARY: list[Callable[[Any], object]] = [
    abs, bool, complex, dict, float, hash, int, iter, len, list, next, repr, reversed, round, set,
    sorted, str, sum, tuple, math.ceil, math.floor, math.trunc, operator.index, operator.inv,
    operator.neg, operator.not_, operator.pos, range, "{}".format, "{:>3}".format, "%s".__mod__,
    "%d".__mod__, "%(a)s".__mod__, "abc".__getitem__, "abc".__mul__, {"a": 1}.get, [1].index,
    [1].__contains__, lambda value: value.name, lambda value: value["a"], lambda value: value(),
]  # fmt: skip
BINARY: list[Callable[[Any, Any], object]] = [
    operator.add, operator.and_, operator.eq, operator.floordiv, operator.ge, operator.gt,
    operator.le, operator.lshift, operator.lt, operator.matmul, operator.mod, operator.mul,
    operator.ne, operator.or_, operator.pow, operator.rshift, operator.sub, operator.truediv,
    operator.xor, divmod,
]  # fmt: skip


@pytest.mark.parametrize("operation", UNARY)
def test_what_looks_at_a_placeholder_needs_its_value(operation: Callable[[Any], object]) -> None:
    with pytest.raises(ValueNeeded):
        operation(X)


@pytest.mark.parametrize("operation", BINARY)
def test_what_computes_with_a_placeholder_needs_its_value(
    operation: Callable[[Any, Any], object],
) -> None:
    for other in (1, "%s", [1], {"a": 1}, None, Placeholder("task_id")):
        for pair in ((X, other), (other, X)):
            with pytest.raises(ValueNeeded):
                operation(*pair)


def test_placeholders_resolve_wherever_a_template_may_put_them() -> None:
    value = {"a": [X, Placeholder("task_id")], "b": "text"}
    assert resolve(value, NAMES) == {"a": [1, "t"], "b": "text"}


def test_a_filter_waits_for_the_values() -> None:
    pair = deferred(lambda *arguments: arguments)
    assert pair(1, 2) == (1, 2)
    assert resolve(pair(pair(X, 2), [X]), NAMES) == ((1, 2), [1])
