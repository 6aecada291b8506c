"""The dependency statements hold exactly the edges of the graph, each once."""

from collections import Counter
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dagc.compiler.python_source.dependencies import dependency_statements
from tests.properties.black_oracle import assert_black_stable

Edge = tuple[str, str]


class Task:
    """Records the edges that `>>` makes, as Airflow's operators do."""

    def __init__(self, name: str, edges: list[Edge]) -> None:
        self.name = name
        self.edges = edges

    def __rshift__(self, other: Any) -> Any:
        for task in other if isinstance(other, list) else [other]:
            self.edges.append((self.name, task.name))
        return other

    def __rrshift__(self, others: list["Task"]) -> "Task":
        for task in others:
            self.edges.append((task.name, self.name))
        return self


def _chain(*steps: Any) -> None:
    for first, second in pairwise(steps):
        if isinstance(first, list) and isinstance(second, list):
            for before, after in zip(first, second, strict=True):  # pairwise, as Airflow's chain
                before >> after
        else:
            first >> second


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, list[str]]:
    """Upstream by task, in topological order."""
    width = draw(st.sampled_from([0, 0, 10, 40]))
    names = [f"t{index}{'x' * width}" for index in range(draw(st.integers(1, 9)))]
    return {
        name: draw(st.lists(st.sampled_from(names[:index]), unique=True, max_size=4))
        if index
        else []
        for index, name in enumerate(names)
    }


@given(graphs())
def test_the_statements_are_the_graph(upstream: dict[str, list[str]]) -> None:
    text, names = dependency_statements(upstream, 4)
    edges: list[Edge] = []
    scope: dict[str, Any] = {name: Task(name, edges) for name in upstream} | {"chain": _chain}
    exec(f"if True:\n    pass\n{text}", scope)
    wanted = [(parent, task) for task, parents in upstream.items() for parent in parents]
    assert Counter(edges) == Counter(wanted)
    assert names <= {"chain"}
    assert ("chain(" in text) == bool(names)
    if text:
        assert_black_stable(f"if True:\n{text}\n")
