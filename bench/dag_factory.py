"""The same jobs for dag-factory: a YAML file for each, and a DAG file that has it loaded."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from bench.workload import Item

_LOADER = '''\
"""Made for the benchmark: a DAG of dag-factory."""

from pathlib import Path

from airflow.sdk import DAG  # without this word, Airflow takes it for no DAG file
from dagfactory import load_yaml_dags

load_yaml_dags(globals_dict=globals(), config_filepath=str(Path(__file__).with_suffix(".yaml")))
'''
_CALLABLES = '''\
"""What the PYTHON tasks call."""


def check_rows(**_keywords):
    """Never runs."""
'''
_OPERATORS = {
    "S3-SENSOR": "airflow.providers.amazon.aws.sensors.s3.S3KeySensor",
    "REDSHIFT-SQL": "airflow.providers.amazon.aws.operators.redshift_data.RedshiftDataOperator",
    "PYTHON": "airflow.providers.standard.operators.python.PythonOperator",
    "BASH": "airflow.providers.standard.operators.bash.BashOperator",
    "EMPTY": "airflow.providers.standard.operators.empty.EmptyOperator",
}
_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "S3-SENSOR": {"bucket_name": "retail-landing", "mode": "reschedule", "deferrable": False},
    "REDSHIFT-SQL": {
        "workgroup_name": "retail-dev",
        "database": "retail",
        "wait_for_completion": True,
        "deferrable": False,
    },
    "BASH": {"append_env": True},
}


def write(folder: Path, tasks: Sequence[Item], jobs: Sequence[Item]) -> None:
    """Writes the files of all jobs into a new folder, and the module of their callables."""
    folder.mkdir()
    by_id = {task["task_id"]: task for task in tasks}
    for number, job in enumerate(jobs):
        text = yaml.safe_dump(_dag(job, by_id), sort_keys=False)
        (folder / f"dag_{number:05}.yaml").write_text(text, "utf-8")
        (folder / f"dag_{number:05}.py").write_text(_LOADER, "utf-8")
    (folder / "retail").mkdir()
    (folder / "retail" / "__init__.py").write_text("", "utf-8")
    (folder / "retail" / "quality.py").write_text(_CALLABLES, "utf-8")


def _dag(job: Item, by_id: Mapping[str, Item]) -> dict[str, Any]:
    params = json.loads(job["job_params"])
    configs = json.loads(job["job_task_configs"])
    names = {task_id: by_id[task_id]["task_name"] for task_id in job["task_list"].split(",")}
    tasks = {
        name: _task(by_id[task_id]) | configs.get(task_id, {}) for task_id, name in names.items()
    }
    for one in json.loads(job["job_task_dependencies"]):
        pids = one["pid"] if isinstance(one["pid"], list) else [one["pid"]]
        tasks[names[one["task_id"]]]["dependencies"] = [names[pid] for pid in pids]
    arguments = {
        "owner": params["owner"],
        "retries": 2,
        "retry_delay": _timedelta(minutes=2),
        "execution_timeout": _timedelta(hours=int(params["execution_timeout"][:-1])),
        "start_date": "2024-01-01",
    }
    dag = {
        "description": params["description"],
        "schedule": None,
        "catchup": False,
        "max_active_runs": 1,
        "max_active_tasks": params["max_active_tasks"],
        "default_args": arguments,
        "tags": params["tags"],
        "doc_md": params["doc_md"],
        "is_paused_upon_creation": False,
        "tasks": tasks,
    }
    return {f"job-{job['job_name']}": dag}


def _task(task: Item) -> dict[str, Any]:
    kind, params = task["task_type"], json.loads(task["task_params"])
    given: dict[str, Any] = {"operator": _OPERATORS[kind], **_DEFAULTS.get(kind, {}), **params}
    if kind == "PYTHON":
        given["python_callable"] = given.pop("callable").replace(":", ".")
    return given


def _timedelta(**arguments: int) -> dict[str, Any]:
    return {"__type__": "datetime.timedelta", **arguments}
