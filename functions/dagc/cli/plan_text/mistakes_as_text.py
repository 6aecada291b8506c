"""What is wrong in a plan, for people."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from rich.console import Console
from rich.text import Text

from dagc.changes.differences.text_difference import folded
from dagc.changes.kinds.word_lists import some
from dagc.changes.plan_summary import row_words
from dagc.cli.diagnostic_listing import visible
from dagc.cli.indented_lines import print_indented
from dagc.compiler import KEYS, Diagnostic, RowKey, Severity

PlaceOf = Callable[[Diagnostic], str | None]
"""Says in which file and line a mistake stands, if it is in a file."""

_MOST = 30
"""Mistakes; of more, those that are alike are told once."""

Mistake = tuple[Diagnostic, tuple[str, ...]]


def print_mistakes(
    console: Console,
    diagnostics: Mapping[Diagnostic, tuple[str, ...]],
    place_of: PlaceOf | None,
    *,
    full: bool,
) -> None:
    """Each mistake, in their order. Of many, those that are alike are told once, and others
    counted, unless `full`.
    """
    all_ = list(diagnostics.items())
    groups = [[it] for it in all_] if full or len(all_) <= _MOST else _alike(all_)
    shown, left_out = folded(groups, None if full else _MOST)
    for group in shown:
        _print_mistake(console, group, place_of, full=full)
    if left_out:
        rest = [diagnostic for group in groups[len(shown) :] for diagnostic, _ in group]
        kinds = Counter(f"{it.severity}[{it.code}]" for it in rest)
        words = ", ".join(f"{number:,} {what}" for what, number in kinds.most_common())
        print_indented(
            console, f"… and {len(rest):,} more: {words}; dagc plan --full shows them", 0
        )
        console.print()


def _alike(mistakes: Sequence[Mistake]) -> list[list[Mistake]]:
    """The mistakes, those together that are the same in several rows."""
    groups: dict[object, list[Mistake]] = {}
    for diagnostic, dag_ids in mistakes:
        place = diagnostic.table, diagnostic.attribute, diagnostic.path
        mark = (diagnostic.severity, diagnostic.code, place, diagnostic.hint)
        groups.setdefault(mark, []).append((diagnostic, dag_ids))
    return list(groups.values())


def _print_mistake(
    console: Console, group: Sequence[Mistake], place_of: PlaceOf | None, *, full: bool
) -> None:
    (first, _), *others = group
    style = "bold red" if first.severity is Severity.ERROR else "bold yellow"
    head = (f"{first.severity}[{first.code}] ", style)
    print_indented(console, Text.assemble(head, (visible(first.place), "bold")), 0)
    place = place_of(first) if place_of else None
    dag_ids = list(dict.fromkeys(dag_id for _, ids in group for dag_id in ids))
    lines = [
        f"at {place}" if place else "",
        first.message,
        f"hint: {first.hint}",
        f"likewise {len(others):,} times more: {_rows(others)}" if others else "",
        f"affects: {', '.join(dag_ids) if full else some(dag_ids)}" if dag_ids else "",
    ]
    for line in filter(None, lines):
        print_indented(console, line, 2)
    console.print()


def _rows(mistakes: Sequence[Mistake]) -> str:
    return some(list(dict.fromkeys(_row(diagnostic) for diagnostic, _ in mistakes)))


def _row(diagnostic: Diagnostic) -> str:
    """The row of a mistake; the file, for one of the deployment."""
    if diagnostic.table not in KEYS or not diagnostic.key:
        return diagnostic.table
    return row_words(RowKey(diagnostic.table, diagnostic.key))
