"""Schedulers that assets start: what goes together with them, and what their runs lack.

A run that assets start has no logical date in Airflow 3, and so none of the names that texts know
by it (`get_template_context` of Airflow's task runner); it has `dag_run.run_after`, which is when
the last of the assets was updated. In Airflow 2, each run has a date.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from dagc.compiler.analysis.models import Settings
from dagc.compiler.diagnostics import Code, JsonPath, Problem
from dagc.compiler.schema.template_names import TemplateNames

SETTING = "assets"
_NO_TIMETABLES = ("@once", "@continuous")
"""Schedules that Airflow combines with no asset."""
_UNDATED: Mapping[str, str] = {
    "ds": "dag_run.run_after | ds",
    "ds_nodash": "dag_run.run_after | ds_nodash",
    "ts": "dag_run.run_after | ts",
    "ts_nodash": "dag_run.run_after | ts_nodash",
    "ts_nodash_with_tz": "dag_run.run_after | ts_nodash_with_tz",
    "logical_date": "dag_run.run_after",
    "data_interval_start": "dag_run.run_after",
    "data_interval_end": "dag_run.run_after",
}
"""What a run without a logical date lacks, and what to write instead."""


def asset_starts(settings: Settings) -> Iterator[tuple[JsonPath, str]]:
    """Returns the URIs in the setting `assets`, each with its path in it."""
    given = settings.get(SETTING)
    groups = given if isinstance(given, dict) else {"": given}
    for name, uris in groups.items():
        for place, uri in enumerate(uris if isinstance(uris, list) else ()):
            if isinstance(uri, str):
                yield ((name, place) if name else (place,)), uri


def asset_schedule_problems(settings: Settings) -> Iterator[Problem]:
    """Returns the problem of a schedule beside assets, in the merged `settings`."""
    schedule = settings.get("schedule_interval")
    if settings.get(SETTING) and schedule in _NO_TIMETABLES:
        yield Problem(
            Code.BAD_SCHEDULE,
            f"{schedule} beside assets",
            "Write a cron text or a duration, or null: then assets alone start it.",
            ("schedule_interval",),
        )


def missing_names(settings: Settings, names: TemplateNames) -> Mapping[str, str]:
    """Returns the names that a text of a scheduler with these merged `settings` lacks for its
    assets, each with what to write instead; `names` are those of its target.
    """
    return _UNDATED if settings.get(SETTING) and names.target.major > 2 else {}


@lru_cache
def without_dates(names: TemplateNames) -> TemplateNames:
    """Returns `names` without those that a run without a logical date lacks."""
    return replace(names, names=names.names - _UNDATED.keys())
