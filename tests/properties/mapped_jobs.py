"""Jobs as real tables have them, whose tasks take results of one another, alone and mapped."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.properties.generated_file import Mapped, Result
from tests.properties.hostile import LEGAL_TEXTS, json_values
from tests.properties.real_names import REAL_NAMES

KEYS = st.sampled_from(["a", "match", "self", "_c", "DAG", "task_id", "print", "from_", "key"])
GROUPS = st.sampled_from(["", "", "load", "load/eu", "check"])
PREFIXES = st.fixed_dictionaries({name: st.booleans() for name in ("load", "check")})
_NAMES = REAL_NAMES.filter(lambda name: not name.isdigit())  # as the ids here
RESULT_KEYS = st.one_of(st.none(), LEGAL_TEXTS)

Item = dict[str, Any]
Shown = tuple[Any, Any]
"""A value as a row has it, and as the file has it."""


class MappedJob(NamedTuple):
    """The rows of tasks and of their job, and the `op_kwargs` of each task in the file, by its id
    in Airflow.
    """

    tasks: list[Item]
    job: Item
    expected: dict[str, Any]


@st.composite
def mapped_jobs(draw: st.DrawFn) -> MappedJob:
    """Draws a job of two to six tasks, of which the last may be the first once more."""
    names = draw(st.lists(_NAMES, min_size=2, max_size=6, unique=True))
    prefixes = draw(PREFIXES)
    tasks: list[Item] = []
    job = _job(prefixes)
    ids: dict[str, str] = {}
    expected: dict[str, Any] = {}
    for number, name in enumerate(names):
        is_alias = number > 0 and name == names[-1] and draw(st.booleans())
        task_id = name if is_alias else str(number)
        taken = draw(st.lists(st.sampled_from([*ids]), max_size=2, unique=True)) if ids else []
        of_row, of_mapped = draw(_op_kwargs(taken, ids)), draw(_expand(taken, ids))
        group = draw(GROUPS)
        config: Item = {"group": group} if group else {}
        config |= {"expand": {"op_kwargs": of_mapped[0]}} if of_mapped else {}
        if not is_alias:
            tasks.append(_task(task_id, name, {} if of_mapped else of_row[0]))
        ids[task_id] = airflow_id(name, group, prefixes)
        shown = tasks[0]["task_params"].get("op_kwargs") if is_alias else of_row[1]
        expected[ids[task_id]] = of_mapped[1] if of_mapped else shown or None
        job["task_list"].append({"task_id": "0", "as": name} if is_alias else task_id)
        job["job_task_dependencies"].append({"task_id": task_id, "pid": taken})
        job["job_task_configs"][task_id] = config
    return MappedJob(tasks, job, expected)


def airflow_id(name: str, group: str, prefixes: Mapping[str, bool]) -> str:
    """The id in Airflow of a task in `group`; the outermost group says whether that is a prefix."""
    path = group.split("/")
    return ".".join([*path, name]) if prefixes.get(path[0]) else name


@st.composite
def _op_kwargs(
    draw: st.DrawFn,
    taken: Sequence[str],
    ids: Mapping[str, str],
    keys: st.SearchStrategy[str | None] = RESULT_KEYS,
) -> Shown:
    """Draws an object whose values are data, and results of the tasks that are `taken`."""
    written: Item = draw(st.dictionaries(KEYS, json_values(LEGAL_TEXTS), max_size=2))
    shown = dict(written)
    for task_id in taken:
        name, key = draw(KEYS), draw(keys)
        of_row = draw(st.sampled_from([task_id, f" {task_id}"]))
        written[name] = {"from": of_row, **({"key": key} if key else {})}
        shown[name] = Result(ids[task_id], key or "")
    return written, shown


@st.composite
def _expand(draw: st.DrawFn, taken: Sequence[str], ids: Mapping[str, str]) -> Shown | None:
    """Draws what `op_kwargs` are mapped over: a list, a result, or nothing."""
    how = draw(st.sampled_from(["not", "list", "result"]))
    if how == "list":
        entry = _op_kwargs(taken, ids, st.none())  # Airflow maps over nothing that has a key
        entries = draw(st.lists(entry, min_size=1, max_size=3))
        return [written for written, _ in entries], Mapped([shown for _, shown in entries])
    if how == "result" and taken:
        return {"from": taken[0]}, Mapped(Result(ids[taken[0]]))
    return None


def _task(task_id: str, name: str, op_kwargs: Item) -> Item:
    params = {"callable": "a.b:c", **({"op_kwargs": op_kwargs} if op_kwargs else {})}
    return {"task_id": task_id, "task_name": name, "task_type": "PYTHON", "task_params": params}


def _job(prefixes: Mapping[str, bool]) -> Item:
    groups = {name: {"prefix": is_on} for name, is_on in prefixes.items()}
    return {
        "job_type": "a",
        "job_id": "1",
        "job_name": "j",
        "task_list": [],
        "job_task_dependencies": [],
        "job_task_configs": {},
        "job_params": {"groups": groups},
    }
