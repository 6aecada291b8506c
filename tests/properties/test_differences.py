"""Differences of any rows and texts: what is equal has none, and the rest can be read off."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dagc.aws.row_writes import differing
from dagc.changes.differences.aligned_lists import aligned
from dagc.changes.differences.row_difference import row_difference
from dagc.changes.differences.text_difference import folded, text_difference
from dagc.changes.row_change import RowChange
from dagc.compiler import RowKey

ROW = RowKey("mwaa_task", (("task_id", "7"),))
_few_texts = st.sampled_from(["", "a", "b", "1", "[1]", '{"a": [1, "b"]}', "a\nb", "a\nc\nb", "é"])
_scalars = st.one_of(
    st.none(), st.booleans(), st.integers(0, 3), st.just(Decimal("0.1")), _few_texts,
    st.binary(max_size=2), st.frozensets(st.sampled_from("ab"), min_size=1),
)  # fmt: skip
_ids = st.fixed_dictionaries({"task_id": st.sampled_from("123")}, optional={"pid": _few_texts})
_values = st.recursive(
    _scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(_ids, max_size=4)
        | st.dictionaries(st.sampled_from(["a", "b c", "é"]), inner, max_size=3)
    ),
    max_leaves=12,
)
_items = st.dictionaries(st.sampled_from("xyz"), _values, max_size=3)
_lines = st.lists(st.sampled_from(["", "a", "b", " c", "-d", "+e", "\te"]), max_size=30)


@given(_items, _items)
def test_a_row_has_a_difference_for_each_attribute_that_differs(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    found = row_difference(RowChange(ROW, before, after))
    assert {it.attribute for it in found} == set(differing(ROW, before, after))
    assert all(it.words for it in found)
    assert row_difference(RowChange(ROW, before, before)) == ()
    assert len(row_difference(RowChange(ROW, None, after))) == len(after)


@given(st.lists(_values, max_size=6), st.lists(_values, max_size=6))
def test_elements_are_aligned_once(old: list[Any], new: list[Any]) -> None:
    pairs = list(aligned(old, new))
    assert sorted(before for before, _ in pairs if before is not None) == list(range(len(old)))
    assert [after for _, after in pairs if after is not None] == list(range(len(new)))


@given(_lines, _lines, st.integers(0, 3))
def test_a_text_difference_leads_from_one_text_to_the_other(
    before: list[str], after: list[str], context: int
) -> None:
    old, new = ("".join(f"{line}\n" for line in lines) for lines in (before, after))
    found = text_difference(old, new, context)
    made = list(before)
    for line in reversed([line for line in found if line.sign == "-"]):
        assert line.old is not None
        assert made.pop(line.old - 1) == line.text
    for line in [line for line in found if line.sign == "+"]:
        assert line.new is not None
        made.insert(line.new - 1, line.text)
    assert made == after
    assert bool(found) == (before != after)


@given(st.lists(st.integers()), st.none() | st.integers(0, 10))
def test_folding_keeps_the_head(entries: list[int], most: int | None) -> None:
    shown, left_out = folded(entries, most)
    assert shown == entries[: len(shown)]
    assert len(shown) + left_out == len(entries)
