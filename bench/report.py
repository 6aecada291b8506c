"""A run as tables for people: what was measured, and the targets."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.run import figures
from bench.targets import TARGETS, TIMES, shown

Row = tuple[str, ...]


def show(content: Mapping[str, Any], console: Console) -> None:
    """Prints the comparisons of a run, where a cold start goes, and each target."""
    table = Table(title="medians; ratio of medians (lowest to highest of all rounds)")
    for column in ("what", "this project", "against", "ratio"):
        table.add_column(column, justify="left" if column in {"what", "against"} else "right")
    for comparisons in content["parts"].values():
        for comparison in comparisons:
            table.add_row(*compared(comparison))
        table.add_section()
    console.print(table)
    if "imports" in content["more"]:
        split = Table(title="cold start by import (-X importtime, the ten longest)")
        split.add_column("package, with what it imports of Python's library")
        split.add_column("ms", justify="right")
        for name, milliseconds in list(content["more"]["imports"].items())[:10]:
            split.add_row(name, f"{milliseconds:.0f}")
        console.print(split)
    aims = Table(title=f"targets, {content['date']}, load {load(content)}")
    for column in ("id", "what", "target", "figure", ""):
        aims.add_column(column, justify="right" if column in {"target", "figure"} else "left")
    colours = {"met": "green", "missed": "red"}
    for name, what, aim, figure, verdict, note in judged(content):
        colour = colours.get(verdict, "dim")
        said = f"[{colour}]{verdict}[/{colour}]{f' ({note})' if note else ''}"
        aims.add_row(name, what, aim, figure, said)
    console.print(aims)


def judged(content: Mapping[str, Any]) -> Iterator[Row]:
    """Each target: id, what and against what, aim, figure, "met" or "missed", and a note.

    Of those that a run left out, the verdict says that, and the note how they are measured.
    """
    found = figures(content)
    for name, target in TARGETS.items():
        what = f"{target.what}, against {target.against}" if target.against else target.what
        if name in found:
            figure, note = found[name]
            verdict = "met" if target.met_by(figure) else "missed"
            yield name, what, target.aim, shown(figure, target.unit), verdict, note
        else:
            yield name, what, target.aim, "", "not measured in this run", target.elsewhere


def compared(comparison: Mapping[str, Any]) -> Row:
    """What, the value, what it is compared with, and the ratio."""
    other, unit = comparison["other"], comparison["unit"]
    against = f"{other['name']}: {shown(other['median'], unit)}" if other else ""
    return (
        comparison["title"],
        shown(comparison["ours"]["median"], unit),
        against,
        _ratio(comparison),
    )


def load(content: Mapping[str, Any]) -> str:
    """How busy the machine was during a run: the least and the most."""
    loads = content["load"]
    return f"{min(loads):.1f} to {max(loads):.1f}"


def _ratio(comparison: Mapping[str, Any]) -> str:
    if not comparison["other"]:
        return ""
    faster = comparison["ratio_means"] == "other / ours"
    digits = 1 if faster else 2
    low, high = (f"{each:.{digits}f}" for each in comparison["ratio_range"])
    sign = f"{TIMES} faster" if faster else TIMES
    return f"{comparison['figure']:.{digits}f}{sign} ({low}–{high})"
