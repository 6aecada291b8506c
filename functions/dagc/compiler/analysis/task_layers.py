"""The layers that the values of a task come from: defaults, job, task row, the job's overrides."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dagc.compiler.diagnostics import Diagnostic, JsonPath, Problem, RowKey
from dagc.compiler.rows.defaults import FILE as DEFAULTS_FILE
from dagc.compiler.rows.defaults import Defaults
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.task_row import TaskRow
from dagc.compiler.schema.task_results import Result, read_result

DEFAULTS = RowKey(DEFAULTS_FILE, ())
"""The place of what `defaults.yaml` says."""


class Layer(NamedTuple):
    """Values, and where they stand."""

    row: RowKey
    attribute: str
    path: JsonPath
    values: Any

    def diagnostic(self, problem: Problem) -> Diagnostic:
        """Returns the diagnostic of a `problem` in these values."""
        return problem.inside(*self.path, *problem.path).at(self.row, self.attribute)


def task_layers(job: JobRow, task: TaskRow, type_name: str, defaults: Defaults) -> list[Layer]:
    """The parameters of `task` in `job`, the strongest last."""
    path = ("task_params", type_name)
    inherited = defaults.task_params.get(type_name)
    layers = [
        Layer(DEFAULTS, "", ("job_params", *path), inherited),
        Layer(job.row, "job_params", path, job.task_params.get(type_name)),
        Layer(task.row, "task_params", (), task.params),
    ]
    if config := job.task_configs.get(task.task_id):
        given = config.settings.get("params")
        layers.append(Layer(job.row, "job_task_configs", (*config.path, "params"), given))
    return layers


def layer_of(layers: Sequence[Layer], path: JsonPath, value: Any) -> Layer | None:
    """The strongest of `layers` that has `value` at `path`; a result, in either form."""
    return next((it for it in reversed(layers) if _is(_found(it.values, path), value)), None)


def _is(found: Any, value: Any) -> bool:
    return bool(found == value) or (isinstance(value, Result) and read_result(found) == value)


def _found(values: Any, path: JsonPath) -> Any:
    """Returns what is at `path` in `values`, or None."""
    for step in path:
        if isinstance(values, Mapping):
            values = values.get(step)
        elif isinstance(values, list) and isinstance(step, int) and step < len(values):
            values = values[step]
        else:
            return None
    return values
