"""Whatever the file: what does the same is cosmetic at most, and comparing never fails."""

import ast
import random
from functools import cache

import black
from hypothesis import given, settings
from hypothesis import strategies as st

from dagc.changes.kinds import Kind, compare_files
from tests.conftest import EXAMPLES
from tests.golden.case import FOLDER

FILES = [path.read_text("utf-8") for path in sorted(FOLDER.glob("*/*.py"))]
file = st.sampled_from(FILES)
FEW = settings(max_examples=EXAMPLES // 2)


@cache
def _narrow(text: str) -> str:
    mode = black.Mode(line_length=40, string_normalization=False, magic_trailing_comma=False)
    return black.format_str(text, mode=mode)


@given(file)
def test_equal_texts_have_no_kind(text: str) -> None:
    assert compare_files(text, text).kinds == ()


@FEW
@given(file)
def test_another_layout_is_cosmetic(text: str) -> None:
    for other in (_narrow(text), ast.unparse(ast.parse(text))):
        assert set(compare_files(text, other).kinds) <= {Kind.COSMETIC}
        assert set(compare_files(other, text).kinds) <= {Kind.COSMETIC}


@given(file, st.randoms())
def test_other_comments_are_cosmetic(text: str, chance: random.Random) -> None:
    tree = ast.parse(text)
    ends = [statement.end_lineno or 0 for statement in tree.body]
    lines = text.splitlines(keepends=True)
    lines.insert(chance.choice(ends), "# Hello\n")
    assert compare_files(text, "".join(lines)).kinds == (Kind.COSMETIC,)


@given(file, file)
def test_texts_that_differ_have_a_kind_and_few_sentences(before: str, after: str) -> None:
    found = compare_files(before, after).found
    assert bool(found) == (before != after)
    assert list(found) == [kind for kind in Kind if kind in found]
    assert all(0 < len(sentences) <= 8 for sentences in found.values())


@given(file, file, st.integers(0, 2000), st.text(max_size=20))
def test_no_text_makes_it_fail(before: str, after: str, place: int, text: str) -> None:
    broken = after[:place] + text + after[place:]
    assert compare_files(before, broken) == compare_files(before, broken)
    assert compare_files(text, after).kinds
