"""Compares the order that the SQL of members asks for with the one that the rows give them.

Members are the tasks of a job, or the jobs of a scheduler. The SQL asks that a member which reads a
table runs after the one that fills it. It is heard where that is most likely meant:

- Who writes the table as well, in any way, reads it for its own purposes: no order is asked for.
- A table that is only emptied, altered or created without rows is filled by nobody.
- Where the rows have an order already, that order is meant, also where the reader comes first: it
  may want what the run before has left. (`stale` is the exception.)
- Where the SQL asks for both orders, directly or over others, none is proposed.
- Where a table has several fillers side by side, a reader may mean the rows of one of them, such as
  those of a region. (Fillers one after another do not matter: it runs after the last.)
- Of what follows from another proposal and the rows, nothing is said: each proposal, carried out,
  settles itself and leaves the others.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from graphlib import TopologicalSorter
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar

from dagc.compiler import reachable

Id = str
Key = TypeVar("Key")
Where = TypeVar("Where")
Edge = tuple[Id, Id]
"""The first runs before the second."""

_MOST = 400
"""Of a DAG that lacks more than so many dependencies, nothing is said: its order is elsewhere."""

_MOST_FILLERS = 20
"""A table that more members fill is one that they share, such as a log."""


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
    asked_for = list(_asked_for(members))
    if not asked_for:
        return Gaps({}, {})
    ranks = {id_: rank for rank, id_ in enumerate(members)}
    before = _ancestors(upstream, ranks)
    anew = _made_anew(asked_for, members)
    missing: dict[Edge, list[Key]] = {}
    stale: dict[Edge, list[Key]] = {}
    for writer, reader, table in asked_for:
        if not (before[reader] >> ranks[writer] | before[writer] >> ranks[reader]) & 1:
            missing.setdefault((writer, reader), []).append(table)
        elif reader in upstream[writer] and (writer, reader, table) in anew:
            others = [it for it in upstream[writer] if it != reader]
            if not any(before[other] >> ranks[reader] & 1 for other in others):
                stale.setdefault((writer, reader), []).append(table)
    if len(missing) > _MOST:
        missing = {}
    order = {(parent, id_) for id_, parents in upstream.items() for parent in parents}
    clear = _clear(missing, {*order, *stale}, members)
    kept = _needed(clear.keys(), order)
    return Gaps(
        {edge: tables for edge, tables in clear.items() if edge in kept},
        {edge: tuple(tables) for edge, tables in stale.items()},
    )


def _ancestors(upstream: Upstream, ranks: Mapping[Id, int]) -> dict[Id, int]:
    """What each member runs after, directly or over others: a bit for each, by its rank."""
    before: dict[Id, int] = {}
    for id_ in TopologicalSorter(upstream).static_order():
        before[id_] = 0
        for parent in upstream[id_]:
            before[id_] |= before[parent] | 1 << ranks[parent]
    return before


def _asked_for(members: Members[Key, Where]) -> Iterator[tuple[Id, Id, Key]]:
    """Writer, reader and table, where the SQL asks for an order."""
    fillers = {table: its for table, its in _fillers(members).items() if len(its) <= _MOST_FILLERS}
    for reader, member in members.items():
        for table in member.reads if member.waits else ():
            if table not in member.writes:
                for writer in fillers.get(table, ()):
                    if members[writer].waits:
                        yield writer, reader, table


def _fillers(members: Members[Key, Where]) -> dict[Key, list[Id]]:
    fillers: dict[Key, list[Id]] = {}
    for id_, member in members.items():
        for table in member.fills:
            fillers.setdefault(table, []).append(id_)
    return fillers


def _made_anew(
    asked_for: Iterable[tuple[Id, Id, Key]], members: Members[Key, Where]
) -> set[tuple[Id, Id, Key]]:
    """Where `reader`, if it runs first, most likely has the rows of the run before by mistake: both
    make all that they fill anew, and nobody reads what the reader makes. So it keeps no history,
    and prepares nothing.
    """
    fillers = _fillers(members)
    read = {table for member in members.values() for table in member.reads}
    found = set()
    for writer, reader, table in asked_for:
        made, is_anew = members[reader].fills.keys(), table in members[writer].clears
        if is_anew and fillers[table] == [writer] and made and made <= members[reader].clears:
            found |= {(writer, reader, table)} if read.isdisjoint(made) else set()
    return found


def _clear(
    missing: Mapping[Edge, Collection[Key]], known: set[Edge], members: Members[Key, Where]
) -> dict[Edge, tuple[Key, ...]]:
    """Those of the missing edges, each with its tables, that contradict none, and whose tables have
    no fillers side by side: with all edges, those `known` and those missing, in force.
    """
    after = _successors({*known, *missing})
    fillers = _fillers(members)

    @cache
    def reached(id_: Id) -> set[Id]:
        return reachable({id_}, after)

    @cache
    def in_a_row(table: Key) -> bool:
        ids = sorted(fillers[table], key=lambda id_: len(reached(id_)), reverse=True)
        return all(second in reached(first) for first, second in pairwise(ids))

    return {
        (writer, reader): clear
        for (writer, reader), tables in missing.items()
        if writer not in reached(reader) and (clear := tuple(filter(in_a_row, tables)))
    }


def _needed(missing: Collection[Edge], order: set[Edge]) -> set[Edge]:
    """Those of the missing edges that do not follow from the others and the order."""
    after = _successors({*order, *missing})
    return {
        (writer, reader)
        for writer, reader in missing
        if reader not in reachable(after[writer] - {reader}, after)
    }


def _successors(edges: Iterable[Edge]) -> dict[Id, set[Id]]:
    after: dict[Id, set[Id]] = {}
    for first, second in edges:
        after.setdefault(first, set()).add(second)
    return after
