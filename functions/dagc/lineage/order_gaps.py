"""Compares the order that the SQL of members asks for with the one that the rows give them.

Members are the tasks of a job, or the jobs of a scheduler. The SQL asks that a member which reads a
table runs after the one that fills it. It is heard where that is most likely meant:

- Who writes the table as well, in any way, reads it for its own purposes: no order is asked for.
- A table that is only emptied, altered or created without rows is filled by nobody.
- Where the rows have an order already, that order is meant, also where the reader comes first: it
  may want what the run before has left. (`stale` is the exception.)
- Where the SQL asks for both orders, directly or over others, none is proposed.
- Of what follows from another proposal and the rows, nothing is said: each proposal, carried out,
  settles itself and leaves the others.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from graphlib import TopologicalSorter
from typing import Generic, NamedTuple, TypeVar

Id = str
Key = TypeVar("Key")
Where = TypeVar("Where")
Edge = tuple[Id, Id]
"""The first runs before the second."""

_MOST = 400
"""Of a DAG that lacks more than so many dependencies, nothing is said: its order is elsewhere."""


class Member(NamedTuple, Generic[Key, Where]):
    """A member, and where in its SQL it first reads and fills each table. `writes` are all tables
    that it changes in any way, `clears` those of which it leaves no row that was there before.

    `waits` says that it runs only after all that it follows, and always when these succeed.
    """

    reads: Mapping[Key, Where]
    fills: Mapping[Key, Where]
    writes: frozenset[Key]
    clears: frozenset[Key]
    waits: bool


Members = Mapping[Id, Member[Key, Where]]
Upstream = Mapping[Id, Collection[Id]]


class Gaps(NamedTuple, Generic[Key]):
    """What the rows lack: by writer and reader, the tables. `missing`: none of the two waits for
    the other. `stale`: the writer waits for the reader, and for no other reason than that the rows
    say so.
    """

    missing: Mapping[Edge, tuple[Key, ...]]
    stale: Mapping[Edge, tuple[Key, ...]]


def order_gaps(members: Members[Key, Where], upstream: Upstream) -> Gaps[Key]:
    """The gaps between members whose order, by `upstream`, has no cycle."""
    upstream = {id_: [it for it in upstream.get(id_, ()) if it in members] for id_ in members}
    before = _ancestors(upstream)
    missing: dict[Edge, list[Key]] = {}
    stale: dict[Edge, list[Key]] = {}
    for writer, reader, table in _asked_for(members):
        if writer not in before[reader] and reader not in before[writer]:
            missing.setdefault((writer, reader), []).append(table)
        elif reader in upstream[writer] and _is_stale(writer, reader, table, members):
            others = [it for it in upstream[writer] if it != reader]
            if not any(reader in before[other] for other in others):
                stale.setdefault((writer, reader), []).append(table)
    order = {(parent, id_) for id_, parents in upstream.items() for parent in parents}
    kept = _needed(order, missing.keys(), stale.keys())
    return Gaps(
        {edge: tuple(missing[edge]) for edge in missing if edge in kept},
        {edge: tuple(tables) for edge, tables in stale.items()},
    )


def _ancestors(upstream: Upstream) -> dict[Id, set[Id]]:
    before: dict[Id, set[Id]] = {}
    for id_ in TopologicalSorter(upstream).static_order():
        before[id_] = set(upstream[id_]).union(*(before[parent] for parent in upstream[id_]))
    return before


def _asked_for(members: Members[Key, Where]) -> Iterator[tuple[Id, Id, Key]]:
    """Writer, reader and table, where the SQL asks for an order."""
    fillers: dict[Key, list[Id]] = {}
    for id_, member in members.items():
        for table in member.fills if member.waits else ():
            fillers.setdefault(table, []).append(id_)
    for id_, member in members.items():
        for table in member.reads if member.waits else ():
            if table not in member.writes:
                yield from ((filler, id_, table) for filler in fillers.get(table, ()))


def _is_stale(writer: Id, reader: Id, table: Key, members: Members[Key, Where]) -> bool:
    """Whether `reader`, which runs first, most likely has what it reads from the run before by
    mistake: both make all that they fill anew, and nobody reads what the reader makes. So it keeps
    no history, and prepares nothing.
    """
    made = members[reader].fills.keys()
    return (
        table in members[writer].clears
        and not any(table in it.fills for id_, it in members.items() if id_ != writer)
        and bool(made)
        and made <= members[reader].clears
        and not any(made & member.reads.keys() for member in members.values())
    )


def _needed(order: set[Edge], missing: Iterable[Edge], stale: Iterable[Edge]) -> set[Edge]:
    """Those of the missing edges that follow from no others, and contradict none."""
    missing = set(missing)
    if len(missing) > _MOST:
        return set()
    after: dict[Id, set[Id]] = {}
    for first, second in {*order, *missing, *stale}:
        after.setdefault(first, set()).add(second)
    reached = {reader: _reachable(after, {reader}) for _, reader in missing}
    candidates = {(writer, reader) for writer, reader in missing if writer not in reached[reader]}
    return {
        (writer, reader)
        for writer, reader in candidates
        if reader not in _reachable(after, after[writer] - {reader}, {writer})
    }


def _reachable(
    after: Mapping[Id, Collection[Id]], starts: Collection[Id], without: Collection[Id] = ()
) -> set[Id]:
    """All that comes after `starts`, and these, on ways that lead over none of `without`."""
    found = {*starts, *without}
    waiting = list(starts)
    while waiting:
        for following in after.get(waiting.pop(), ()):
            if following not in found:
                found.add(following)
                waiting.append(following)
    return found
