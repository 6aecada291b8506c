"""Checks of the warehouse's tables: a task that calls one fails if the data is not as expected.

The connection may be of any type that speaks SQL: `redshift` on Amazon MWAA, `postgres` elsewhere.
Airflow is imported where it is needed, so that the module also loads without it.
"""

import logging
import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

Value = TypeVar("Value")
CONNECTION = "redshift_default"

log = logging.getLogger(__name__)


class QualityError(Exception):
    """The data is not as it should be. The message names each table that is wrong, and how."""


def check_row_counts(
    business_date: str, minimum_rows: Mapping[str, int], conn_id: str = CONNECTION
) -> dict[str, int]:
    """Returns the number of rows of each table; fails where there are fewer than `minimum_rows`.

    The tables of staging hold one day, that of the last load: `business_date` says which was meant.
    """
    counts = {
        table: int(_value(conn_id, f"SELECT COUNT(*) FROM {_checked(table)}"))  # noqa: S608
        for table in _any(minimum_rows)
    }
    _fail_if_any(
        business_date,
        {
            table: f"{counts[table]} rows, expected at least {minimum}"
            for table, minimum in minimum_rows.items()
            if counts[table] < minimum
        },
    )
    return counts


def check_freshness(
    business_date: str, date_columns: Mapping[str, str], conn_id: str = CONNECTION
) -> dict[str, str]:
    """Returns the newest day of each table; fails where it is before `business_date`.

    `date_columns` says which column of a table holds the day.
    """
    expected = date.fromisoformat(business_date)
    newest = {
        table: _day(_value(conn_id, f"SELECT MAX({_checked(column)}) FROM {_checked(table)}"))  # noqa: S608
        for table, column in _any(date_columns).items()
    }
    _fail_if_any(
        business_date,
        {
            table: f"ends at {day}" if day else "is empty"
            for table, day in newest.items()
            if day is None or day < expected
        },
    )
    return {table: str(day) for table, day in newest.items()}


def _value(conn_id: str, sql: str) -> Any:
    from airflow.providers.common.sql.hooks.sql import DbApiHook

    row = DbApiHook.get_hook(conn_id).get_first(sql)
    return row[0]


def _checked(name: str) -> str:
    """`name`, if it can stand in SQL as it is: a name cannot be passed as a parameter."""
    if not re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", name, re.ASCII):
        raise ValueError(f"{name!r} is no name of a table or column")
    return name


def _any(tables: Mapping[str, Value]) -> Mapping[str, Value]:
    """`tables`, unless there are none: a check of nothing would pass."""
    if not tables:
        raise ValueError("no table to check: name at least one in op_kwargs")
    return tables


def _day(value: date | datetime | None) -> date | None:
    return value.date() if isinstance(value, datetime) else value


def _fail_if_any(business_date: str, problems: Mapping[str, str]) -> None:
    if problems:
        listed = "; ".join(f"{table} {problem}" for table, problem in problems.items())
        raise QualityError(f"{business_date}: {listed}")
    log.info("%s: as expected", business_date)
