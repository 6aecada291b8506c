"""The example callables of PYTHON tasks, with a database in memory behind Airflow's hooks."""

import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

CALLABLES = Path(__file__).parents[2] / "examples" / "airflow" / "dags"


@pytest.fixture
def quality(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The module `retail.quality`; its connection has a table `sale` that ends on 5 January."""
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE TABLE sale (day TEXT)")
        database.execute("INSERT INTO sale VALUES ('2026-01-04'), ('2026-01-05')")
        database.execute("CREATE TABLE refund (day TEXT)")
        monkeypatch.setitem(sys.modules, "airflow.providers.common.sql.hooks.sql", _hooks(database))
        monkeypatch.syspath_prepend(CALLABLES)
        from retail import quality

        yield quality
    database.close()


def _hooks(database: sqlite3.Connection) -> ModuleType:
    from datetime import date

    class Hook:
        """As far as the callables know it."""

        @staticmethod
        def get_first(sql: str) -> tuple[Any, ...]:
            (value,) = database.execute(sql).fetchone()
            return (date.fromisoformat(value) if isinstance(value, str) else value,)

    class DbApiHook:
        """Finds the one hook."""

        @staticmethod
        def get_hook(conn_id: str) -> Hook:
            assert conn_id == "redshift_default"
            return Hook()

    module = ModuleType("airflow.providers.common.sql.hooks.sql")
    module.DbApiHook = DbApiHook  # type: ignore[attr-defined]
    return module


def test_enough_rows(quality: Any) -> None:
    found = quality.check_row_counts("2026-01-05", {"sale": 2, "refund": 0})
    assert found == {"sale": 2, "refund": 0}


def test_every_table_with_too_few_rows_is_told(quality: Any) -> None:
    said = "2026-01-05: sale 2 rows, expected at least 3; refund 0 rows, expected at least 1"
    with pytest.raises(quality.QualityError, match=said):
        quality.check_row_counts("2026-01-05", {"sale": 3, "refund": 1})


def test_fresh_tables(quality: Any) -> None:
    assert quality.check_freshness("2026-01-05", {"sale": "day"}) == {"sale": "2026-01-05"}


def test_every_table_that_ends_too_early_is_told(quality: Any) -> None:
    said = "2026-01-06: sale ends at 2026-01-05; refund is empty"
    with pytest.raises(quality.QualityError, match=said):
        quality.check_freshness("2026-01-06", {"sale": "day", "refund": "day"})


def test_a_check_of_nothing_fails(quality: Any) -> None:
    with pytest.raises(ValueError, match="no table to check"):
        quality.check_row_counts("2026-01-05", {})


@pytest.mark.parametrize("name", ["sale; DROP TABLE sale", "", "a..b", 'sale"', "sale\n"])
def test_only_names_get_into_sql(quality: Any, name: str) -> None:
    with pytest.raises(ValueError, match="is no name of a table or column"):
        quality.check_row_counts("2026-01-05", {name: 1})
    with pytest.raises(ValueError, match="is no name of a table or column"):
        quality.check_freshness("2026-01-05", {"sale": name})
