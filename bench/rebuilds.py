"""A whole table in one invocation: the first time, after new templates, and with nothing to do.

The real handler, in a process of its own, on a local AWS whose time is not counted.
"""

from collections.abc import Iterator

from bench import workload
from bench.account import Table
from bench.invocation import REBUILD, Invoked, process
from bench.measure import Comparison, Series
from bench.place import Place
from bench.tables import filled
from bench.targets import TARGETS

DAGS = (100, 1_000, 3_000, 10_000)
MANY = 2_000
"""From so many DAGs on, there is one round, and none after new templates: they take minutes."""
_NEW_TEMPLATES = "f" * 64
_FIRST, _TEMPLATES, _UNCHANGED = "first", "after new templates", "nothing changed"


def measure(place: Place) -> Iterator[Comparison]:
    """The comparisons, and the figures of the curve."""
    curve = place.more.setdefault("rebuilds", {})
    for dags in place.dags:
        found = _rounds(place, dags)
        curve[str(dags)] = {kind: _figures(runs) for kind, runs in found.items()}
        yield from _compared(dags, found)


def _rounds(place: Place, dags: int) -> dict[str, list[tuple[Invoked, float]]]:
    kinds = {_FIRST: "", _TEMPLATES: _NEW_TEMPLATES, _UNCHANGED: _NEW_TEMPLATES}
    if dags >= MANY:
        kinds = {_FIRST: "", _UNCHANGED: ""}
    found: dict[str, list[tuple[Invoked, float]]] = {kind: [] for kind in kinds}
    for number in range(1 if dags >= MANY else place.rounds(3)):
        table = filled(place, f"rebuild-{dags}-{number}", workload.warehouse(dags))
        for kind, toolchain in kinds.items():
            found[kind].append(_rebuild(place, table, dags, toolchain))
            place.step(f"rebuild of {dags:,} DAGs, {kind}")
    return found


def _rebuild(place: Place, table: Table, dags: int, toolchain: str) -> tuple[Invoked, float]:
    """What a rebuild took, and its peak memory."""
    variables = table.account.variables
    with process(REBUILD, place.package, variables, toolchain=toolchain) as function:
        done = function.invoke({})
        if done.answer["dags"] != dags or done.answer["failed"]:
            raise AssertionError(done.answer)
        return done, function.peak_memory()


def _compared(dags: int, found: dict[str, list[tuple[Invoked, float]]]) -> Iterator[Comparison]:
    title, whole = f"rebuild of {dags:,} DAGs", dags == 10_000
    first = Series("s", [done.cpu for done, _ in found[_FIRST]])
    target = "first-rebuild-cpu" if whole else ""
    yield Comparison(f"{title}, {_FIRST}: CPU", first, target=target)
    for kind in list(found)[1:]:
        cpu = Series("s", [done.cpu for done, _ in found[kind]])
        target = f"rebuild-unchanged-{dags}" if kind == _UNCHANGED else ""
        target = target if target in TARGETS else ""
        yield Comparison(f"{title}, {kind}: CPU", cpu, f"the {_FIRST}", first, target=target)
    for kind, runs in found.items():
        calls = Series("calls", [sum(done.calls.values()) for done, _ in runs])
        target = "first-rebuild-calls" if whole and kind == _FIRST else ""
        yield Comparison(f"{title}, {kind}: AWS calls", calls, target=target)
    memory = Series("MiB", [peak for _, peak in found[_FIRST]])
    target = "rebuild-memory" if dags == max(DAGS) else ""
    yield Comparison(f"{title}: peak memory", memory, target=target)


def _figures(runs: list[tuple[Invoked, float]]) -> dict[str, float]:
    cpu, wall = (
        Series("s", [done.cpu for done, _ in runs]),
        Series("s", [done.wall for done, _ in runs]),
    )
    return {"cpu": cpu.median, "seconds": wall.median}
