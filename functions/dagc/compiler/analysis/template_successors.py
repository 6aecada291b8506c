"""What to write instead of names that not every Airflow gives to texts.

A successor is the same value (`tests/airflow/test_template_texts.py` has Airflow 2 render both), or
the one that Airflow's documentation names.
"""

from collections.abc import Mapping

_ALWAYS: Mapping[str, str] = {
    "execution_date": "logical_date",
    "yesterday_ds": "macros.ds_add(ds, -1)",
    "yesterday_ds_nodash": "macros.ds_add(ds, -1) | replace('-', '')",
    "tomorrow_ds": "macros.ds_add(ds, 1)",
    "tomorrow_ds_nodash": "macros.ds_add(ds, 1) | replace('-', '')",
    "prev_execution_date_success": "prev_data_interval_start_success",
    "triggering_dataset_events": "triggering_asset_events",
    "triggering_asset_events": "triggering_dataset_events",
    "dag_id": "dag.dag_id",
    "task_id": "task.task_id",
    "try_number": "ti.try_number",
}

OF_A_JOB: Mapping[str, str] = {
    **_ALWAYS,
    # Runs that are triggered have no schedule, and these were the run's own date (Airflow 2.11).
    "next_ds": "ds",
    "next_ds_nodash": "ds_nodash",
    "next_execution_date": "logical_date",
    "prev_ds": "ds",
    "prev_ds_nodash": "ds_nodash",
    "prev_execution_date": "logical_date",
}
"""In the texts of a job, whose runs are triggered."""

OF_A_SCHEDULER: Mapping[str, str] = {
    **_ALWAYS,
    "next_ds": "data_interval_end | ds",
    "next_ds_nodash": "data_interval_end | ds_nodash",
    "next_execution_date": "data_interval_end",
}
"""In the texts of a scheduler."""

EXPLANATIONS: Mapping[str, str] = {
    "conf": "The run's conf is dag_run.conf. What was read of Airflow's configuration goes into an "
    "Airflow variable: var.value.…",
    "test_mode": "Leave it out: it was true in `airflow tasks test` alone.",
    "expanded_ti_count": "Leave it out: it was None for a task that is not mapped.",
    "connection": "Write conn.… instead, such as conn.warehouse.host.",
    "connections": "Write conn.… instead, such as conn.warehouse.host.",
    "ds_sub": "Write macros.ds_add with a number below 0, such as macros.ds_add(ds, -1).",
    "templates_dict": "Leave it out: only the code of a task knows it.",
    "prev_ds": "Count from ds: for a daily schedule, macros.ds_add(ds, -1).",
    "prev_ds_nodash": "Count from ds: for a daily schedule, "
    "macros.ds_add(ds, -1) | replace('-', '').",
    "prev_execution_date": "Count from logical_date: for a daily schedule, "
    "logical_date - macros.timedelta(days=1).",
}
"""Hints for those without a successor."""
