"""Writes down when a real Airflow runs cron texts.

Run it with the interpreter of an Airflow environment, with a JSON list of [cron text, time zone,
first local time, one that is late enough, how many at most] on standard input; the last line that
it prints is a JSON list of lists of the moments in UTC, each a time of the schedule: the first one
is where the first data interval begins. It stands alone: it imports nothing of dagc.
"""

import importlib
import json
import os
import sys
import tempfile
from typing import Any


def main() -> None:
    """Read the questions, print the answers."""
    with tempfile.TemporaryDirectory(prefix="airflow-") as home:
        os.environ["AIRFLOW_HOME"] = home
        answers = [times(*question) for question in json.load(sys.stdin)]
    print(json.dumps(answers))  # noqa: T201 - its output


def times(cron: str, zone: str, since: str, until: str, count: int) -> list[str]:
    """Return the first `count` times of the schedule, or those up to the first one after `until`,
    as the scheduler asks for one run's interval after the other.
    """
    pendulum: Any = importlib.import_module("pendulum")
    interval: Any = importlib.import_module("airflow.timetables.interval")
    base: Any = importlib.import_module("airflow.timetables.base")
    timetable = interval.CronDataIntervalTimetable(cron, timezone=zone)
    timetable.validate()
    earliest = pendulum.parse(since, tz=zone).in_timezone("UTC")
    latest = pendulum.parse(until, tz=zone)
    restriction = base.TimeRestriction(earliest=earliest, latest=None, catchup=True)
    last: Any = None
    found: list[Any] = []
    while len(found) < count and (last is None or last.end <= latest):
        run = timetable.next_dagrun_info(last_automated_data_interval=last, restriction=restriction)
        found += [run.data_interval.start] if last is None else []
        last = run.data_interval
        found.append(last.end)
    return [time.in_timezone("UTC").isoformat() for time in found[:count]]


if __name__ == "__main__":
    main()
