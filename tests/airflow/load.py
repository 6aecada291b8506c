"""Loads a folder of DAG files in a real Airflow and writes down what Airflow made of them.

Run it with the interpreter of an Airflow environment, of any target from 2.10 on:

    python load.py FOLDER REPORT

It stands alone: it imports nothing of dagc, needs no metadata database and no network, and leaves
nothing behind but REPORT, a JSON file:

    {"airflow": "3.0.6",
     "python": "3.12.1",
     "files": {"job-x.py": {"errors": [...], "warnings": [...], "dags": {"job-x": {...}}}}}

Each file is loaded as the DAG processor loads it: a `DagBag` of that file alone, in safe mode, and
then serialised; but all of them in one process, because the import of Airflow is what takes long.
"""

import argparse
import importlib
import json
import os
import platform
import re
import shutil
import tempfile
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

FORMATTED_WARNING = re.compile(
    r"(?P<file>.+?):(?P<line>\d+): (?P<category>[\w.]+): (?P<message>.*)", re.DOTALL
)


def main() -> None:
    """Read the command line, load the folder, write the report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path, help="the folder that holds the DAG files")
    parser.add_argument("report", type=Path, help="the JSON file to write")
    arguments = parser.parse_args()
    with private_airflow(arguments.folder) as folder:
        report = load_folder(folder)
    arguments.report.write_text(json.dumps(report, indent=1, sort_keys=True), encoding="utf-8")


@contextmanager
def private_airflow(folder: Path) -> Iterator[Path]:
    """Give Airflow a home with a copy of `folder`, the plugin of the timetables that golden cases
    name, and its default configuration; yield the copy.

    Airflow reads its environment when it is imported, so this comes first.
    """
    for name in [name for name in os.environ if name.startswith("AIRFLOW_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="airflow-") as home:
        dags = Path(home).resolve() / "dags"
        shutil.copytree(folder, dags)
        plugins = Path(home) / "plugins"
        plugins.mkdir()
        sample = Path(__file__).with_name("sample_timetables.py")
        shutil.copy(sample, plugins / "acme_calendars.py")
        os.environ |= {
            "AIRFLOW_HOME": home,
            "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "CRITICAL",
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        }
        yield dags


def load_folder(folder: Path) -> dict[str, Any]:
    """Load every Python file of `folder` and describe what became of it."""
    airflow = Airflow()
    paths = sorted(folder.glob("*.py"))
    # A library warns of its own faults when it is first imported. The first loads get that over
    # with: of their warnings only those that Python itself traces to the DAG file count. Whatever
    # the second load warns of is the file's doing, wherever in the library it is noticed.
    first = {path: airflow.load(path)[1] for path in paths}
    return {
        "airflow": airflow.version,
        "python": platform.python_version(),
        "files": {
            path.name: describe_file(
                airflow, path, [caught for caught in first[path] if caught.file == str(path)]
            )
            for path in paths
        },
    }


@dataclass(frozen=True)
class Caught:
    """A warning, and where Python says that it comes from."""

    category: str
    message: str
    file: str
    line: int


class Airflow:
    """What this script needs of Airflow, which has moved between its minor versions."""

    def __init__(self) -> None:
        self.version = str(importlib.import_module("airflow").__version__)
        self.new_bag = first_module("airflow.dag_processing.dagbag", "airflow.models.dagbag").DagBag
        serialised = importlib.import_module("airflow.serialization.serialized_objects")
        self.serialisation = (
            getattr(serialised, "DagSerialization", None) or serialised.SerializedDAG
        )

    def load(self, path: Path) -> tuple[Any, list[Caught]]:
        """Load one file into a `DagBag`; return the bag and all warnings of the load."""
        with warnings.catch_warnings(record=True) as messages:
            warnings.simplefilter("always")
            bag = self.new_bag(str(path), safe_mode=True)
        return bag, list(all_caught(bag.captured_warnings.get(str(path), ()), messages))

    def serialise(self, dag: Any) -> dict[str, Any]:
        """Return the DAG as Airflow would store it in its database, after JSON."""
        data = json.loads(json.dumps(self.serialisation.to_dict(dag)))
        return dict(data["dag"])

    def unstable_values(self, path: Path) -> list[Caught]:
        """Return what Airflow's own check says of values that change at every parse (3.2 on)."""
        try:
            checker: Any = importlib.import_module("airflow.utils.dag_version_inflation_checker")
        except ModuleNotFoundError:
            return []
        found = checker.check_dag_file_stability(str(path)).warnings.values()
        return [Caught("RuntimeVaryingValue", item.message, str(path), item.line) for item in found]


def first_module(*names: str) -> Any:
    """Import the first of these modules that exists."""
    for name in names:
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError:
            continue
    raise ModuleNotFoundError(f"none of {', '.join(names)}")


def all_caught(
    formatted: Iterable[str], messages: Iterable[warnings.WarningMessage]
) -> Iterator[Caught]:
    """Merge the warnings that the bag kept as texts with those that Python recorded.

    The bag records the execution of the file and raises its warnings again afterwards, as mere
    `UserWarning` from 3.2 on; Python also records those of the checks that follow.
    """
    seen = set()
    for text in formatted:
        if match := FORMATTED_WARNING.fullmatch(text):
            file, line, category, message = match.groups()
            seen.add((file, int(line), message))
            yield Caught(category, message, file, int(line))
    for item in messages:
        if (item.filename, item.lineno, str(item.message)) not in seen:
            category = f"{item.category.__module__}.{item.category.__qualname__}"
            yield Caught(
                category.removeprefix("builtins."), str(item.message), item.filename, item.lineno
            )


def describe_file(airflow: Airflow, path: Path, first: Iterable[Caught]) -> dict[str, Any]:
    """Load one file again, now that its libraries are imported; `first` is what it warned of."""
    with warnings.catch_warnings(record=True) as late:
        warnings.simplefilter("always")
        bag, caught = airflow.load(path)
        errors = [str(error) for error in bag.import_errors.values()]
        dags = {}
        for dag_id, dag in sorted(bag.dags.items()):
            try:
                serialised = airflow.serialise(dag)
            except Exception as error:  # noqa: BLE001 - the file's error, as to the DAG processor
                errors.append(f"{type(error).__name__}: {error}")
            else:
                dags[dag_id] = describe_dag(dag, serialised)
    found = dict.fromkeys([*first, *caught, *all_caught((), late), *airflow.unstable_values(path)])
    return {
        "errors": [error.replace(f"{path.parent}{os.sep}", "") for error in errors],
        "warnings": [describe_warning(warning, path) for warning in found],
        "dags": dags,
    }


def describe_warning(caught: Caught, path: Path) -> dict[str, Any]:
    """Describe a warning; one that was noticed inside a library has no line."""
    line = caught.line if caught.file == str(path) else None
    return {"category": caught.category, "message": caught.message, "line": line}


def describe_dag(dag: Any, serialised: dict[str, Any]) -> dict[str, Any]:
    """Describe a loaded DAG in terms that are the same in every version of Airflow."""
    return {
        "description": dag.description,
        "doc_md": dag.doc_md,
        "schedule": describe_schedule(serialised),
        "start_date": as_json(dag.start_date),
        "end_date": as_json(dag.end_date),
        "timezone": str(dag.timezone),
        "catchup": dag.catchup,
        "tags": sorted(dag.tags),
        "params": as_json(dag.params.dump()),
        "default_args": {name: str(value) for name, value in sorted(dag.default_args.items())},
        "is_paused_upon_creation": dag.is_paused_upon_creation,
        "max_active_runs": dag.max_active_runs,
        "max_active_tasks": dag.max_active_tasks,
        "dagrun_timeout": as_json(dag.dagrun_timeout),
        "tasks": {task.task_id: describe_task(task) for task in dag.tasks},
    }


def describe_schedule(serialised: dict[str, Any]) -> dict[str, Any]:
    """Describe the schedule as Airflow stores it: what a DAG file calls it varies by version."""
    no_schedule = {"__type": "airflow.timetables.simple.NullTimetable", "__var": {}}
    timetable = serialised.get("timetable", no_schedule)  # 2.x leaves it out
    return {"timetable": timetable["__type"], "arguments": timetable["__var"]}


def describe_task(task: Any) -> dict[str, Any]:
    """Describe a task: its settings, its place in the DAG, and every text that is templated."""
    return {
        "operator": getattr(task, "operator_class", type(task)).__name__,
        "owner": task.owner,
        "trigger_rule": str(getattr(task.trigger_rule, "value", task.trigger_rule)),
        "retries": task.retries,
        "retry_delay": as_json(task.retry_delay),
        "execution_timeout": as_json(task.execution_timeout),
        "depends_on_past": task.depends_on_past,
        "pool": task.pool,
        "queue": task.queue,
        "priority_weight": task.priority_weight,
        "deferrable": getattr(task, "deferrable", None),
        "outlets": sorted(outlet.uri for outlet in task.outlets),
        "downstream": sorted(task.downstream_task_ids),
        "template_fields": {
            name: as_json(getattr(task, name, None)) for name in sorted(task.template_fields)
        },
        "template_ext": list(task.template_ext),
        "arguments": describe_arguments(task),
    }


def describe_arguments(task: Any) -> dict[str, Any]:
    """Describe what the operator was given, by the file or out of `default_args`; of a task that is
    mapped, also the values of all mapped tasks.
    """
    values = task.expand_input.value if hasattr(task, "expand_input") else {}
    given = {**_unmapped(task, values), **values}
    return {
        name: as_json(value)
        for name, value in sorted(given.items())
        if name not in ("dag", "task_group", "default_args")
    }


def _unmapped(task: Any, values: dict[str, Any]) -> dict[str, Any]:
    """What the operator is given, of the first of several if it is mapped; without `default_args`
    where it wants to know more of a result than that it is one.
    """
    if values:
        try:
            task = task.unmap({k: v[0] if isinstance(v, list) else v for k, v in values.items()})
        except (AttributeError, TypeError):
            return dict(task.partial_kwargs)
    return dict(task._BaseOperator__init_kwargs)


def as_json(value: Any) -> Any:
    """Return the value as JSON can hold it: durations in seconds, what is no data as its text."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case timedelta():
            return value.total_seconds()
        case dict():
            return {str(key): as_json(item) for key, item in value.items()}
        case list() | tuple():
            return [as_json(item) for item in value]
        case set() | frozenset():
            return sorted(map(str, value))
        case _ if hasattr(value, "isoformat"):
            return value.isoformat()
        case _:
            return getattr(value, "__qualname__", None) or str(value)


if __name__ == "__main__":
    main()
