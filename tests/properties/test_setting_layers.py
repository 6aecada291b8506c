"""Layers: the later wins, objects merge, a null removes, and of exclusive names one holds."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dagc.compiler.schema.layers import compile_layers, merged

NAMES = st.sampled_from("abcd")
LEAVES = st.sampled_from([None, True, 0, 1, "", "x", [], [1], [{"x": 1}]])
VALUES = st.recursive(LEAVES, lambda inner: st.dictionaries(NAMES, inner, max_size=2), max_leaves=4)
LAYERS = st.lists(st.dictionaries(NAMES, VALUES), max_size=4)
EXCLUSIVE = compile_layers(
    {"properties": {name: {} for name in "abcd"}, "exclusive": [["a", "b", "c"], ["b", "d"]]}, "x"
)


@given(LAYERS)
def test_the_last_word_holds(layers: list[dict[str, Any]]) -> None:
    result = merged(*layers)
    for name in "abcd":
        words = [layer[name] for layer in layers if name in layer]
        if not words or words[-1] is None:
            assert name not in result
        elif not isinstance(words[-1], dict):
            assert result[name] == words[-1]
        else:
            assert words[-1].items() <= result[name].items() or any(
                isinstance(value, dict) for value in words[-1].values()
            )


@given(LAYERS)
def test_layers_stay_as_they_are(layers: list[dict[str, Any]]) -> None:
    before = repr(layers)
    merged(*layers)
    EXCLUSIVE.merge(*layers)
    assert repr(layers) == before


@given(LAYERS)
def test_merging_is_associative_over_a_prefix(layers: list[dict[str, Any]]) -> None:
    result: dict[str, Any] = {}
    for layer in layers:
        result = merged(result, layer)
    assert result == merged(*layers)


def test_objects_merge_at_every_depth_and_lists_do_not() -> None:
    first = {"a": {"x": 1, "y": {"z": 1, "l": [1]}}, "b": 1}
    second = {"a": {"y": {"l": [2], "n": None}}, "b": None}
    assert merged(first, second) == {"a": {"x": 1, "y": {"z": 1, "l": [2], "n": None}}}


@given(LAYERS)
def test_of_exclusive_names_the_latest_holds(layers: list[dict[str, Any]]) -> None:
    result = EXCLUSIVE.merge(*layers)
    for words in EXCLUSIVE.contradicting(result):
        names = set(words.replace("'", "").split(" and "))
        assert any(sum(layer.get(n) is not None for n in names) > 1 for layer in layers)
    last = layers[-1] if layers else {}
    assert {name for name, value in last.items() if value is not None} <= result.keys()


def test_a_null_does_not_drop_its_rivals() -> None:
    assert EXCLUSIVE.merge({"a": 1}, {"b": None}) == {"a": 1}
    assert EXCLUSIVE.merge({"a": 1}, {"b": 2}) == {"b": 2}
    assert EXCLUSIVE.merge({"b": 1}, {"d": 2}, {"a": 3}) == {"a": 3, "d": 2}
