"""Dates as Airflow's documentation writes them: `pendulum.datetime(2024, 1, 1, tz="UTC")`."""

from datetime import datetime
from typing import Any

from dagc.compiler.python_source.nodes import Call


def date(value: Any, timezone: str = "UTC") -> Any:
    """The expression for a local datetime in `timezone`; any other value as it is."""
    if not isinstance(value, datetime):
        return value
    parts = [value.year, value.month, value.day, value.hour, value.minute, value.second]
    parts.append(value.microsecond)
    while len(parts) > 3 and parts[-1] == 0:
        parts.pop()
    return Call("pendulum.datetime", tuple(parts), {"tz": timezone})
