"""A path inside an attribute's JSON, as text and back."""

from hypothesis import given
from hypothesis import strategies as st

from dagc.compiler import Code, Problem, RowKey, json_steps


@given(st.lists(st.text(max_size=5) | st.integers(0, 10**6), max_size=5))
def test_a_path_is_read_as_it_was(steps: list[str | int]) -> None:
    problem = Problem(Code.BAD_TYPE, "", "", tuple(steps))
    written = problem.at(RowKey("mwaa_task", ()), "task_params").path
    assert json_steps(written) == tuple(steps)
