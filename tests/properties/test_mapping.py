"""What a task is mapped over, and takes of others, reaches Airflow as it is, or is refused."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dagc.compiler.diagnostics import has_errors
from dagc.compiler.targets import Target
from tests.conftest import EXAMPLES
from tests.properties.black_oracle import assert_black_stable
from tests.properties.compiling import ALL_TARGETS, compile_items, toolchain
from tests.properties.generated_file import Mapped, Result, read_file
from tests.properties.hostile import LEGAL_TEXTS, TEXTS, json_values
from tests.properties.real_names import REAL_NAMES

FEW = settings(max_examples=EXAMPLES // 4)
IDS = st.one_of(st.sampled_from(["1", "2", " 1", "3", 1, True, None]), TEXTS)
RESULTS = st.fixed_dictionaries({"from": IDS}, optional={"key": TEXTS, "from_": TEXTS})
NAMES = st.one_of(
    st.sampled_from(["op_kwargs", "callable", "task_id", "python_callable", "**k", "a=1, b"]), TEXTS
)
KEYS = st.sampled_from(["a", "b", "match", "self", "_c"])


@FEW
@given(
    expand=st.dictionaries(
        NAMES, st.one_of(RESULTS, json_values(TEXTS), st.lists(json_values(TEXTS))), max_size=3
    ),
    op_kwargs=st.dictionaries(KEYS, st.one_of(RESULTS, json_values(TEXTS)), max_size=3),
    names=st.tuples(REAL_NAMES, REAL_NAMES),
    target=st.sampled_from(ALL_TARGETS),
)
def test_any_values(
    expand: dict[str, Any], op_kwargs: dict[str, Any], names: tuple[str, str], target: Target
) -> None:
    [dag] = compile_items(*_rows(op_kwargs, expand, names), tools=toolchain(target))
    assert (dag.text is None) is has_errors(dag.diagnostics)
    if dag.text is not None:
        read_file(dag.text)
        assert_black_stable(dag.text)


@FEW
@given(
    mapped=st.lists(
        st.dictionaries(KEYS, json_values(LEGAL_TEXTS), max_size=3), min_size=1, max_size=3
    ),
    key=LEGAL_TEXTS,
    names=st.tuples(REAL_NAMES, REAL_NAMES).filter(lambda names: names[0] != names[1]),
    target=st.sampled_from(ALL_TARGETS),
)
def test_values_are_the_given_ones(
    mapped: list[dict[str, Any]], key: str, names: tuple[str, str], target: Target
) -> None:
    [dag] = compile_items(*_rows({}, {"op_kwargs": mapped}, names), tools=toolchain(target))
    assert dag.text is not None, dag.diagnostics
    assert_black_stable(dag.text)
    assert read_file(dag.text).tasks[names[1]][1]["op_kwargs"] == Mapped(mapped)
    rows = _rows({"a": {"from": "1", "key": key}, "b": {"from": 1}}, {}, names)
    [dag] = compile_items(*rows, tools=toolchain(target))
    assert dag.text is not None, dag.diagnostics
    assert_black_stable(dag.text)
    found = read_file(dag.text).tasks[names[1]][1]["op_kwargs"]
    assert found == {"a": Result(names[0], key), "b": Result(names[0])}


def _rows(
    op_kwargs: dict[str, Any], expand: dict[str, Any], names: tuple[str, str]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    params = {"callable": "a.b:c"}
    task = {"task_type": "PYTHON", "task_params": params}
    other = {**task, "task_params": {**params, **({"op_kwargs": op_kwargs} if op_kwargs else {})}}
    job = {
        "job_type": "a",
        "job_id": "1",
        "job_name": "j",
        "job_task_dependencies": [{"task_id": "2", "pid": "1"}],
        "job_task_configs": {"2": {"expand": expand}},
    }
    tasks = [
        {**task, "task_id": "1", "task_name": names[0]},
        {**other, "task_id": "2", "task_name": names[1]},
    ]
    return tasks, [job]
