"""Whatever is wrong with a value: what the hint proposes is accepted in its place."""

import json
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.diagnostics import Problem
from dagc.compiler.rows.settings import (
    JOB_PARAMS_SCHEMA,
    SCHEDULE_PARAMS_SCHEMA,
    TASK_CONFIG_SCHEMA,
)
from dagc.compiler.schema.layers import LayerSchema
from dagc.compiler.targets import TARGETS
from tests.golden.case import FOLDER

_FIELD = st.sampled_from(
    ["0", "00", "*", "?", "5", "2-6", "1,7", "2#1", "6L", "L", "15W", "*/5", "MON-FRI", "Monday",
     "2026", "JUNE", "60", "0/15"],
)  # fmt: skip
_FIELDS = st.lists(_FIELD, max_size=8).map(" ".join)
_NUMBERS = st.integers(-5, 10**11)
_MISTAKES = st.one_of(
    _FIELDS,
    _FIELDS.map("cron({})".format),
    st.builds("rate({} {})".format, _NUMBERS, st.sampled_from(["minute", "hours", "weeks"])),
    st.builds(
        "{}{}".format,
        _NUMBERS,
        st.sampled_from(["", " min", " minutes", "h30m", " hour", "y", "s", "d2h", ".5 hr"]),
    ),
    st.builds("{}.{}.{}".format, st.integers(0, 40), st.integers(0, 14), st.integers(0, 3000)),
    st.sampled_from(["@midnight", "@dayly", "@nightly", "yes", "True", "off", "all_don", "load it",
                     "Europe/Berln", "CEST", "Asia/Calcuta", "a@b", "4/5/2024", "2024/1/5"]),
    _NUMBERS, st.floats(), st.booleans(), st.text(), st.lists(st.text(), max_size=2),
)  # fmt: skip


def _schemas() -> dict[str, LayerSchema]:
    toolchain, _ = load_toolchain(TARGETS[0], "", FOLDER / "templates")
    assert toolchain
    types = {task_type.name: task_type.params for task_type in toolchain.types.values()}
    return types | {
        "job_params": JOB_PARAMS_SCHEMA,
        "schedule_params": SCHEDULE_PARAMS_SCHEMA,
        "job_task_configs": TASK_CONFIG_SCHEMA,
    }


SCHEMAS = _schemas()
PLACES = [(where, name) for where, schema in SCHEMAS.items() for name in schema.properties]


@given(st.sampled_from(PLACES), _MISTAKES)
def test_a_value_that_is_proposed_is_accepted(place: tuple[str, str], mistake: Any) -> None:
    where, name = place
    _follow(lambda value: _problems(where, {name: value}), name, mistake)


@given(_FIELDS | _FIELDS.map("cron({})".format))
def test_a_schedule_that_is_proposed_is_accepted(mistake: str) -> None:
    name = "schedule_interval"
    _follow(lambda value: _problems("schedule_params", {name: value}), name, mistake)


@given(st.sampled_from(PLACES), st.data())
def test_a_key_that_is_proposed_is_known(place: tuple[str, str], data: st.DataObject) -> None:
    where, name = place
    cut = data.draw(st.integers(0, len(name) - 1))
    slip = name[:cut] + name[cut + 1 :]
    for problem in _problems(where, {slip: None, **data.draw(st.sampled_from([{}, {name: None}]))}):
        if problem.proposal:
            assert not _problems(where, {json.loads(problem.proposal)["key"]: None})


def _follow(problems_of: Callable[[Any], list[Problem]], name: str, mistake: Any) -> None:
    for problem in problems_of(mistake):
        if problem.path == (name,) and problem.proposal:
            assert not problems_of(json.loads(problem.proposal)["value"])


def _problems(where: str, layer: dict[str, Any]) -> list[Problem]:
    problems: list[Problem] = []
    SCHEMAS[where].check(layer, (), problems)
    return problems
