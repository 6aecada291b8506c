"""Finds the texts that Airflow would take for the names of template files, by how they end."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from dagc.compiler.diagnostics import Code, JsonPath, Problem
from dagc.compiler.schema.task_results import Mapped
from dagc.compiler.task_types import TaskType


def file_names(
    value: Any, suffixes: tuple[str, ...], path: JsonPath = ()
) -> Iterator[tuple[JsonPath, str]]:
    """Returns the texts in an object or a list, which stands at `path`, that end in one of
    `suffixes`.
    """
    if isinstance(value, Mapped):
        value = value.value
    if not suffixes or not isinstance(value, dict | list):
        return
    for step, entry in value.items() if isinstance(value, dict) else enumerate(value):
        if not isinstance(entry, str):
            yield from file_names(entry, suffixes, (*path, step))
        elif entry.endswith(suffixes):
            yield (*path, step), entry


def file_problems(
    task_type: TaskType, params: Mapping[str, Any], mapped: Collection[str]
) -> Iterator[Problem]:
    """Returns a problem for each such text in the parameters of a task that is `mapped` over some:
    what is set behind its call, as for other tasks, does not reach the tasks that are made of it
    (`MappedOperator.unmap`). The problem's path begins in `expand`.
    """
    values = params.get("arguments") if task_type.any_operator else params
    for (name, *inner), text in file_names(values, task_type.template_ext):
        if not _is_templated(task_type, str(name)):
            continue
        end = next(suffix for suffix in task_type.template_ext if text.endswith(suffix))
        yield Problem(
            Code.BAD_VALUE,
            f"of a mapped task, Airflow takes a text in {name!r} that ends in {end} for the name "
            "of a file",
            f'End the text in {{{{ "{end}" }}}} instead, which Airflow renders to the same.',
            (name, *inner) if name in mapped else (),
        )


def _is_templated(task_type: TaskType, name: str) -> bool:
    if task_type.any_operator:
        signature = task_type.signature
        return signature is not None and signature.arguments[name].templated
    return name in task_type.params.templated
