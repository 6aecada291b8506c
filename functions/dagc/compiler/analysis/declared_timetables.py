"""Schedulers that a timetable of the team's own starts, by a name that defaults.yaml declares.

Airflow reads the class back from its database, by its import path, and so wants it registered by a
plugin (`timetables` of an `AirflowPlugin`): what rows may name is therefore the team's to say.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from dagc.compiler.analysis.models import Settings
from dagc.compiler.analysis.setting_place import where_it_is_set
from dagc.compiler.diagnostics import Code, Diagnostic, Problem, slip
from dagc.compiler.rows.scheduler_row import SchedulerRow
from dagc.compiler.rows.settings import SCHEDULE_PARAMS_SCHEMA
from dagc.compiler.rows.timetables import DeclaredTimetable

SETTING = "timetable"
_SIMILAR = 0.7


def has_times(settings: Settings) -> bool:
    """Whether a schedule starts runs by the merged `settings` of a scheduler, and not only assets
    or people.
    """
    return any(settings.get(name) is not None for name in ("schedule_interval", SETTING))


def timetable_problems(
    scheduler: SchedulerRow, settings: Settings, declared: Mapping[str, DeclaredTimetable]
) -> Iterator[Diagnostic]:
    """Returns what is wrong with the timetable in the merged `settings` of `scheduler`, of those
    that are `declared`.
    """
    for names in SCHEDULE_PARAMS_SCHEMA.contradicting(settings):
        message = f"a scheduler takes only one of {names}"
        problem = Problem(Code.CONTRADICTION, message, "Keep one of them.")
        yield where_it_is_set(problem, SETTING, scheduler)
    name = settings.get(SETTING)
    if isinstance(name, str) and name not in declared:
        yield where_it_is_set(_undeclared(name, declared), SETTING, scheduler)


def with_declared(settings: Settings, declared: Mapping[str, DeclaredTimetable]) -> dict[str, Any]:
    """Returns `settings`, the name of a timetable in them replaced by what it is `declared` as."""
    name = settings.get(SETTING)
    return {**settings, SETTING: declared[name]} if name else dict(settings)


def _undeclared(name: str, declared: Mapping[str, DeclaredTimetable]) -> Problem:
    near = slip(name, declared, _SIMILAR)
    line = f"default: {{timetables: {{{json.dumps(name)}: package.module.Class}}}}"
    message = f"{name!r} is not among the timetables"
    problem = Problem(Code.BAD_VALUE, message, f"Declare it in defaults.yaml: {line}.")
    return problem.proposing(near) if near else problem
