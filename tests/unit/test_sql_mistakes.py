"""SQL that databases take is never warned of; what none of them takes is found in its place.

`sql/` has statements as the manuals of the databases write them, by dialect: AWS's "Database
Developer Guide" for Redshift and "User Guide" for Athena, those of PostgreSQL and of Spark.
"""

from pathlib import Path

import pytest
import yaml

from dagc.compiler import SQL_DIALECTS
from dagc.lineage.sql_mistakes import sql_mistakes
from dagc.lineage.tables import statements_of

FOLDER = Path(__file__).parent / "sql"
BROKEN = yaml.safe_load((FOLDER / "broken.yaml").read_text("utf-8"))


def _statements() -> list[tuple[str, str]]:
    return [
        (path.stem, text.rstrip("\n"))
        for path in sorted(FOLDER.glob("*.sql"))
        for text in path.read_text("utf-8").split("\n\n")
    ]


def test_what_databases_take_is_not_warned_of() -> None:
    statements = _statements()
    assert len(statements) > 150
    wrong = [(sql, found) for dialect, sql in statements if (found := sql_mistakes(sql, dialect))]
    assert not wrong


def test_nor_with_jinja_around_it() -> None:
    for dialect, sql in _statements():
        assert not sql_mistakes(f"{{# it's (a #}}\n{{{{ params.before }}}} {sql}", dialect)


def test_what_none_takes_is_found_where_it_is() -> None:
    cases = [(dialect, case["sql"], case["at"]) for dialect in BROKEN for case in BROKEN[dialect]]
    assert len(cases) > 40
    found = [
        (dialect, sql, *(f"{it.line}:{it.column}" for it in sql_mistakes(sql, dialect)))
        for dialect, sql, _ in cases
    ]
    assert found == cases


@pytest.mark.parametrize("dialect", ["", "mysql", "snowflake", "bigquery"])
def test_dialects_without_proof_are_not_warned_of(dialect: str) -> None:
    assert not sql_mistakes("SELECT (a, FROM t WHERE", dialect)


def test_a_wide_share_is_read() -> None:
    """What is passed over is the exception, so that the order can be known."""
    known = [it.is_known for dialect, sql in _statements() for it in statements_of(sql, dialect)]
    assert known.count(False) < 0.2 * len(known)


@pytest.mark.parametrize("dialect", SQL_DIALECTS)
def test_the_dialects_are_there(dialect: str) -> None:
    [statement] = statements_of("SELECT a FROM t", dialect)
    assert statement.is_known
