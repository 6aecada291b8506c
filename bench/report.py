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
    for comparison in comparisons:
        if previous and previous.partition(",")[0] != comparison.title.partition(",")[0]:
            table.add_section()
        previous = comparison.title
        table.add_row(
            comparison.title,
            _value(comparison.ours),
            _against(comparison),
            _ratio(comparison),
            _bound(comparison),
            _met(comparison),
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
        "comparisons": [comparison.as_dict() for comparison in comparisons],
        "imports_ms": dict(imports),
    }
    file.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _value(series: Series) -> str:
    digits = 2 if series.median < 10 else 1 if series.median < 100 else 0
    return f"{series.median:,.{digits}f} {series.unit}"


def _against(comparison: Comparison) -> str:
    return f"{comparison.other_name}: {_value(comparison.other)}" if comparison.other else ""


def _ratio(comparison: Comparison) -> str:
    if comparison.ratio is None:
        return ""
    digits, sign = (1, "× faster") if comparison.speedup else (2, "×")
    low, high = min(comparison.ratios), max(comparison.ratios)
    return f"{comparison.ratio:.{digits}f}{sign} ({low:.{digits}f}–{high:.{digits}f})"


def _bound(comparison: Comparison) -> str:
    if comparison.bound is None:
        return ""
    sign = "≥" if comparison.bound.at_least else "≤"
    unit = "×" if comparison.other else f" {comparison.ours.unit}"
    return f"{sign} {comparison.bound.limit:g}{unit}"


def _met(comparison: Comparison) -> str:
    return {None: "", True: "[green]yes[/green]", False: "[red]no[/red]"}[comparison.met]
