"""What all tasks of a DAG agree on stands once, in the DAG's `default_args`.

Airflow gives an entry of `default_args` to every operator of the DAG that takes an argument of that
name and is not given one. So an argument moves there only where each task whose operator takes it
is given it, and the same: no task then gets what it would not have without. Which arguments an
operator takes is declared by its task type; with a type that does not say, nothing moves.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from dagc.compiler.python_source.layout import one_line
from dagc.compiler.python_source.nodes import RawSource
from dagc.compiler.templating.placeholders import ABSENT

_WORTH = 2
"""Tasks: for one, its argument reads better beside the others."""
_PULLED = "xcom_pull("
"""In a text that is the result of a task, such as the id of a cluster that it has created."""
_OF_ONE_TEXT = (str, bool, int)
"""Types whose values have one source text if they are equal."""


class Calls(NamedTuple):
    """Calls that one skeleton prints: where the values of their arguments are, which arguments of
    SHARED_ARGUMENTS the operator takes (None where that is not known), and the values of each.
    """

    arguments: Mapping[str, int]
    taken: frozenset[str] | None
    values: list[list[Any]]


def shared_arguments(groups: Iterable[Calls]) -> dict[str, Any]:
    """The arguments that move from the calls to `default_args`, in the order of the calls."""
    takers: Counter[str] = Counter()
    given: defaultdict[str, list[Any]] = defaultdict(list)
    for group in groups:
        if group.taken is None:
            return {}
        for name in group.taken:
            takers[name] += len(group.values)
        for name, index in group.arguments.items():
            if name in group.taken:
                given[name] += [values[index] for values in group.values]
    return {
        name: values[0]
        for name, values in given.items()
        if _WORTH <= takers[name] == len(values) and _alike(values)
    }


def leave_out(names: Collection[str], groups: Iterable[Calls]) -> None:
    """Takes the arguments called `names` out of the calls."""
    for group in groups:
        for index in [group.arguments[name] for name in names if name in group.arguments]:
            for values in group.values:
                values[index] = ABSENT


def _alike(values: Sequence[Any]) -> bool:
    """Whether `values` have one source text, of one line. (To Python, True is 1, and 1 is 1.0.)"""
    first = values[0]
    if first is ABSENT or isinstance(first, RawSource) or values.count(first) < len(values):
        return False  # (a name in the DAG is not there yet)
    if isinstance(first, str) and _PULLED in first:
        return False  # what one task made for others reads better where it is used
    classes = {value.__class__ for value in values}
    if len(classes) == 1 and first.__class__ in _OF_ONE_TEXT:
        return one_line(first) is not None
    texts = {one_line(value) for value in values}
    return len(texts) == 1 and None not in texts
