"""Bad rows are reported, each of them, and change no other file."""

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dagc.compiler.diagnostics import has_errors
from tests.conftest import PROFILE
from tests.properties.compiling import Item, compile_items

GOOD = 1000 if PROFILE == "long" else 300
BAD = GOOD // 20

_WRONG: list[Item] = [
    {"job_name": ""},
    {"job_name": "no name!"},
    {"job_name": "job_0_twice"},
    {"job_params": "{"},
    {"job_params": {"retry": 1}},
    {"job_params": {"retries": "three"}},
    {"job_params": {"params": {"a": float("nan")}}},
    {"task_list": "1,404"},
    {"task_list": "disabled"},
    {"task_list": "broken"},
    {"task_list": "1,same"},
    {"task_list": {"1": 1}},
    {"job_task_dependencies": [{"task_id": "1", "pid": "2"}, {"task_id": "2", "pid": "1"}]},
    {"job_task_configs": {"1": {"params": {"sql": "\0"}}}},
    {"job_task_configs": {"2": {"params": {"bash_command": "{{ x"}}}},
    {"status": "on"},
]
_TASKS: list[Item] = [
    {"task_id": "1", "task_name": "first", "task_type": "EMPTY"},
    {
        "task_id": "2",
        "task_name": "second",
        "task_type": "BASH",
        "task_params": {"bash_command": "x"},
    },
    {"task_id": "same", "task_name": "first", "task_type": "EMPTY"},
    {"task_id": "disabled", "task_name": "d", "task_type": "EMPTY", "status": 0},
    {"task_id": "broken", "task_name": "b", "task_type": "NO-TYPE"},
]  # fmt: skip


def _job(number: int) -> Item:
    return {
        "job_type": "a", "job_id": f"{number}", "job_name": f"job_{number}", "task_list": "1,2",
        "job_task_dependencies": [{"task_id": "2", "pid": "1"}],
    }  # fmt: skip


def test_bad_rows_among_good_ones() -> None:
    good = [_job(number) for number in range(GOOD)]
    bad = [{**_job(GOOD + n), **_WRONG[n % len(_WRONG)]} for n in range(max(BAD, 2 * len(_WRONG)))]
    alone = {row.row: dag.text for dag in compile_items(_TASKS, good) for row in dag.rows}
    assert None not in alone.values()
    rows = good + bad
    random.Random(1).shuffle(rows)
    both = {row.row: dag for dag in compile_items(_TASKS, rows) for row in dag.rows}
    assert {source: both[source].text for source in alone} == alone
    for source in both.keys() - alone.keys():
        assert both[source].text is None, _WRONG[(int(source.key[1][1]) - GOOD) % len(_WRONG)]
        assert has_errors(both[source].diagnostics)


_WRONG_SCHEDULERS: list[Item] = [
    {"schedule_params": {"schedule_interval": "61 * * * *"}},
    {"schedule_params": {"retry": 1}},
    {"schedule_params": "{"},
    {"job_list": "0,1,404"},
    {"schedule_job_dependencies": [{"job_id": "0", "pid": "1"}, {"job_id": "1", "pid": "0"}]},
    {"schedule_job_configs": {"0": {"retries": "three"}}},
    {"status": "on"},
]
_NAMELESS: list[Item] = [{"schedule_name": ""}, {"schedule_name": "no name!"}]


def _scheduler(number: int) -> Item:
    return {
        "schedule_id": f"{number}", "schedule_name": f"s_{number}", "job_list": "0,1",
        "schedule_params": {"schedule_interval": "@daily"},
    }  # fmt: skip


def _scheduler_beside(*others: Item) -> str | None:
    dags = compile_items(_TASKS, [_job(0), _job(1)], [*others, _scheduler(0)])
    return next(dag.text for dag in dags if dag.dag_id == "schedule-s_0")


@given(st.sampled_from(_WRONG_SCHEDULERS))
def test_an_error_of_a_scheduler_of_the_same_jobs_changes_nothing(wrong: Item) -> None:
    assert _scheduler_beside({**_scheduler(1), **wrong}) == _scheduler_beside(_scheduler(1))


@given(st.sampled_from(_NAMELESS), st.sampled_from([{}, *_WRONG_SCHEDULERS]))
def test_a_scheduler_without_a_name_starts_nothing(nameless: Item, wrong: Item) -> None:
    assert _scheduler_beside({**_scheduler(1), **wrong, **nameless}) == _scheduler_beside()


@given(st.lists(st.sampled_from(_WRONG), min_size=1, max_size=3))
def test_all_errors_of_a_row_are_told_at_once(wrong: list[Item]) -> None:
    def told(*parts: Item) -> set[Any]:
        row: Item = _job(0)
        for part in parts:
            row |= part
        [artifact] = compile_items(_TASKS, [row])
        return {(diagnostic.attribute, diagnostic.code) for diagnostic in artifact.diagnostics}

    attributes = [name for part in wrong for name in part]
    if len(set(attributes)) == len(attributes) and "task_list" not in attributes:
        assert told(*wrong) >= set().union(*map(told, wrong)) - {("job_name", "duplicate-name")}
