"""Whatever a row says of an operator: its file is inert, or there is none."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dagc.compiler.diagnostics import has_errors
from dagc.compiler.rows.operator_types import with_operators
from dagc.compiler.targets import Target
from dagc.compiler.toolchain import Toolchain
from tests.conftest import EXAMPLES
from tests.properties.black_oracle import assert_black_stable
from tests.properties.compiling import ALL_TARGETS, compile_items, toolchain
from tests.properties.generated_file import read_file
from tests.properties.hostile import LEGAL_TEXTS, TEXTS, json_values

APPROVED = ("acme.operators.Own", "acme.Sensor", "a.DAG", "a.timedelta", "b.print")
NAMES = st.one_of(
    st.sampled_from(
        [*APPROVED, "Own", "DAG", "GlueCrawlerOperator", "SqsSensor", "eval", "os.system"]
    ),
    st.builds("{}.{}".format, st.sampled_from(["acme", "os", ""]), TEXTS),
    TEXTS,
)
KEYS = st.one_of(
    st.sampled_from(
        ["a", "config", "sqs_queue", "task_id", "retries", "DAG", "x=1, y", "**k", "None"]
    ),
    TEXTS,
)
FEW = settings(max_examples=EXAMPLES // 2)


def _tools(target: Target) -> Toolchain:
    tools = toolchain(target)
    types = {
        name: with_operators(each, tools.operators, APPROVED, target)
        for name, each in tools.types.items()
    }
    return tools._replace(types=types)


@FEW
@given(
    tasks=st.lists(
        st.tuples(NAMES, st.dictionaries(KEYS, json_values(TEXTS), max_size=4)),
        min_size=1,
        max_size=3,
    ),
    target=st.sampled_from(ALL_TARGETS),
)
def test_any_names_of_operators_and_arguments(
    tasks: list[tuple[str, dict[str, Any]]], target: Target
) -> None:
    rows = [_row(number, *task) for number, task in enumerate(tasks)]
    job = {"job_type": "a", "job_id": "1", "job_name": "j", "task_list": list("012"[: len(rows)])}
    [dag] = compile_items(rows, [job], tools=_tools(target))
    assert (dag.text is None) is has_errors(dag.diagnostics)
    if dag.text is not None:
        file = read_file(dag.text, APPROVED)
        assert_black_stable(dag.text)
        for number, (_, arguments) in enumerate(tasks):
            given_there = file.tasks[f"t{number}"][1]
            assert {name: given_there[name] for name in arguments} == arguments


@FEW
@given(
    name=st.sampled_from(APPROVED),
    arguments=st.dictionaries(
        st.sampled_from(["a", "b", "match", "DAG", "self"]), json_values(LEGAL_TEXTS), max_size=4
    ),
    target=st.sampled_from(ALL_TARGETS),
)
def test_arguments_reach_an_approved_operator(
    name: str, arguments: dict[str, Any], target: Target
) -> None:
    job = {"job_type": "a", "job_id": "1", "job_name": "j", "task_list": ["0"]}
    [dag] = compile_items([_row(0, name, arguments)], [job], tools=_tools(target))
    assert dag.text is not None, dag.diagnostics
    assert_black_stable(dag.text)
    assert read_file(dag.text, APPROVED).tasks["t0"][1] == arguments


def _row(number: int, operator: str, arguments: dict[str, Any]) -> dict[str, Any]:
    params = {"operator": operator, "arguments": arguments}
    return {
        "task_id": f"{number}",
        "task_name": f"t{number}",
        "task_type": "OPERATOR",
        "task_params": params,
    }
