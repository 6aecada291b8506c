"""The outlines of SQL texts: statements and placeholders, past comments, quotes and Jinja."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dagc.compiler.schema.sql_text import most_statements, placeholders, statements

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
        ("{% raw %}SELECT '{{'{% endraw %} raw; VACUUM", ["SELECT '' raw", "VACUUM"]),
        ("{% if a %}VACUUM;{% else %}SELECT '{{ b }}{% endif %}'", ["VACUUM", "SELECT ''"]),
        ("{% include 'a.sql' %}", ["x"]),
    ],
)
def test_statements(text: str, expected: list[str]) -> None:
    assert list(statements(text) or ()) == expected


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ' ; VACUUM",
        "SELECT /* ; VACUUM",
        r"SELECT '\'; VACUUM'",
        "/* a /* b; */ c; */ SELECT 1",
        "/*!40101 SET NAMES utf8 */;",
        "{% if %}SELECT 1",
    ],
)
def test_uncertain_statements(text: str) -> None:
    assert statements(text) is None
    assert most_statements(text) == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("DELETE FROM t; INSERT INTO t SELECT 1;", 2),
        ("{% if a %}DELETE FROM t;{% else %}DELETE FROM t WHERE d='{{ ds }}';{% endif %}", 1),
        ("{% if a %}A;{% elif b %}B; C;{% else %}D;{% endif %}", 2),
        ("DELETE FROM t; {% if a %}INSERT INTO t SELECT 1{% endif %}", 2),
        ("{% if a %}A;{% endif %}{% if not a %}B;{% endif %}", 1),
        ("{% if a %}A{% else %}B{% endif %};{% if a %}C{% else %}D{% endif %}", 2),
        ("{% if a %}{% if b %}A; B{% endif %}{% endif %}", 2),
        ("{% if a %}SELECT ';'{% else %}SELECT 1 -- ;{% endif %}", 1),
        ("{% set q %}SELECT 1;{% endset %}{{ q }}", 1),
        ("{% set q = 'a;b' %}{{ q }};", 1),
        ("{% macro m() %}A; B;{% endmacro %}{{ m() }}", 1),
        ("{% for t in ['a', 'b'] %}DELETE FROM {{ t }};{% endfor %}", 2),
        ("{% for t in ['a'] %}DELETE FROM {{ t }};{% endfor %}", 1),
        ("{% for t in a if t == b %}DELETE FROM {{ t }};{% endfor %}", 1),
        ("{% for t in a %}{{ t }}{{ ';' if loop.last else ',' }}{% endfor %}", 1),
        ("{% for t in a %}{{ t }}{% if loop.last %};{% endif %}{% endfor %}", 1),
        ("SELECT {% for t in a %}{{ t }}, {% endfor %}1; ", 1),
        ("{% with b = 1 %}A; {{ b }}{% endwith %}", 2),
        ("{% raw %}A; B{% endraw %} raw", 2),
        ("{% for a in b %}" * 50 + "A;" + "{% endfor %}" * 50, 2),
        ("{% call m() %};{% endcall %}; SELECT 1", 2),
    ],
)
def test_most_statements(text: str, expected: int) -> None:
    assert most_statements(text) == expected


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
    for statement in statements(text) or ():
        assert not set('"/;').intersection(statement.replace("*/", ""))
        assert statement.count("'") % 2 == 0
