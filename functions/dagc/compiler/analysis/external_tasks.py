"""What tasks wait for in other DAGs: the parameters of Airflow's ExternalTaskSensor, as a type of
its own or as an operator, each with the place where it is written.

A job may override them, or map its task over several: then it waits several times. What is set in
`job_params` or defaults.yaml is passed over.
"""

from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Any, NamedTuple

from dagc.compiler.analysis.mapping import ARGUMENTS
from dagc.compiler.diagnostics import Diagnostic, JsonPath, Problem, RowKey
from dagc.compiler.rows.expansion import EXPAND, given_expand
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.members import MemberConfig
from dagc.compiler.rows.task_row import TaskRow
from dagc.compiler.schema.layers import INVALID
from dagc.compiler.task_types import TaskType

DAG, DELTA = "external_dag_id", "execution_delta"
TASKS = ("external_task_id", "external_task_ids")
GROUP = "external_task_group_id"
_PARAMS = (DAG, DELTA, *TASKS, GROUP)
_SENSOR = "ExternalTaskSensor"
_MOST = 1024
"""The most tasks that Airflow makes of one (`max_map_length`)."""


class Place(NamedTuple):
    """Where a value is written."""

    row: RowKey
    attribute: str
    path: JsonPath


class Wait(NamedTuple):
    """What a task waits for, and where that is written, by parameter. (One that is wrong, or that
    nobody knows before the run, is INVALID.)
    """

    params: Mapping[str, Any]
    places: Mapping[str, Place]

    def diagnostic(self, problem: Problem) -> Diagnostic:
        """Returns the diagnostic of a `problem`, whose path begins with a parameter."""
        name, *inner = problem.path
        place = self.places[str(name)]
        return problem.inside(*place.path, *inner).at(place.row, place.attribute)


def waits(task: TaskRow, job: JobRow | None = None, task_id: str = "") -> Iterator[Wait]:
    """Returns what `task` waits for in `job`, which calls it `task_id`; or by its row alone."""
    kind = task.type
    if kind is None or _SENSOR not in kind.imports or not task.enabled:
        return
    given = _given(kind, task.params)
    wait = Wait(given, _places(kind, given, Place(task.row, "task_params", ())))
    config = job.task_configs.get(task_id) if job else None
    if job is None or config is None:
        yield wait
        return
    overrides = config.settings.get("params")
    if isinstance(overrides, dict):
        checked = kind.params.check(overrides, (), [])
        place = Place(job.row, "job_task_configs", (*config.path, "params"))
        merged = _given(kind, kind.params.merge(task.params, checked))
        wait = Wait(merged, {**wait.places, **_places(kind, _given(kind, checked), place)})
    yield from _mapped(kind, wait, config, Place(job.row, "job_task_configs", config.path))


def _mapped(kind: TaskType, wait: Wait, config: MemberConfig, place: Place) -> Iterator[Wait]:
    """What a task waits for in each of those that it is mapped to, or in the only one."""
    entries = [
        [(name, *entry) for entry in _entries(kind, name, value)]
        for name, value in given_expand(config).items()
        if name in _PARAMS
    ]
    for combined in islice(product(*entries), _MOST):
        params, places = dict(wait.params), dict(wait.places)
        for name, steps, value in combined:
            params[name] = value
            places[name] = place._replace(path=(*place.path, EXPAND, name, *steps))
        yield Wait(params, places)


def _given(kind: TaskType, params: Mapping[str, Any]) -> dict[str, Any]:
    """Those of checked parameters, or of an operator's arguments, that say what is waited for."""
    values = params.get(ARGUMENTS) if kind.any_operator else params
    values = values if isinstance(values, Mapping) else {}
    return {name: values[name] for name in _PARAMS if values.get(name) is not None}


def _places(kind: TaskType, names: Mapping[str, Any], place: Place) -> dict[str, Place]:
    inside = (ARGUMENTS,) if kind.any_operator else ()
    return {name: place._replace(path=(*place.path, *inside, name)) for name in names}


def _entries(kind: TaskType, name: str, value: Any) -> Iterator[tuple[JsonPath, Any]]:
    """The values that a parameter is mapped over, each with its path."""
    if not isinstance(value, list):
        yield (), INVALID
        return
    for index, entry in enumerate(value):
        given = {ARGUMENTS: {name: entry}} if kind.any_operator else {name: entry}
        yield (index,), _given(kind, kind.params.check(given, (), [])).get(name, INVALID)
