"""Merges the settings of a DAG: what dagc, the deployment and the row say."""

from collections.abc import Mapping
from typing import Any

from dagc.compiler.analysis.models import Settings
from dagc.compiler.rows.settings import TASK_DEFAULTS
from dagc.compiler.schema.layers import merged


def dag_settings(fallbacks: Settings, defaults: Settings, own: Settings) -> dict[str, Any]:
    """The settings that hold: the row's `own` ones over the deployment's `defaults`, and dagc's
    `fallbacks` for what is then not set. So a null in a row leads back to the fallback.
    """
    return merged(fallbacks, merged(defaults, own))


def default_args(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Those of `settings` that the DAG's tasks share, in the order of Airflow's documentation."""
    return {name: settings[name] for name in TASK_DEFAULTS if name in settings}
