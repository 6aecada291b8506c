"""A list of ids is the same list in whatever form it is written."""

import json
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from dagc.compiler.diagnostics import Problem
from dagc.compiler.rows.references import read_ids

_IDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1).filter(
    lambda text: text == text.strip()
)
_PLAIN = st.from_regex(r"(a[A-Za-z0-9_.-]*( [a-z]+)?)|[1-9]\d{0,30}", fullmatch=True)
_BLANKS = st.sampled_from(["", " ", "\n"])


def _quoted(id_: str) -> str:
    return json.dumps(id_)


def _bare(id_: str) -> str:
    return id_


def _in_single_quotes(id_: str) -> str:
    return f"'{id_}'"


_FORMS: st.SearchStrategy[Callable[[str], str]] = st.sampled_from(
    [_quoted, _bare, _in_single_quotes]
)


def _read(value: object) -> list[str]:
    problems: list[Problem] = []
    ids = read_ids(value, (), problems)
    assert not problems
    return ids


@given(st.lists(st.tuples(_PLAIN, _FORMS, _BLANKS)), st.sampled_from(["{}", "[{}]"]))
def test_quotes_are_optional_for_each_id(
    entries: list[tuple[str, Callable[[str], str], str]], frame: str
) -> None:
    text = ",".join(f"{blank}{form(id_)}{blank}" for id_, form, blank in entries)
    assert _read(frame.format(text)) == list(dict.fromkeys(id_ for id_, _, _ in entries))


@given(st.lists(_IDS, unique=True))
def test_as_the_inside_of_a_json_array(ids: list[str]) -> None:
    array = json.dumps(ids)
    for value in (ids, array, json.dumps(array), array[1:-1] or None):
        assert _read(value) == ids


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    problems: list[Problem] = []
    ids = read_ids(text, ("pid",), problems)
    assert all(problem.path[:1] == ("pid",) for problem in problems)
    assert not (ids and problems) or text.count(",") or "[" in text
