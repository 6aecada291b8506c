"""How the local Airflow is configured: as MWAA's, but for what makes a person wait."""

from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex

from demo.airflow.versions import Version

PARALLELISM = 6
"""Tasks at the same time, on two cores."""

_EVERYWHERE = {
    "core": {
        "executor": "LocalExecutor",
        "parallelism": str(PARALLELISM),
        "min_serialized_dag_update_interval": "0",
        "load_examples": "False",
        "test_connection": "Disabled",
        # As MWAA has it; compiled jobs say themselves that they are not paused.
        "dags_are_paused_at_creation": "True",
    },
    "scheduler": {"scheduler_idle_sleep_time": "0.5"},
    "triggerer": {
        "default_capacity": "100",
        # How soon another takes over from one that has died.
        "job_heartbeat_sec": "1",
        "triggerer_health_check_threshold": "10",
    },
    "logging": {"logging_level": "INFO"},
    "usage_data_collection": {"enabled": "False"},
}
_TWO = {
    "core": {"dag_ignore_file_syntax": "glob"},
    "scheduler": {"dag_dir_list_interval": "2", "min_file_process_interval": "600"},
    "webserver": {"workers": "1", "expose_config": "True"},
    "api": {"auth_backends": "airflow.api.auth.backend.default"},
}
_THREE = {
    "dag_processor": {
        "refresh_interval": "2",
        "bundle_refresh_check_interval": "1",
        "min_file_process_interval": "600",
        "stale_dag_threshold": "6000",
    },
    # A task gives the server five seconds for an answer, and is killed: too few on a busy machine.
    "workers": {"min_heartbeat_interval": "1", "execution_api_timeout": "60"},
    "api": {"workers": "1", "host": "127.0.0.1"},
    "core": {"simple_auth_manager_all_admins": "True"},
}


def environment(version: Version, home: Path, port: int, database: str) -> dict[str, str]:
    """The variables that configure an Airflow.

    It lives in `home`, listens at `port` of this machine, and keeps its state in `database` (a
    PostgreSQL URL).
    """
    options = {
        **_variables(_EVERYWHERE),
        **_variables(_TWO if version.name.startswith("2.") else _THREE),
        **_variables(_own(version, home, port, database)),
    }
    return {"AIRFLOW_HOME": str(home), **options}


def _own(version: Version, home: Path, port: int, database: str) -> Mapping[str, Mapping[str, str]]:
    url, secret = f"http://127.0.0.1:{port}", token_hex(32)
    own = {
        "core": {"dags_folder": str(home / "dags"), "plugins_folder": str(home / "plugins")},
        "database": {
            "sql_alchemy_conn": database.replace("postgresql://", "postgresql+psycopg2://")
        },
    }
    if version.name.startswith("2."):
        return own | {
            "webserver": {
                "web_server_host": "127.0.0.1",
                "web_server_port": str(port),
                "base_url": url,
                "secret_key": secret,
            }
        }
    own["core"] |= {"execution_api_server_url": f"{url}/execution/"}
    return own | {
        "api": {"port": str(port), "base_url": url, "secret_key": secret},
        "api_auth": {"jwt_secret": secret},
    }


def _variables(options: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Airflow's own form: `AIRFLOW__SECTION__OPTION`."""
    return {
        f"AIRFLOW__{section.upper()}__{option.upper()}": value
        for section, values in options.items()
        for option, value in values.items()
    }
