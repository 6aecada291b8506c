"""A whole table in one invocation: the first time, after new templates, and with nothing to do.

The real handler, in a process of its own, on a local AWS whose time is not counted.
"""

from collections.abc import Iterator
from statistics import median
from typing import NamedTuple

from bench import workload
from bench.account import Table
from bench.invocation import REBUILD, process
from bench.measure import Comparison, Series
from bench.place import Place
from bench.tables import filled
from bench.targets import TARGETS

DAGS = (100, 1_000, 3_000, 10_000)
MANY = 2_000
"""From so many DAGs on, there is one round, and none after new templates: they take minutes."""
_NEW_TEMPLATES = "f" * 64
_FIRST, _TEMPLATES, _UNCHANGED = "first", "after new templates", "nothing changed"


class Rebuild(NamedTuple):
    """What one took: CPU and clock in seconds, AWS calls, the most memory in MiB."""

    cpu: float
    seconds: float
    calls: int
    memory: float


Rebuilds = dict[str, list[Rebuild]]
"""By kind, a rebuild for each round."""


def measure(place: Place) -> Iterator[Comparison]:
    """The comparisons, and the figures of the curve."""
    curve = place.more.setdefault("rebuilds", {})
    for dags in place.dags:
        found = _rounds(place, dags)
        curve[str(dags)] = {
            kind: {
                "cpu": median(one.cpu for one in rounds),
                "seconds": median(one.seconds for one in rounds),
            }
            for kind, rounds in found.items()
        }
        yield from _compared(dags, found)


def _rounds(place: Place, dags: int) -> Rebuilds:
    kinds = {_FIRST: "", _TEMPLATES: _NEW_TEMPLATES, _UNCHANGED: _NEW_TEMPLATES}
    if dags >= MANY:
        kinds = {_FIRST: "", _UNCHANGED: ""}
    found: Rebuilds = {kind: [] for kind in kinds}
    for number in range(1 if dags >= MANY else place.rounds(3)):
        table = filled(place, f"rebuild-{dags}-{number}", workload.warehouse(dags))
        for kind, toolchain in kinds.items():
            found[kind].append(_rebuild(place, table, dags, toolchain))
            place.step(f"rebuild of {dags:,} DAGs, {kind}")
    return found


def _rebuild(place: Place, table: Table, dags: int, toolchain: str) -> Rebuild:
    variables = table.account.variables
    with process(REBUILD, place.package, variables, toolchain=toolchain) as function:
        done = function.invoke({})
        if done.answer["dags"] != dags or done.answer["failed"]:
            raise AssertionError(done.answer)
        return Rebuild(done.cpu, done.wall, sum(done.calls.values()), function.peak_memory())


def _compared(dags: int, found: Rebuilds) -> Iterator[Comparison]:
    title, whole = f"rebuild of {dags:,} DAGs", dags == 10_000
    first = Series("s", [one.cpu for one in found[_FIRST]])
    target = "first-rebuild-cpu" if whole else ""
    yield Comparison(f"{title}, {_FIRST}: CPU", first, target=target)
    for kind in list(found)[1:]:
        cpu = Series("s", [one.cpu for one in found[kind]])
        target = f"rebuild-unchanged-{dags}" if kind == _UNCHANGED else ""
        target = target if target in TARGETS else ""
        yield Comparison(f"{title}, {kind}: CPU", cpu, f"the {_FIRST}", first, target=target)
    for kind, rounds in found.items():
        calls = Series("calls", [one.calls for one in rounds])
        target = "first-rebuild-calls" if whole and kind == _FIRST else ""
        yield Comparison(f"{title}, {kind}: AWS calls", calls, target=target)
    memory = Series("MiB", [one.memory for one in found[_FIRST]])
    yield Comparison(f"{title}: peak memory", memory, target="rebuild-memory" if whole else "")
