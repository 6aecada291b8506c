"""A plugin as a team would write it: the timetables that the golden cases name.

`load.py` puts it among the plugins of its Airflow as `acme_calendars`. It is never imported here.
"""

from datetime import datetime, timedelta
from typing import Any, Self

from airflow.plugins_manager import AirflowPlugin
from airflow.timetables.base import DagRunInfo, DataInterval, TimeRestriction, Timetable


class NyseCloseTimetable(Timetable):  # type: ignore[misc]  # Airflow is not installed here
    """Every day at a fixed time; a real one knows holidays."""

    def infer_manual_data_interval(self, *, run_after: datetime) -> DataInterval:
        """The interval of a run that a person starts."""
        return DataInterval.exact(run_after)

    def next_dagrun_info(
        self, *, last_automated_data_interval: DataInterval | None, restriction: TimeRestriction
    ) -> DagRunInfo | None:
        """The run after the last one."""
        last = last_automated_data_interval
        earliest = last.end + timedelta(days=1) if last else restriction.earliest
        return None if earliest is None else DagRunInfo.exact(earliest)


class ExchangeTimetable(NyseCloseTimetable):
    """The same for an exchange."""

    def __init__(self, **arguments: Any) -> None:
        self._arguments = arguments

    def serialize(self) -> dict[str, Any]:
        """What Airflow stores of it."""
        return self._arguments

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> Self:
        """The timetable that was stored."""
        return cls(**data)


class DAG(ExchangeTimetable):
    """One whose name every file has for something else."""


class Calendars(AirflowPlugin):  # type: ignore[misc]
    """Lets Airflow read the timetables back from its database."""

    name = "acme_calendars"
    timetables = (NyseCloseTimetable, ExchangeTimetable, DAG)
