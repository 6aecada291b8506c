"""Merges the settings of a DAG: what dagc, the deployment and the row say."""

from collections.abc import Iterable, Mapping
from typing import Any

from dagc.compiler.analysis.models import Settings
from dagc.compiler.rows.settings import TASK_DEFAULTS
from dagc.compiler.schema.layers import LayerSchema, merged

_PAUSES = ("retry_delay", "retry_exponential_backoff")


def dag_settings(
    schema: LayerSchema, fallbacks: Settings, defaults: Settings, own: Settings
) -> dict[str, Any]:
    """The settings that hold, of those in `schema`: the row's `own` ones over the deployment's
    `defaults`, and dagc's `fallbacks` for what is then not set. So a null in a row leads back to
    the fallback.
    """
    return merged(fallbacks, schema.merge(defaults, own))


def default_args(
    settings: Mapping[str, Any], members: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """Those of `settings` that the DAG's tasks share, in the order of Airflow's documentation.

    `members` are the settings of single tasks: one that is retried needs the pauses between tries.
    """
    shared = {name: settings[name] for name in TASK_DEFAULTS if name in settings}
    return shared if any(map(_retried, members)) else without_pauses(shared)


def without_pauses(settings: dict[str, Any]) -> dict[str, Any]:
    """`settings`; where they say that nothing is retried, without the pauses between tries."""
    if settings.get("retries") != 0:
        return settings
    return {name: value for name, value in settings.items() if name not in _PAUSES}


def _retried(settings: Mapping[str, Any]) -> bool:
    return bool(settings.get("retries"))
