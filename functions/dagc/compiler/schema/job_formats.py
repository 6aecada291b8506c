"""Reads the `format`s of parameters that name what a job has: its tasks, its params."""

from collections.abc import Callable, Mapping
from typing import Any

from dagc.compiler.schema.formats import Mistake

FOLLOWERS = "followers"
"""The ids of tasks that directly follow the task; the file has their names instead."""
EARLIER_TASK = "earlier-task"
"""The id of a task that comes before the task; the file has its name instead."""
PARAM_VALUES = "param-values"
"""What params must be."""

_SCALARS = (str, bool, int, float, type(None))


def followers(value: Any) -> list[str] | Mistake:
    """Reads the id of a task, or a list of ids."""
    ids = [str(entry) for entry in (value if isinstance(value, list) else [value])]
    if "" in ids:
        return Mistake("an id with nothing in it", "Write the task_id of a task.")
    if len(set(ids)) < len(ids):
        return Mistake("an id stands twice", "Keep one of them.")
    return ids


def earlier_task(value: Any) -> str | Mistake:
    """Reads the id of a task."""
    return str(value) or Mistake("an id with nothing in it", "Write the task_id of a task.")


def param_values(value: Any) -> dict[str, Any] | Mistake:
    """Reads `{"full_load": true, "region": ["eu", "us"]}`: a param's value, or one of several."""
    if not value:
        return Mistake("an object with nothing in it", 'Write {"name of a param": its value}.')
    for name, wanted in value.items():
        several = wanted if isinstance(wanted, list) else [wanted]
        if not several or not all(isinstance(entry, _SCALARS) for entry in several):
            return Mistake(
                f"{name!r} is no value that a param can be compared with",
                "Write a text, a number, true, false or null, or a list of some.",
            )
    return dict(value)


JOB_FORMATS: Mapping[str, Callable[[Any], Any]] = {
    FOLLOWERS: followers,
    EARLIER_TASK: earlier_task,
    PARAM_VALUES: param_values,
}
