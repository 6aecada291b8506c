"""Orders the members of a DAG."""

from collections.abc import Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from dagc.compiler.diagnostics import Code, Problem

_MAX_CYCLES = 20
"""How many cycles are reported. Finding one takes as long as ordering all members."""


def topological_order(
    members: Iterable[str], upstream: Mapping[str, Sequence[str]]
) -> tuple[list[str], list[Problem]]:
    """Orders the members: each after those that it depends on, and else as they are given.

    A cycle becomes a problem that shows its path, up to _MAX_CYCLES of them; the order is then
    empty.
    """
    order, cycles = order_or_cycles(members, upstream)
    hint = "Each waits for the one before it. Remove one of these dependencies."
    shown = [f"a cycle: {' → '.join([*cycle, cycle[0]])}" for cycle in cycles]
    return order, [Problem(Code.CYCLE, message, hint) for message in shown]


def order_or_cycles(
    members: Iterable[str], upstream: Mapping[str, Sequence[str]]
) -> tuple[list[str], list[list[str]]]:
    """Orders the members; or returns up to _MAX_CYCLES cycles among them, each in the order in
    which they would run, and no dependency in two of them. The order is then empty.
    """
    position = {member: index for index, member in enumerate(members)}
    dependencies = {member: list(upstream.get(member, ())) for member in position}
    cycles: list[list[str]] = []
    while True:
        try:
            order = list(TopologicalSorter(dependencies).static_order())
        except CycleError as error:
            cycle = _from_first(error.args[1][:-1], position)
            cycles.append(cycle)
            if len(cycles) == _MAX_CYCLES:
                return [], cycles
            for before, after in zip(cycle, [*cycle[1:], cycle[0]], strict=True):
                dependencies[after].remove(before)
        else:
            return ([] if cycles else order), cycles


def _from_first(cycle: list[str], position: Mapping[str, int]) -> list[str]:
    """Returns the cycle, begun at the member that the row mentions first."""
    start = cycle.index(min(cycle, key=position.__getitem__))
    return [*cycle[start:], *cycle[:start]]
