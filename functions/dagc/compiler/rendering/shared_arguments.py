"""What all tasks of a DAG agree on stands once, in the DAG's `default_args`.

Airflow gives an entry of `default_args` to every operator of the DAG that takes an argument of that
name and is not given one. So an argument moves there only where each task whose operator takes it
is given it, and the same: no task then gets what it would not have without. Which arguments an
operator takes is declared by its task type; with a type that does not say, nothing moves.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from dagc.compiler.python_source.layout import one_line
from dagc.compiler.templating.placeholders import ABSENT
from dagc.compiler.templating.skeleton import Skeleton

_WORTH = 2
"""Tasks: for one, its argument reads better beside the others."""


class Statement(NamedTuple):
    """What a template printed, and the value of each of its slots."""

    skeleton: Skeleton
    values: list[Any]

    def given(self, names: Collection[str]) -> Iterator[tuple[str, Any]]:
        """The arguments among `names` that its call is given, each with its value."""
        for name, index in self.skeleton.arguments.items():
            if name in names and self.values[index] is not ABSENT:
                yield name, self.values[index]

    def leave_out(self, names: Collection[str]) -> None:
        """Takes the arguments among `names` out of its call."""
        for name in self.skeleton.arguments.keys() & names:
            self.values[self.skeleton.arguments[name]] = ABSENT


def shared_arguments(
    statements: Sequence[Statement], taken: Sequence[frozenset[str] | None]
) -> dict[str, Any]:
    """The arguments that go to `default_args`, in the order of the statements.

    `taken` holds for each statement those of SHARED_ARGUMENTS that its operator takes; None where
    that is not known.
    """
    takers: Counter[str] = Counter()
    given = defaultdict(list)
    for statement, names in zip(statements, taken, strict=True):
        if names is None:
            return {}
        takers.update(names)
        for name, value in statement.given(names):
            given[name].append(value)
    return {
        name: values[0]
        for name, values in given.items()
        if _WORTH <= takers[name] == len(values) and _alike(values)
    }


def _alike(values: Sequence[Any]) -> bool:
    """Whether `values` have one source text, of one line. (To Python, True is 1, and 1 is 1.0.)"""
    first = values[0]
    if any(value != first for value in values):
        return False
    texts = {one_line(value) for value in values}
    return len(texts) == 1 and None not in texts
