"""Texts and values as a hostile or careless author would write them."""

from typing import Any

from hypothesis import strategies as st

PHRASES = [
    'a"); import os #', "'''", '"""', '\\"""', "\\", "\\N{DIGIT ONE}", "{{ ds }}", "{% raw %}",
    "{{", "{%", "{#", "%s", "{0}", "\0", "\ud800", "\u202e", "\u2028", "\x85", "\x0c", "\r\n", "\t",
    "# fmt: off", "# noqa", "coding: utf-7", "chain", "DAG(", "é", "中文", "a\u0301", "ﬁ", "𝔞",
    "-- done\n", "SELECT 1;\n", "__import__('os')", "\0000\0", "None", " " * 90, "word " * 30,
    ".sql", ".sh", ".json", "",
]  # fmt: skip
CHARACTERS = st.one_of(st.characters(codec=None), st.sampled_from("\"'\\\n\r\t {}%#é中\u202e\0"))

TEXTS = st.one_of(
    st.text(CHARACTERS, max_size=30),
    st.lists(st.sampled_from(PHRASES), max_size=5).map("".join),
    st.text(st.sampled_from("ab é中\"'\\ "), min_size=20, max_size=200),
    st.lists(st.text(st.sampled_from("abcé\"'\\"), max_size=30), max_size=20).map(" ".join),
)
"""Anything, also what no file can hold."""

LEGAL_TEXTS = TEXTS.map(
    lambda text: text.replace("\0", "").encode(errors="ignore").decode().replace("{", "(")
)
"""Any text that Airflow can store, and that is no Jinja."""

NUMBERS = st.one_of(
    st.integers(-(10**40), 10**40), st.floats(allow_nan=False, allow_infinity=False)
)


def json_values(texts: st.SearchStrategy[str] = TEXTS) -> st.SearchStrategy[Any]:
    """JSON values whose texts, and keys, are drawn from `texts`."""
    return st.recursive(
        st.one_of(st.none(), st.booleans(), NUMBERS, texts),
        lambda inner: st.one_of(
            st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)
        ),
        max_leaves=8,
    )
