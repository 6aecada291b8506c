"""Data assets in a file, as the target writes them: `Asset("s3://…")`, in Airflow 2 `Dataset`."""

from collections.abc import Iterable, Mapping
from typing import Any

from dagc.compiler.python_source.nodes import Call
from dagc.compiler.rendering.import_paths import asset_class
from dagc.compiler.targets import Target


def assets(uris: Iterable[str], target: Target) -> list[Call]:
    """The assets with these URIs."""
    return [Call(asset_class(target), (uri,)) for uri in uris]


def condition(given: Any, target: Target) -> list[Call] | Call:
    """The condition that the setting `assets` makes: a list where each of its assets is needed, a
    call where any one is enough, or each of some and any of others.
    """
    groups = given if isinstance(given, Mapping) else {"all": given}
    needed = assets(groups.get("all", ()), target)
    choice = assets(groups.get("any", ()), target)
    if len(choice) < 2:
        return needed + choice
    any_of = Call(f"{asset_class(target)}Any", tuple(choice))
    return Call(f"{asset_class(target)}All", (*needed, any_of)) if needed else any_of


def or_time(timetable: Call, given: Any, target: Target) -> Call:
    """The schedule of what both a timetable and the setting `assets` start."""
    asset = asset_class(target)
    arguments = {"timetable": timetable, f"{asset.lower()}s": condition(given, target)}
    return Call(f"{asset}OrTimeSchedule", (), arguments)
