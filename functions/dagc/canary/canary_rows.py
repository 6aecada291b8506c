"""What the canary does: rows of reserved names, step by step, and what each step leads to. Pure.

Its DAGs never run: the scheduler has no interval, whatever the team's defaults say, and both are
paused when Airflow first sees them.
"""

from collections.abc import Mapping
from typing import NamedTuple

from dagc.compiler import JOB, KEYS, NAMES, SCHEDULER, TASK, Item, RowKey
from dagc.plan.canary_names import DAGS, JOB_DAG, NAME
from dagc.plan.record import State

IDS = ("dagc-canary", "990000000000000001")
"""Of its rows: a text, and what a table takes whose key is a number."""

_PAUSED = {"is_paused_upon_creation": True}
_SAYS = "Written by dagc doctor --canary, which also removes it. It never runs."


class Step(NamedTuple):
    """What the rows are to be, in the order in which they are written (None: gone); and the state
    that each DAG then has, with another file than before or with the same one.
    """

    what: str
    rows: Mapping[RowKey, Item | None]
    states: Mapping[str, State]
    new_file: bool


class Keys(NamedTuple):
    """The keys of the canary's rows."""

    task: RowKey
    job: RowKey
    scheduler: RowKey


def keys_with(ids: Mapping[str, str]) -> Keys:
    """The keys, given the id to use in each table."""
    values = {
        "task_id": ids[TASK],
        "job_type": ids[JOB],
        "job_id": ids[JOB],
        "schedule_id": ids[SCHEDULER],
    }
    task, job, scheduler = (
        RowKey(table, tuple((name, values[name]) for name in names))
        for table, names in KEYS.items()
    )
    return Keys(task, job, scheduler)


def is_canary(row: RowKey, item: Item) -> bool:
    """Whether a row under the canary's key is the canary's."""
    return str(item.get(NAMES[row.table], "")).startswith(NAME)


def steps(keys: Keys) -> list[Step]:
    """Everything that the canary does, in order."""
    task, job, scheduler = _created(keys)
    edited = {**task, "task_name": f"{NAME}_edited"}
    broken = {**edited, "task_type": "DAGC-CANARY"}
    both = dict.fromkeys(DAGS, State.PUBLISHED)
    created = {keys.task: task, keys.job: job, keys.scheduler: scheduler}
    return [
        Step("created", created, both, new_file=True),
        Step("edited", {keys.task: edited}, {JOB_DAG: State.PUBLISHED}, new_file=True),
        Step("broken", {keys.task: broken}, {JOB_DAG: State.INVALID}, new_file=False),
        Step(
            "repaired",
            {keys.task: {**edited, "task_name": NAME}},
            {JOB_DAG: State.PUBLISHED},
            new_file=True,
        ),
        removal(keys),
    ]


def removal(keys: Keys) -> Step:
    """The last step, and the first of a canary whose predecessor did not come to it."""
    gone = dict.fromkeys((keys.scheduler, keys.job, keys.task))
    return Step("removed", gone, dict.fromkeys(DAGS, State.REMOVED), new_file=True)


def _created(keys: Keys) -> tuple[Item, Item, Item]:
    def ids(row: RowKey) -> dict[str, str]:
        return dict(row.key)

    task_id, job_id = keys.task.value("task_id"), keys.job.value("job_id")
    task = {**ids(keys.task), "task_name": NAME, "task_type": "EMPTY", "status": 1}
    job = {
        **ids(keys.job),
        "job_name": NAME,
        "status": 1,
        "task_list": [task_id],
        "job_params": {**_PAUSED, "description": _SAYS},
    }
    scheduler = {
        **ids(keys.scheduler),
        "schedule_name": NAME,
        "schedule_description": _SAYS,
        "status": 1,
        "job_list": [job_id],
        "schedule_params": {**_PAUSED, "schedule_interval": None},
    }
    return task, job, scheduler
