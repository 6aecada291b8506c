"""Tasks that take results of one another, mapped, in groups and twice, are those of the rows."""

from hypothesis import given, settings
from hypothesis import strategies as st

from dagc.compiler.diagnostics import has_errors
from dagc.compiler.targets import Target
from tests.conftest import EXAMPLES
from tests.properties.black_oracle import assert_black_stable
from tests.properties.compiling import ALL_TARGETS, codes, compile_items, toolchain
from tests.properties.generated_file import read_file
from tests.properties.mapped_jobs import MappedJob, mapped_jobs

REFUSED = {"contradiction", "duplicate-task-name", "duplicate-dag-id"}
"""Groups that take results of one another; a task that is called as another one, or a group."""


@settings(max_examples=EXAMPLES // 2)
@given(drawn=mapped_jobs(), target=st.sampled_from(ALL_TARGETS))
def test_each_task_has_what_the_rows_say(drawn: MappedJob, target: Target) -> None:
    tools = toolchain(target)
    [dag] = compile_items(drawn.tasks, [drawn.job], tools=tools)
    if has_errors(dag.diagnostics):
        assert {*codes([dag])} - {"no-effect"} <= REFUSED, dag.diagnostics
        return
    assert dag.text is not None
    assert_black_stable(dag.text)
    found = read_file(dag.text).tasks
    assert {id_: found[id_][1].get("op_kwargs") for id_ in drawn.expected} == drawn.expected
    [again] = compile_items(reversed(drawn.tasks), [_reordered(drawn.job)], tools=tools)
    assert again.text == dag.text


def _reordered(job: dict[str, object]) -> dict[str, object]:
    """The same job, its overrides in another order."""
    configs = job["job_task_configs"]
    assert isinstance(configs, dict)
    return {**job, "job_task_configs": dict(reversed(configs.items()))}
