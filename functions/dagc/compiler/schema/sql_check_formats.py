"""Reads the checks of a table's columns and of a table, as common-sql's operators take them.

`SQLColumnCheckOperator` and `SQLTableCheckOperator` look at them when they are made, that is, when
Airflow loads the DAG: what they would refuse there is a mistake here. Both build the query's SQL of
a name in them, which so must be one of SQL without quotes.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from dagc.compiler.schema.formats import Mistake

_LOWER = ("greater_than", "geq_to")
_UPPER = ("less_than", "leq_to")


def column_checks(value: Any) -> Any:
    """Reads `{column: {check: {comparison: number}}}`."""
    return next(_mistakes(value), None) or dict(value)


def table_checks(value: Any) -> Any:
    """Reads `{name: {"check_statement": …}}`."""
    mistake = _empty(value, "check") or next(_unusable_names(value), None)
    mistake = mistake or next(filter(None, map(_semicolon, value.values())), None)
    return mistake or dict(value)


def _mistakes(columns: Mapping[str, Any]) -> Iterator[Mistake]:
    if mistake := _empty(columns, "column"):
        yield mistake
    yield from _unusable_names(columns)
    for column, checks in columns.items():
        if mistake := _empty(checks, f"check of {column!r}"):
            yield mistake
        for check, compared in checks.items():
            if mistake := _comparison_mistake(f"{check} of {column!r}", compared):
                yield mistake


def _comparison_mistake(name: str, compared: Mapping[str, Any]) -> Mistake | None:
    """What is wrong with what one check compares with: `_column_mapping_validation` of the operator
    has the rules.
    """
    lower, upper = ([key for key in keys if key in compared] for keys in (_LOWER, _UPPER))
    bounds = [*lower, *upper]
    if not bounds and "equal_to" not in compared:
        return Mistake(f"{name} is compared with nothing", 'Write {"equal_to": 0}, for instance.')
    for both in (lower, upper, ["equal_to", *bounds] if "equal_to" in compared else []):
        if len(both) > 1:
            return Mistake(f"{name} has {both[0]} and {both[1]}", "Keep one of the two.")
    if lower and upper:
        least, most = compared[lower[0]], compared[upper[0]]
        touching = (lower[0], upper[0]) == ("geq_to", "leq_to")
        if least > most or (least == most and not touching):
            return Mistake(
                f"{name} can be no number: none is {lower[0]} {least} and {upper[0]} {most}",
                "Leave a number between the two.",
            )
    return _semicolon(compared)


def _empty(value: Mapping[str, Any], what: str) -> Mistake | None:
    return None if value else Mistake(f"there is no {what}", "Write one, or leave all of it out.")


def _unusable_names(value: Mapping[str, Any]) -> Iterator[Mistake]:
    for name in value:
        if not name.isidentifier():
            yield Mistake(
                f"{name!r} is no name that SQL takes without quotes, and the query has it so",
                "Write letters, digits and _ alone; for another column, use sql.",
            )


def _semicolon(check: Mapping[str, Any]) -> Mistake | None:
    for name in ("check_statement", "partition_clause"):
        if ";" in check.get(name, ""):
            return Mistake(f"a semicolon in {name}", "Write a condition alone, without ';'.")
    return None
