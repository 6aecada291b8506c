"""Executes the tasks of DAG files, one by one, in a real Airflow but without its scheduler.

Run it with the interpreter of an Airflow environment:

    python execute.py DAY REPORT FILE…

It imports nothing of this project and needs no metadata database: it renders a task's templates,
calls its operator, and, where the operator defers, runs the trigger and calls it again, as workers
and the triggerer do. REPORT becomes a JSON file: the result of each task, or its error, by its id.

What nobody serves here, UNSERVED, is called up to the request: botocore has checked it against its
model of the API and made its body, which is told instead of an error.
"""

import asyncio
import importlib
import json
import os
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

PATIENCE = 60
UNSERVED = {"RunTask"}


class NotServedError(Exception):
    """A request that nobody would answer."""

    def __init__(self, body: str) -> None:
        super().__init__(body)
        self.body = body


def main(day: str, report: Path, *files: Path) -> None:
    """Execute every task of the files; write down what became of each."""
    with tempfile.TemporaryDirectory(prefix="airflow-") as home:
        os.environ |= {
            "AIRFLOW_HOME": home,
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "CRITICAL",
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
            # Asked for elsewhere, Airflow 3 would want to talk to its server.
            "AIRFLOW_CONN_AWS_DEFAULT": "aws://",
        }
        stop_at_unserved()
        told: dict[str, Any] = {}
        for file in files:
            for dag in dags_of(file):
                told |= executed(dag, day)
    report.write_text(json.dumps(told, default=str), encoding="utf-8")


def stop_at_unserved() -> None:
    """Let no request of UNSERVED leave."""
    from botocore.endpoint import Endpoint

    send: Any = Endpoint.make_request

    def checked(self: Any, operation_model: Any, request_dict: Any) -> Any:
        if operation_model.name in UNSERVED:
            raise NotServedError(request_dict["body"].decode())
        return send(self, operation_model, request_dict)

    Endpoint.make_request = checked  # type: ignore[method-assign]


def dags_of(file: Path) -> list[Any]:
    """The DAGs that a file holds."""
    try:
        from airflow.dag_processing.dagbag import DagBag  # from 3.2 on
    except ModuleNotFoundError:
        from airflow.models.dagbag import DagBag
    bag = DagBag(str(file))
    assert not bag.import_errors, bag.import_errors
    return list(bag.dags.values())


def executed(dag: Any, day: str) -> dict[str, Any]:
    """What became of each task of a DAG: `{"result": …, "deferred": …}`, or `{"error": …}`."""
    pushed: dict[tuple[str, str], Any] = {}
    told: dict[str, Any] = {}
    for task in dag.topological_sort():
        try:
            running = task.prepare_for_execution()
            result, deferred = execute(running, context_of(dag, running, day, pushed))
        except NotServedError as reached:
            told[task.task_id] = {"request": json.loads(reached.body), "deferred": False}
            break
        except Exception as error:  # noqa: BLE001 - it is what is told
            told[task.task_id] = {"error": f"{type(error).__name__}: {error}"}
            break
        pushed[task.task_id, "return_value"] = json.loads(json.dumps(result, default=str))
        told[task.task_id] = {"result": result, "deferred": deferred}
    return told


def execute(task: Any, context: dict[str, Any]) -> tuple[Any, bool]:
    """The operator's result, and whether it deferred."""
    from airflow.exceptions import TaskDeferred

    task.render_template_fields(context)
    arguments: dict[str, Any] = {}
    call, deferred = task.execute, False
    while True:
        try:
            return call(context, **arguments), deferred
        except TaskDeferred as asked:
            event = asyncio.run(asyncio.wait_for(first_event(asked.trigger), PATIENCE))
            call = getattr(task, asked.method_name)
            arguments, deferred = {**(asked.kwargs or {}), "event": event}, True


async def first_event(trigger: Any) -> Any:
    """What the trigger tells."""
    async for event in trigger.run():
        return event.payload
    raise RuntimeError("the trigger told nothing")


def context_of(dag: Any, task: Any, day: str, pushed: dict[tuple[str, str], Any]) -> dict[str, Any]:
    """As much of the context as the templates and operators here use."""
    logical_date = importlib.import_module("pendulum").parse(day)

    def push(key: str, value: Any, *_: Any, **__: Any) -> None:
        pushed[task.task_id, key] = value

    def pull(task_ids: str, key: str = "return_value", **_: Any) -> Any:
        return pushed.get((task_ids, key))

    instance = SimpleNamespace(
        task_id=task.task_id,
        dag_id=dag.dag_id,
        run_id="test",
        map_index=-1,
        try_number=1,
        task=task,
        xcom_push=push,
        xcom_pull=pull,
        get_first_reschedule_date=lambda _: None,
        stats_tags={},
    )
    run = SimpleNamespace(conf={"currency": "EUR"}, logical_date=logical_date, run_id="test")
    from airflow import macros

    return {
        "dag": dag,
        "task": task,
        "ti": instance,
        "task_instance": instance,
        "dag_run": run,
        "run_id": "test",
        "params": dag.params.dump(),
        "ds": logical_date.to_date_string(),
        "ds_nodash": logical_date.format("YYYYMMDD"),
        "logical_date": logical_date,
        "macros": macros,
    }


if __name__ == "__main__":
    main(sys.argv[1], *(Path(argument) for argument in sys.argv[2:]))
