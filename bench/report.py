"""The results, as a table for people and as JSON for programs."""

import json
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.measure import Comparison, Series


def show(comparisons: Sequence[Comparison], imports: Mapping[str, float], console: Console) -> None:
    """Prints the comparisons, and the split of a cold start."""
    table = Table(title="medians; ratio of medians (lowest to highest of all rounds)")
    for column in ("what", "this project", "against", "ratio", "target", "met"):
        table.add_column(column, justify="left" if column in {"what", "against"} else "right")
    previous = ""
    for each in comparisons:
        if previous and previous.partition(",")[0] != each.title.partition(",")[0]:
            table.add_section()
        previous = each.title
        table.add_row(
            each.title, _value(each.ours), _against(each), _ratio(each), _bound(each), _met(each)
        )
    console.print(table)
    split = Table(title="cold start by import (-X importtime, the ten longest)")
    split.add_column("package, with what it imports of Python's library")
    split.add_column("ms", justify="right")
    for name, milliseconds in list(imports.items())[:10]:
        split.add_row(name, f"{milliseconds:.0f}")
    split.add_row("all", f"{sum(imports.values()):.0f}", end_section=True)
    console.print(split)


def save(comparisons: Sequence[Comparison], imports: Mapping[str, float], file: Path) -> None:
    """Writes everything that was measured."""
    content = {
        "python": platform.python_version(),
        "comparisons": [each.as_dict() for each in comparisons],
        "imports_ms": dict(imports),
    }
    file.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _value(series: Series) -> str:
    digits = 2 if series.median < 10 else 1 if series.median < 100 else 0
    return f"{series.median:,.{digits}f} {series.unit}"


def _against(each: Comparison) -> str:
    return f"{each.other_name}: {_value(each.other)}" if each.other else ""


def _ratio(each: Comparison) -> str:
    if each.ratio is None:
        return ""
    digits, sign = (1, "× faster") if each.speedup else (2, "×")
    low, high = min(each.ratios), max(each.ratios)
    return f"{each.ratio:.{digits}f}{sign} ({low:.{digits}f}–{high:.{digits}f})"


def _bound(each: Comparison) -> str:
    if each.bound is None:
        return ""
    sign = "≥" if each.bound.at_least else "≤"
    return f"{sign} {each.bound.limit:g}{'×' if each.other else f' {each.ours.unit}'}"


def _met(each: Comparison) -> str:
    return {None: "", True: "[green]yes[/green]", False: "[red]no[/red]"}[each.met]
