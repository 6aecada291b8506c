"""A job for each parameter of a type that is mapped, or is the result of another task."""

from collections.abc import Iterator
from typing import Any

from dagc.compiler.analysis.mapping import mappable_params
from dagc.compiler.compilation import Dag, compile_rows, read_rows
from dagc.compiler.task_types import TaskType
from dagc.compiler.toolchain import Toolchain

RESULT = {"from": "1"}
_BESIDE: dict[str, dict[str, Any]] = {
    "job_flow_name": {"cluster_states": ["WAITING"]},
    "source_bucket_name": {"source_bucket_key": "a/b.csv"},
    "dest_bucket_name": {"dest_bucket_key": "a/b.csv"},
}
"""What a parameter needs beside it that no example has."""
_FIRST = {"task_id": "1", "task_name": "first", "task_type": "PYTHON"}


def mapped_jobs(toolchain: Toolchain) -> Iterator[tuple[str, str, Dag]]:
    """The type, a parameter that may be mapped, and a job that maps it over a result or, where that
    cannot be, over a list.
    """
    for task_type in _types(toolchain):
        properties = task_type.params.declared.get("properties") or {}
        for name in mappable_params(task_type) or ():
            if name not in task_type.params.later:
                only_lists = properties[name].get("mapped") == "lists"
                expand = {name: [{"a": 1}] if only_lists else RESULT}
                yield task_type.name, name, _job(toolchain, task_type, name, {}, expand)


def jobs_with_results(toolchain: Toolchain) -> Iterator[tuple[str, str, Dag]]:
    """The type, a parameter that may be a result, and a job that has it so."""
    for task_type in _types(toolchain):
        for name in sorted(task_type.params.by_result):
            yield task_type.name, name, _job(toolchain, task_type, name, {name: RESULT}, {})


def _types(toolchain: Toolchain) -> list[TaskType]:
    return [it for it in toolchain.types.values() if not it.any_operator]


def _job(
    toolchain: Toolchain,
    task_type: TaskType,
    name: str,
    params: dict[str, Any],
    expand: dict[str, Any],
) -> Dag:
    """The job with the first example of the type that takes the parameter."""
    excluded = {it for names in task_type.params.exclusive if name in names for it in names}
    for example in task_type.params.declared["examples"]:
        given = {key: value for key, value in example.items() if key not in excluded | {name}}
        task = {"task_id": "2", "task_name": "second", "task_type": task_type.name}
        job = {
            "job_type": "a",
            "job_id": "1",
            "job_name": f"{task_type.name}.{name}",
            "job_task_dependencies": [
                {"task_id": "2", "pid": "1"},
                {"task_id": "21", "pid": "2"},
                {"task_id": "22", "pid": "2"},
            ],
            "job_task_configs": {"2": {"expand": expand}},
        }
        tasks: list[dict[str, Any]] = [
            {**_FIRST, "task_params": {"callable": "a.b:c"}},
            {**task, "task_params": {**given, **_BESIDE.get(name, {}), **params}},
            {"task_id": "21", "task_name": "21", "task_type": "EMPTY"},
            {"task_id": "22", "task_name": "22", "task_type": "EMPTY"},
        ]
        [dag] = compile_rows(read_rows(tasks, [job], [], toolchain), toolchain)
        if dag.text is not None and not dag.diagnostics:
            break
    return dag
