"""A DAG as a team writes it by hand: it waits for generated ones by their dates."""

# mypy: ignore-errors
import pendulum

try:
    from airflow.providers.standard.sensors.external_task import ExternalTaskSensor
    from airflow.sdk import DAG
except ImportError:
    from airflow import DAG
    from airflow.sensors.external_task import ExternalTaskSensor

# In Airflow 3, a task that resumes within five seconds can be marked as failed: docs/airflow.md.
WAIT = {"mode": "reschedule", "poke_interval": 10, "timeout": 300, "check_existence": True}

with DAG("waits_by_hand", schedule=None, start_date=pendulum.datetime(2025, 1, 1)):
    # One scheduler starts this job, so its run has the scheduler's date.
    ExternalTaskSensor(task_id="job", external_dag_id="job-live_dated", **WAIT)
    # Several start this one: the scheduler's task has the plain date.
    ExternalTaskSensor(
        task_id="trigger_of_a_shared_job",
        external_dag_id="schedule-live_share_a",
        external_task_id="trigger_live_shared",
        **WAIT,
    )
