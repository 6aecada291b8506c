"""Reads from a DAG file when Airflow starts its runs."""

import ast
import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from dagc.changes.kinds.canonical_file import canonical
from dagc.changes.kinds.canonical_tree import TIMEDELTA, duration, last_name
from dagc.changes.kinds.file_reading import read_file
from dagc.compiler import CRON_OF_PRESET, moment_of

_AIRFLOW = re.compile(r"^# .* of mwaa_\w+, for Airflow (\d+\.\d+)$", re.MULTILINE)
_SCHEDULES = ("schedule", "schedule_interval", "timetable")
_ASSET_CONDITIONS = {"AssetAll", "AssetAny", "DatasetAll", "DatasetAny"}


class Timetable(NamedTuple):
    """A schedule as the file has it: a `cron` text, or a `length` of time; for others, both are
    None, and `words` says what it is. `start` and `end` are its dates, None for none. `airflow` is
    the version that the file is for, () where it does not say. `assets`: they start runs, too.
    `times` are several cron texts, at whose times runs begin that cover no interval.
    """

    cron: str | None
    length: timedelta | None
    words: str
    zone: str
    start: datetime | None
    end: datetime | None
    catchup: bool
    airflow: tuple[int, ...] = ()
    assets: bool = False
    times: tuple[str, ...] = ()


def read_timetable(text: str) -> Timetable | None:
    """The timetable of a DAG file; None where it has none, or cannot be read as Python."""
    try:
        arguments = canonical(read_file(text)).arguments
    except (SyntaxError, ValueError, RecursionError):
        return None
    given = [arguments[name] for name in _SCHEDULES if name in arguments]
    if not given or _constant(given[0], "") is None:
        return None
    start = _date(arguments.get("start_date"))
    end = _date(arguments.get("end_date"))
    catchup = _constant(arguments.get("catchup"), default=False) is True
    node, assets = _without_assets(given[0])
    times = _several(node)
    cron, length, zone = _schedule(node)
    if zone is None:
        zone = start[1] if start else "UTC"
    if length is not None and length <= timedelta(0):
        length = None
    words = "" if cron or length else _words(node)
    begin, over = (None if date is None else date[0] for date in (start, end))
    version = _AIRFLOW.search(text)
    airflow = tuple(map(int, version[1].split("."))) if version else ()
    found = Timetable(cron, length, words, zone, begin, over, catchup, airflow, assets)
    return found._replace(cron=None, times=times) if times else found


def _several(node: ast.expr) -> tuple[str, ...]:
    if isinstance(node, ast.Call) and last_name(node.func) == "MultipleCronTriggerTimetable":
        return tuple(str(text.value) for text in node.args if isinstance(text, ast.Constant))
    return ()


def _without_assets(node: ast.expr) -> tuple[ast.expr, bool]:
    """The timetable alone, where assets start runs, too; and whether they do."""
    if isinstance(node, ast.Call) and last_name(node.func).endswith("OrTimeSchedule"):
        inner = [word.value for word in node.keywords if word.arg == "timetable"]
        return (inner[0], True) if inner else (node, True)
    return node, False


def _schedule(node: ast.expr) -> tuple[str | None, timedelta | None, str | None]:
    """The cron text, or the length; and the zone that is given with it."""
    match node:
        case ast.Constant(str(text)) if text in CRON_OF_PRESET or len(text.split()) == 5:
            return CRON_OF_PRESET.get(text, text), None, None
        case ast.Call(_, [ast.Constant(str(text)), *_]) if "Cron" in last_name(node.func):
            zones = [word.value for word in node.keywords if word.arg == "timezone"]
            zone = _constant(zones[0], None) if zones else None
            return CRON_OF_PRESET.get(text, text), None, zone if isinstance(zone, str) else None
        case ast.Call(_, [length]) if last_name(node.func).startswith("Delta"):
            return None, duration(length), None
        case ast.Call() if last_name(node.func) == TIMEDELTA:
            return None, duration(node), None
    return None, None, None


def _words(node: ast.expr) -> str:
    match node:
        case ast.Constant("@once"):
            return "one run, if there was none yet"
        case ast.Constant("@continuous"):
            return "a run begins as soon as the one before has ended"
        case ast.List():
            return "a run begins when its assets have been updated"
        case ast.Call() if last_name(node.func) in _ASSET_CONDITIONS:
            return "a run begins when its assets have been updated"
        case ast.Call() if (name := last_name(node.func)) != TIMEDELTA:
            return f"a timetable that is not read here: {name}"
    return "a timetable that is not read here"


def _date(node: ast.expr | None) -> tuple[datetime, str] | None:
    """A date of pendulum's, and its zone."""
    if not (isinstance(node, ast.Call) and last_name(node.func) == "datetime"):
        return None
    numbers = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
    zones = [word.value for word in node.keywords if word.arg in {"tz", "tzinfo"}]
    zone = _constant(zones[0], "UTC") if zones else "UTC"
    try:
        wall = datetime(*numbers)  # type: ignore[arg-type]  # noqa: DTZ001
        return moment_of(wall, str(zone)).astimezone(UTC), str(zone)
    except (TypeError, ValueError, OSError):
        return None


def _constant(node: ast.expr | None, default: object) -> object:
    return node.value if isinstance(node, ast.Constant) else default
