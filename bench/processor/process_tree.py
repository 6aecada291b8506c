"""CPU of a process and of everything that it has started, from Linux's /proc."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

_TICKS = os.sysconf("SC_CLK_TCK")


class Stat(NamedTuple):
    """One process: `ticks` are its own and those of its children that it has waited for."""

    pid: int
    parent: int
    ticks: int


def parsed(line: str) -> Stat:
    """What /proc/PID/stat says; a program's name may hold blanks and parentheses (proc(5))."""
    pid, _, rest = line.partition(" (")
    fields = rest.rpartition(") ")[2].split()
    # Behind the name: state, ppid, …; utime, stime, cutime, cstime are the 12th to 15th.
    return Stat(int(pid), int(fields[1]), sum(int(each) for each in fields[11:15]))


def ticks_of(root: int, stats: Iterable[Stat]) -> int:
    """The ticks of `root` and of its descendants.

    A child counts as a process of its own until its parent has waited for it, and then in the
    parent's figures: never twice, and never not at all.
    """
    children: dict[int, list[Stat]] = {}
    found = 0
    for stat in stats:
        children.setdefault(stat.parent, []).append(stat)
        if stat.pid == root:
            found += stat.ticks
    queue = [root]
    while queue:
        for child in children.get(queue.pop(), []):
            found += child.ticks
            queue.append(child.pid)
    return found


def cpu_seconds(root: int) -> float:
    """User and system time of `root` and its descendants, those that have ended included."""
    return ticks_of(root, _all()) / _TICKS


def _all() -> Iterable[Stat]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            yield parsed(path.read_text(errors="replace"))
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
