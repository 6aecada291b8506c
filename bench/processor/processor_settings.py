"""How the measured DAG processors are configured, by Airflow's names of the options.

Airflow 3 calls the section `dag_processor` and 2 `scheduler`; the names are the same but for the
one under `_LISTING`.
"""

from collections.abc import Mapping

Settings = Mapping[str, int]

OWN: Settings = {"min_file_process_interval": 30, "refresh_interval": 300}
"""Airflow's defaults, which the way of before has to live with: it parses to see an edit."""

INTERVALS = (10_800, 600)
"""`min_file_process_interval`: the longest that is recommended, and that of the stack's own
environment (MwaaMinFileProcessInterval).
"""

NEVER: Settings = {
    "min_file_process_interval": 1_000_000,
    "refresh_interval": 30,
    "stale_dag_threshold": 2_000_000,
}
"""No file is parsed twice unless it changes: what is left is the loop."""

_LISTING = {"refresh_interval": "dag_dir_list_interval"}
_COMMON = {
    "AIRFLOW__CORE__MIN_SERIALIZED_DAG_UPDATE_INTERVAL": "0",
    "AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT": "120",
    "AIRFLOW__DAGC__RUN_TABLE": "mwaa_run",
}


def every(seconds: int) -> Settings:
    """As NEVER, but that each file is parsed again after so many seconds."""
    return {**NEVER, "min_file_process_interval": seconds}


def variables(airflow: str, settings: Settings) -> dict[str, str]:
    """The environment variables for a version."""
    if airflow.startswith("2."):
        section = "SCHEDULER"
        named = {_LISTING.get(name, name): value for name, value in settings.items()}
        # As on MWAA, in whose images that cannot be changed.
        own = {"AIRFLOW__SCHEDULER__STANDALONE_DAG_PROCESSOR": "True"}
    else:
        section, named, own = "DAG_PROCESSOR", dict(settings), {}
    own[f"AIRFLOW__{'CORE' if section == 'SCHEDULER' else section}__DAG_FILE_PROCESSOR_TIMEOUT"] = (
        "180"
    )
    return {
        **_COMMON,
        **own,
        **{f"AIRFLOW__{section}__{name.upper()}": str(value) for name, value in named.items()},
    }
