"""What most projects do: one plain Jinja template, and black over what it prints."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import black
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bench.workload import Item

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,  # noqa: S701  it prints Python, no HTML
)
_ENVIRONMENT.filters["repr"] = repr
_TEMPLATE = _ENVIRONMENT.get_template("naive.py.jinja")
_MODE = black.Mode()


def compile_jobs(tasks: Sequence[Item], jobs: Sequence[Item]) -> Iterator[str]:
    """The text of each job's DAG, in black's layout. (black has parsed it: no `compile()`.)"""
    by_id = {task["task_id"]: task for task in tasks}
    for job in jobs:
        yield black.format_str(_rendered(job, by_id), mode=_MODE)


def _rendered(job: Item, by_id: Mapping[str, Item]) -> str:
    configs = json.loads(job["job_task_configs"])
    tasks = [
        {
            "id": task_id,
            "name": by_id[task_id]["task_name"],
            "type": by_id[task_id]["task_type"],
            "params": json.loads(by_id[task_id]["task_params"]),
            "config": configs.get(task_id, {}),
        }
        for task_id in job["task_list"].split(",")
    ]
    return _TEMPLATE.render(
        job=job,
        params=json.loads(job["job_params"]),
        tasks=tasks,
        types={task["type"] for task in tasks},
        kinds=[task["type"] for task in tasks],
        names={task["id"]: task["name"] for task in tasks},
        dependencies=json.loads(job["job_task_dependencies"]),
    )
