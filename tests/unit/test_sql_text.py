"""The outlines of SQL texts: statements and placeholders, past comments, quotes and Jinja."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagc.compiler.schema.sql_text import placeholders, statements

PIECES = ["--", "\n", "/*", "*/", "'", '"', "$$", "$a$", ";", ":b", "x ", "{{ ds }}", "{# c #}"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT 1", ["SELECT 1"]),
        ("SELECT 1;\n", ["SELECT 1"]),
        ("-- a; b\nSELECT 1 /* ; */; ;\nSELECT\n 2", ["SELECT 1", "SELECT 2"]),
        ("SELECT ';', \"a;b\", 'it''s;'", ["SELECT '' , '' , ''"]),
        ("SELECT '-- no comment', 2", ["SELECT '' , 2"]),
        ("AS $$ a; b; $$ LANGUAGE sql; SELECT $1", ["AS '' LANGUAGE sql", "SELECT $1"]),
        ("AS $x$ a; $$ b; $x$", ["AS ''"]),
        ("{% if a %}VACUUM {{ b['c'] }}{% endif %}{# ; #}", ["VACUUM x"]),
        ("DELETE FROM {{ 'a;b' }}; SELECT '{{ x[\"y\"] }}'", ["DELETE FROM x", "SELECT ''"]),
        ("-- only a comment", []),
        ("SELECT ' ; VACUUM", []),
        ("SELECT /* ; VACUUM", []),
        (r"SELECT '\'; VACUUM'", []),
        ("{% raw %}SELECT '{{'{% endraw %}; VACUUM", []),
    ],
)
def test_statements(text: str, expected: list[str]) -> None:
    assert list(statements(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("WHERE a = :day AND b=:shop_2", {"day", "shop_2"}),
        ("SELECT a::date, b[1:n], '12:30', x:y, \":q\" -- :c", set()),
        ("{{ a }}:b {{ {'c': d}['c'] }}", set()),
    ],
)
def test_placeholders(text: str, expected: set[str]) -> None:
    assert placeholders(text) == expected


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_a_statement_holds_no_more_quotes_than_it_has_closed(text: str) -> None:
    for statement in statements(text):
        assert not set('"/;').intersection(statement.replace("*/", ""))
        assert statement.count("'") % 2 == 0
