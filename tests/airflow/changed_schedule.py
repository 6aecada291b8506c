"""Writes down which runs a real Airflow starts after a DAG's schedule has changed.

Run it with the interpreter of an Airflow environment, with a JSON list of questions on standard
input: each has `now`, the `last` run's interval (null for none), the new schedule (`cron` and
`zone`, or `seconds`), its `start`, `end` and `catchup`, and how many runs are asked for (`count`).
The last line that it prints is a JSON list of lists of the moments in UTC at which runs may begin.
It stands alone: it imports nothing of dagc.
"""

import importlib
import json
import os
import sys
import tempfile
from typing import Any
from unittest import mock


def main() -> None:
    """Read the questions, print the answers."""
    with tempfile.TemporaryDirectory(prefix="airflow-") as home:
        os.environ["AIRFLOW_HOME"] = home
        answers = [runs(**question) for question in json.load(sys.stdin)]
    print(json.dumps(answers))  # noqa: T201 - its output


def runs(
    *,
    now: str,
    last: list[str] | None,
    schedule: dict[str, Any],
    start: str,
    end: str | None,
    catchup: bool,
    count: int,
) -> list[str]:
    """Return when the next `count` runs may begin, at the moment `now`."""
    pendulum: Any = importlib.import_module("pendulum")
    interval: Any = importlib.import_module("airflow.timetables.interval")
    base: Any = importlib.import_module("airflow.timetables.base")
    if "cron" in schedule:
        timetable = interval.CronDataIntervalTimetable(schedule["cron"], timezone=schedule["zone"])
    else:
        length = pendulum.duration(seconds=schedule["seconds"])
        timetable = interval.DeltaDataIntervalTimetable(length)
    dates = (None if it is None else pendulum.parse(it) for it in (start, end))
    restriction = base.TimeRestriction(*dates, catchup)
    known = None
    if last is not None:
        known = base.DataInterval(*map(pendulum.parse, last))
    found: list[str] = []
    frozen = pendulum.parse(now)
    clock = mock.Mock(wraps=pendulum.DateTime, utcnow=lambda: frozen)
    name, value = ("utcnow", lambda: frozen) if hasattr(interval, "utcnow") else ("DateTime", clock)
    with mock.patch.object(interval, name, value):
        while len(found) < count:
            run = timetable.next_dagrun_info(
                last_automated_data_interval=known, restriction=restriction
            )
            if run is None:
                break
            known = run.data_interval
            found.append(run.run_after.in_timezone("UTC").isoformat())
    return found


if __name__ == "__main__":
    main()
