"""The parts of a run, in their order, each with the targets that it measures."""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple

from bench import (
    bulk,
    cold,
    dagbag,
    edit_to_file,
    edits,
    plan,
    rebuilds,
    recorded,
    shared,
    starts,
    warm,
)
from bench.measure import Comparison
from bench.place import Place


class Part(NamedTuple):
    """Comparisons that are measured together; `targets` are ids, or what they begin with."""

    measure: Callable[[Place], Iterator[Comparison]]
    targets: Collection[str] = ()


PARTS = {
    "compile": Part(warm.measure, ["compile-floor", "compile-black"]),
    "bulk": Part(bulk.measure, ["compile-all", "compile-memory"]),
    "starts": Part(starts.measure, ["help", "compile-examples"]),
    "dagbag": Part(dagbag.measure, ["dagbag"]),
    "rebuilds": Part(rebuilds.measure, ["rebuild-", "first-rebuild-"]),
    "edits": Part(edits.measure, ["edit-cpu", "edit-depth", "edit-beside-many"]),
    "shared": Part(shared.measure, ["shared-"]),
    "plans": Part(plan.measure),
    "cold": Part(cold.measure, ["cold-start"]),
    "latency": Part(edit_to_file.measure, ["edit-to-file", "edit-window"]),
    "processor": Part(recorded.processor, ["processor-"]),
    "costs": Part(recorded.costs, ["cost-"]),
}


def chosen(only: Iterable[str]) -> dict[str, Part]:
    """The parts of these names, and those that measure these targets; all, if none is named."""
    asked = list(only)
    if not asked:
        return PARTS
    for name in asked:
        if not any(_is_of(name, *entry) for entry in PARTS.items()):
            raise ValueError(f"{name} is neither a part ({', '.join(PARTS)}) nor a target")
    return {
        name: part for name, part in PARTS.items() if any(_is_of(one, name, part) for one in asked)
    }


def _is_of(asked: str, name: str, part: Part) -> bool:
    return asked == name or any(
        asked == target or (target.endswith("-") and asked.startswith(target))
        for target in part.targets
    )
