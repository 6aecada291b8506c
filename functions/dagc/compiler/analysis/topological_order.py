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
    dependencies = {member: list(upstream.get(member, ())) for member in members}
    order = _ordered(dependencies)
    return ([], _cycles(dependencies)) if order is None else (order, [])


def _ordered(dependencies: Mapping[str, Sequence[str]]) -> list[str] | None:
    """Returns the order; None where there is a cycle.

    (A `TopologicalSorter` orders alike, but looks for cycles first, which takes as long again.)
    """
    waits_for: dict[str, int] = {}
    followers: dict[str, list[str]] = {}
    for member, parents in dependencies.items():
        waits_for.setdefault(member, 0)
        for parent in parents:
            waits_for.setdefault(parent, 0)
            followers.setdefault(parent, []).append(member)
        waits_for[member] += len(parents)
    order = [member for member, number in waits_for.items() if not number]
    for member in order:  # which grows
        for follower in followers.get(member, ()):
            waits_for[follower] -= 1
            if not waits_for[follower]:
                order.append(follower)
    return order if len(order) == len(waits_for) else None


def _cycles(dependencies: dict[str, list[str]]) -> list[list[str]]:
    """Returns each cycle, and takes it out of `dependencies`."""
    position = {member: index for index, member in enumerate(dependencies)}
    cycles: list[list[str]] = []
    while len(cycles) < _MAX_CYCLES:
        try:
            TopologicalSorter(dependencies).prepare()
        except CycleError as error:
            cycle = _from_first(error.args[1][:-1], position)
            cycles.append(cycle)
            for before, after in zip(cycle, [*cycle[1:], cycle[0]], strict=True):
                dependencies[after].remove(before)
        else:
            break
    return cycles


def _from_first(cycle: list[str], position: Mapping[str, int]) -> list[str]:
    """Returns the cycle, begun at the member that the row mentions first."""
    start = cycle.index(min(cycle, key=position.__getitem__))
    return [*cycle[start:], *cycle[:start]]
