"""Loads the plugin of run history in a real Airflow, calls its hooks, writes down what they record.

Run it with the interpreter of an Airflow environment: `python listen.py PLUGINS REPORT`. It needs
no metadata database and no AWS. REPORT is a JSON file:

    {"imports": ["boto3"], "managers": {"airflow.listeners.listener": [{"run": "…", …}, …]}}

Each manager of listeners (3.2 has a second, for tasks) checks the hooks against its specifications.
"""

import importlib
import json
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

START = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
END = datetime(2026, 11, 22, 5, 1, 30, tzinfo=UTC)
SECRET = "hunter2-hunter2"
MASKERS = (
    "airflow.sdk.log",
    "airflow.sdk.execution_time.secrets_masker",
    "airflow.utils.log.secrets_masker",
)
MANAGERS = ("airflow.listeners.listener", "airflow.sdk.listener")


def main(plugins: str, report: str) -> None:
    """Load the plugin as Airflow does, and call its hooks as Airflow does."""
    with tempfile.TemporaryDirectory(prefix="airflow-") as home:
        os.environ |= {
            **with_plugins(plugins, home),
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "CRITICAL",
            "AIRFLOW__WEBSERVER__BASE_URL": "https://airflow.example",
            "AIRFLOW__API__BASE_URL": "https://airflow.example",
        }
        importlib.import_module("airflow")
        mask(SECRET)
        managers = {name: called(name) for name in MANAGERS if exists(name)}
        found: dict[str, Any] = {
            "managers": managers,
            "imports": sorted({"boto3", "botocore"} & sys.modules.keys()),
        }
    Path(report).write_text(json.dumps(found, indent=1), encoding="utf-8")


def with_plugins(plugins: str, home: str) -> dict[str, str]:
    """The environment of an Airflow in the folder `home` that has these plugins."""
    return {
        "AIRFLOW_HOME": home,
        "AIRFLOW__CORE__PLUGINS_FOLDER": plugins,
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    }


def mask(secret: str) -> None:
    """Have Airflow mask it in logs, as it does with the passwords of connections."""
    for name in filter(exists, MASKERS):
        masker = getattr(importlib.import_module(name), "_secrets_masker", None)
        if masker is not None:
            masker().add_mask(secret)
            return


def exists(name: str) -> bool:
    """Whether this Airflow has the module."""
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        return False
    return True


def called(name: str) -> list[dict[str, Any]]:
    """What the plugin records when the manager's hooks are called."""
    manager = importlib.import_module(name).get_listener_manager()
    (listener,) = [
        plugin for plugin in manager.pm.get_plugins() if type(plugin).__name__ == "RunHistory"
    ]
    module = type(listener).on_dag_run_running.__globals__
    events: list[Any] = []
    module["_recorder"] = lambda _: SimpleNamespace(
        record=events.append,
        recorded_tries=lambda *_: None,
        settle=lambda _: None,
        end=lambda _: events.append(None),
    )
    hook = manager.hook
    for state, error in (
        ("running", {}),
        ("success", {}),
        ("failed", {"error": ValueError(f"no {SECRET} " + "x" * 3000)}),
        ("up_for_retry", {"error": ValueError("once")}),
        ("skipped", {}),
    ):
        name = f"on_task_instance_{'failed' if error else state}"
        call(hook, name, previous_state="running", task_instance=task_instance(state), **error)
    for state in ("running", "success", "failed"):
        call(hook, f"on_dag_run_{state}", dag_run=dag_run(state), msg="task_failure")
    call(hook, "before_stopping", component=None)
    assert events.pop() is None, "the recorder heard of the end"
    write = importlib.import_module("dagc_run_table").attributes
    return [{"run": event.sort_key, **write(event, 90)} for event in events]


def call(hook: Any, name: str, **arguments: Any) -> None:
    """Call a hook with all that it takes in this Airflow, if this manager has it."""
    caller = getattr(hook, name, None)
    if caller is not None and caller.spec is not None:
        caller(**{**dict.fromkeys(caller.spec.argnames), **arguments})


def task_instance(state: str) -> SimpleNamespace:
    """What all versions have in common."""
    running = state == "running"
    return SimpleNamespace(
        dag_id="job-a", run_id="schedule-x__y__manual__2026",
        task_id="t", map_index=-1, try_number=1,
        state=state, start_date=START, end_date=None if running else END, operator="BashOperator",
    )  # fmt: skip


def dag_run(state: str) -> SimpleNamespace:
    """As above; 2.10 has no `run_after`, a manual run of 3.x may lack a logical date."""
    return SimpleNamespace(
        dag_id="job-a", run_id="schedule-x__y__manual__2026", run_type="manual", logical_date=None,
        state=state, start_date=START, end_date=None if state == "running" else END,
    )  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
