"""Calls functions through tasks of a DAG file and through plain PythonOperators, in a real Airflow.

    python call_callables.py FILE MODULE REPORT

A task is called like the function that it names in MODULE, with a suffix behind `.`. REPORT
becomes {task: {"generated": outcome, "plain": outcome}}; an outcome is what came back, or the
error, and the metadata that the function yielded.
"""

import importlib
import inspect
import json
import logging
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any


def main() -> None:
    """Load the file, call both, write the report."""
    file, module, report = Path(sys.argv[1]), importlib.import_module(sys.argv[2]), sys.argv[3]
    load = importlib.import_module("load")
    with load.private_airflow(file.parent) as folder:
        logging.disable()
        bag, _ = load.Airflow().load(folder / file.name)
        (dag,) = bag.dags.values()
        told = {task.task_id: outcomes(task, module) for task in dag.tasks}
    Path(report).write_text(json.dumps(told, indent=1), encoding="utf-8")


def outcomes(task: Any, module: Any) -> dict[str, Any]:
    """What the task does, and what a plain PythonOperator with the same arguments does."""
    function = getattr(module, task.task_id.partition(".")[0])
    arguments = dict(task.op_kwargs)
    plain = type(task)(task_id=task.task_id, python_callable=function, op_kwargs=arguments)
    return {
        "generated": outcome(task.prepare_for_execution()),
        "plain": outcome(plain.prepare_for_execution()),
    }


def outcome(task: Any) -> list[Any]:
    """What came back, and what was yielded; or the error."""
    context, events = context_of(task)
    try:
        result = task.execute(context)
    except Exception as error:  # noqa: BLE001  it is what is told
        return [type(error).__name__, str(error)]
    if inspect.iscoroutine(result):
        result.close()
        result = "a coroutine"
    return [repr(result), [str(event.extra) for event in values(events)]]


def values(events: Any) -> list[Any]:
    """The events of assets that were touched."""
    return list(events._dict.values())


def context_of(task: Any) -> tuple[Any, Any]:
    """A context such as a task has, and the events in it."""
    events = outlet_events()
    content = {
        "ds": "2026-11-01",
        "run_id": "test",
        "params": {},
        "outlet_events": events,
        "task": task,
        "ti": SimpleNamespace(task_id=task.task_id, task=task),
    }
    if importlib.import_module("airflow").__version__.startswith("2."):
        made: Any = importlib.import_module("airflow.utils.context").Context(content)
        return made, events
    return content, events


def outlet_events() -> Any:
    """What a task's metadata goes to."""
    try:
        from airflow.sdk.execution_time.context import OutletEventAccessors
    except ImportError:
        from airflow.utils.context import OutletEventAccessors
    return OutletEventAccessors()


if __name__ == "__main__":
    main()
