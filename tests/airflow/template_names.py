"""Writes down what a real Airflow gives to the texts that it renders.

    python template_names.py > names.json

The report, by kind, names in order: the `filters`, `tests` and `globals` of a DAG's environment of
Jinja; the `names` in the context of a task, those of them that a run without a logical date lacks
(`undated`), and the members of `macros` and `var`.
"""

import json
import os
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

DAY = datetime(2024, 1, 31, tzinfo=UTC)


def main() -> None:
    """Write the report to the standard output."""
    with tempfile.TemporaryDirectory(prefix="airflow-") as home:
        set_up(home)
        task = a_task()
        environment, context = task.get_template_env(), template_context(task, DAY)
        undated = set(context) - set(template_context(task, None))
        report = {
            "filters": sorted(environment.filters),
            "tests": sorted(environment.tests),
            "globals": sorted(environment.globals),
            "names": sorted(context),
            "undated": sorted(undated),
            "macros": _members_of_macros(),
            "var": sorted(context["var"]),
        }
    json.dump(report, sys.stdout)


def set_up(home: str) -> None:
    """Give Airflow a folder of its own, before it is imported."""
    os.environ |= {"AIRFLOW_HOME": home, "AIRFLOW__LOGGING__LOGGING_LEVEL": "CRITICAL"}


def a_task() -> Any:
    """Return a task in a DAG, as dagc's files make them: with an outlet, which some names need."""
    from airflow import DAG

    if _is_airflow_2():
        from airflow.operators.empty import EmptyOperator
    else:
        from airflow.providers.standard.operators.empty import EmptyOperator

    params = {"region": "eu"}
    with DAG("job-a", schedule=None, start_date=DAY, params=params):  # noqa: AIR311  as ours
        return EmptyOperator(task_id="load", outlets=[_an_asset()])


def _an_asset() -> Any:
    if _is_airflow_2():
        from airflow.datasets import Dataset

        return Dataset("s3://lake/orders")  # noqa: AIR311  Airflow 2 has no other
    from airflow.sdk import Asset

    return Asset("s3://lake/orders")


def template_context(task: Any, logical_date: datetime | None) -> Mapping[str, Any]:
    """Return the context of the task in a run for that date; in Airflow 2 a run has one always."""
    if _is_airflow_2():
        return _context_of_airflow_2(task, logical_date or DAY)
    from airflow.sdk.api.datamodels._generated import DagRun, TIRunContext
    from airflow.sdk.execution_time.task_runner import RuntimeTaskInstance

    run = DagRun.model_construct(
        dag_id=task.dag_id,
        run_id="manual__1",
        logical_date=logical_date,
        data_interval_start=logical_date,
        data_interval_end=logical_date,
        run_after=DAY,
        start_date=DAY,
        run_type="manual",
        conf={"limit": 5},
        consumed_asset_events=[],
        partition_key=None,
        partition_date=None,
    )
    from_server = TIRunContext.model_construct(dag_run=run, max_tries=0, task_reschedule_count=0)
    instance = RuntimeTaskInstance.model_construct(
        id="00000000-0000-0000-0000-000000000000",
        task=task,
        task_id=task.task_id,
        dag_id=task.dag_id,
        run_id=run.run_id,
        try_number=1,
        map_index=-1,
        _ti_context_from_server=from_server,
    )
    context: Mapping[str, Any] = instance.get_template_context()
    return context


def _context_of_airflow_2(task: Any, logical_date: datetime) -> Mapping[str, Any]:
    from airflow.models import DagRun, TaskInstance

    instance = TaskInstance(task, run_id="manual__1")
    instance.dag_run = DagRun(
        dag_id=task.dag_id,
        run_id=instance.run_id,
        execution_date=logical_date,
        run_type="manual",
        conf={"limit": 5},
        data_interval=(logical_date, logical_date),
        external_trigger=True,  # as each run of a job
    )
    context: Mapping[str, Any] = instance.get_template_context(session=_EmptyDatabase())
    return context


class _EmptyDatabase:
    """Stands for a session: there was no run before."""

    def scalar(self, _query: object) -> None:
        """Find nothing."""


def _members_of_macros() -> list[str]:
    if _is_airflow_2():
        from airflow import macros
    else:
        from airflow.sdk.execution_time import macros
    return sorted(name for name in dir(macros) if not name.startswith("_"))


def _is_airflow_2() -> bool:
    from airflow.version import version

    return bool(version.startswith("2."))


if __name__ == "__main__":
    main()
