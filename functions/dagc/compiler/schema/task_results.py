"""Reads `{"from": "7", "key": "rows"}`: what another task of the job returns, in the place of a
value.

It stands for a whole parameter that takes no object, or for an entry of one that says
`results: inside`: elsewhere an object is data, whatever its keys are. A parameter whose operator
looks at it when Airflow reads the file says `results: none`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from dagc.compiler.diagnostics import JsonPath

Schema = Mapping[str, Any]


class Result(NamedTuple):
    """What the task `task` returns, or what it gives other tasks (its XCom) under `key`. The task
    is an id of the row, or in the model of a DAG its id there.
    """

    task: str
    key: str = ""


class Mapped(NamedTuple):
    """What Airflow makes several tasks of one for: a list, or the `Result` of a task."""

    value: Any


def read_result(value: Any) -> Result | None:
    """Returns what `value` stands for; None where it is anything else."""
    if not isinstance(value, dict) or not {"from"} <= value.keys() <= {"from", "key"}:
        return None
    task, key = value["from"], value.get("key", "")
    is_id = isinstance(task, str | int) and not isinstance(task, bool)
    return Result(str(task).strip(), key) if is_id and isinstance(key, str) else None


def is_result(value: Any) -> bool:
    """Says whether `value` is the result of a task, read or as it is written."""
    return isinstance(value, Result) or read_result(value) is not None


def takes_result(schema: Schema) -> bool:
    """Says whether a result may stand in the place of a whole value of `schema`."""
    kinds = schema.get("type", "object")
    is_data = "object" in ([kinds] if isinstance(kinds, str) else kinds)
    return bool(schema.get("templated")) and not is_data and schema.get("results") != "none"


def holds_results(schema: Schema) -> bool:
    """Says whether results may be entries of a value of `schema`."""
    return schema.get("results") == "inside"


def results_in(
    inside: Mapping[str, Schema], values: Mapping[str, Any]
) -> Iterator[tuple[JsonPath, Result]]:
    """Returns the results among checked parameters, each with its path. `inside` are the schemas of
    the parameters that hold results.
    """
    for name, value in values.items():
        if isinstance(value, Result):
            yield (name,), value
        elif name in inside:
            for step, result in results_inside(inside[name], value):
                yield (name, step), result


def results_inside(schema: Schema, value: Any) -> Iterator[tuple[str | int, Result]]:
    """Returns the results that are entries of a `value` of `schema`, each with its key or index."""
    for step, entry in entries_inside(schema, value):
        if result := entry if isinstance(entry, Result) else read_result(entry):
            yield step, result


def entries_inside(schema: Schema, value: Any) -> Iterator[tuple[str | int, Any]]:
    """Returns the entries of a `value` of `schema` that may be results, with their key or index."""
    if not holds_results(schema):
        return
    known = schema.get("properties")
    entries = value.items() if isinstance(value, dict) else ()
    for step, entry in enumerate(value) if isinstance(value, list) else entries:
        if known is None or known.get(step, {}).get("templated"):
            yield step, entry


def with_results(value: Any, shown: Callable[[Result], Any]) -> Any:
    """Returns `value` with what is `shown` of each result in it, however deep."""
    match value:
        case Result():
            return shown(value)
        case Mapped():
            return Mapped(with_results(value.value, shown))
        case dict():
            return {key: with_results(entry, shown) for key, entry in value.items()}
        case list():
            return [with_results(entry, shown) for entry in value]
    return value


def tasks_in(value: Any) -> tuple[str, ...]:
    """Returns the tasks whose results are in `value`, however deep."""
    found: dict[str, None] = {}

    def collect(result: Result) -> Result:
        found[result.task] = None
        return result

    with_results(value, collect)
    return tuple(found)
