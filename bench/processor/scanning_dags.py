"""The way of before, as a stand-in: a DAG file that scans the three tables at each parse, and makes
every DAG of every row.

It is put into the DAG folder of the measured Airflow, and imported nowhere else. It spares what the
original spent twice: there, one file made the jobs and another the schedulers.
"""

import json
import os
from datetime import datetime
from typing import Any

import boto3
from airflow.providers.amazon.aws.operators.redshift_data import RedshiftDataOperator
from airflow.providers.amazon.aws.sensors.s3 import S3KeySensor

try:
    from airflow.providers.standard.operators.bash import BashOperator
    from airflow.providers.standard.operators.empty import EmptyOperator
    from airflow.providers.standard.operators.python import PythonOperator
    from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
    from airflow.sdk import DAG
except ImportError:  # Airflow 2
    from airflow import DAG
    from airflow.operators.bash import BashOperator
    from airflow.operators.empty import EmptyOperator
    from airflow.operators.python import PythonOperator
    from airflow.operators.trigger_dagrun import TriggerDagRunOperator

Item = dict[str, Any]
_START = datetime(2024, 1, 1)  # noqa: DTZ001 - Airflow's own zone


def _scan(table: str) -> list[Item]:
    found = boto3.resource("dynamodb").Table(os.environ[table])
    page = found.scan()
    items = list(page["Items"])
    while key := page.get("LastEvaluatedKey"):
        page = found.scan(ExclusiveStartKey=key)
        items += page["Items"]
    return [item for item in items if item["status"] == 1]


def _call(**keywords: Any) -> None:
    print(keywords)  # noqa: T201 - never run


def _operator(task: Item) -> Any:
    params = json.loads(task["task_params"])
    name = task["task_name"]
    match task["task_type"]:
        case "REDSHIFT-SQL":
            where = {"database": "retail", "workgroup_name": "retail-dev"}
            return RedshiftDataOperator(task_id=name, **where, **params)
        case "S3-SENSOR":
            return S3KeySensor(task_id=name, bucket_name="retail-landing", **params)
        case "BASH":
            return BashOperator(task_id=name, **params)
        case "PYTHON":
            keywords = params["op_kwargs"]
            return PythonOperator(task_id=name, python_callable=_call, op_kwargs=keywords)
        case _:
            return EmptyOperator(task_id=name)


def _job(job: Item, tasks: dict[str, Item]) -> DAG:
    params = json.loads(job["job_params"])
    arguments = {"owner": params["owner"], "retries": 2}
    with DAG(job["job_name"], schedule=None, start_date=_START, default_args=arguments) as dag:
        made = {name: _operator(tasks[name]) for name in job["task_list"].split(",")}
        for one in json.loads(job["job_task_dependencies"]):
            pids = one["pid"] if isinstance(one["pid"], list) else [one["pid"]]
            made[one["task_id"]].set_upstream([made[pid] for pid in pids])
    return dag


def _scheduler(row: Item, names: dict[str, str]) -> DAG:
    interval = json.loads(row["schedule_params"])["schedule_interval"]
    name = f"schedule_{row['schedule_name']}"
    with DAG(name, schedule=interval, start_date=_START, catchup=False) as dag:
        made = {
            job: TriggerDagRunOperator(
                task_id=f"trigger_{names[job]}",
                trigger_dag_id=names[job],
                wait_for_completion=True,
            )
            for job in row["job_list"].split(",")
        }
        for one in json.loads(row["schedule_job_dependencies"]):
            made[one["job_id"]].set_upstream(made[one["pid"]])
    return dag


_TASKS = {task["task_id"]: task for task in _scan("TASK_TABLE")}
_JOBS = {job["job_id"]: job for job in _scan("JOB_TABLE")}
_NAMES = {job_id: job["job_name"] for job_id, job in _JOBS.items()}
for _dag in [
    *(_job(_each, _TASKS) for _each in _JOBS.values()),
    *(_scheduler(_each, _NAMES) for _each in _scan("SCHEDULER_TABLE")),
]:
    globals()[_dag.dag_id] = _dag
