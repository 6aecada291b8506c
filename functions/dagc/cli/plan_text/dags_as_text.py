"""The DAGs of a plan, for people."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from dagc.changes.dag_change import DagChange, Effect, Way
from dagc.changes.differences.text_difference import folded, text_difference
from dagc.changes.kinds.dag_facts import DagFacts, task_count
from dagc.changes.kinds.word_lists import counted, some
from dagc.changes.plan_summary import row_words
from dagc.cli.diagnostic_listing import visible
from dagc.cli.indented_lines import print_indented, print_line
from dagc.cli.plan_text.dags_alike import alike, common_sentences
from dagc.cli.plan_text.diff_lines import (
    diff_texts,
    has_colours,
    has_many_colours,
    plain_texts,
)
from dagc.cli.plan_text.runs_as_text import print_runs

_MOST = 20
"""DAGs, or groups of DAGs that change alike."""
_WAYS = 3
_LINES = 120
"""Lines of all diffs together; a long one has at least `_FEW`."""
_FEW = 6
_KIND = 11
"""Characters of the column with the kinds of change."""
_NEW_FILE = 12
"""Lines of a file that is new."""
_WORDS = {
    Effect.INVALID: ("!", "red", "becomes invalid", "become invalid"),
    Effect.STILL_INVALID: ("!", "red", "stays invalid", "stay invalid"),
    Effect.BLOCKED: ("!", "red", "is blocked", "are blocked"),
    Effect.REMOVED: ("-", "red", "is removed", "are removed"),
    Effect.CREATED: ("+", "green", "is created", "are created"),
    Effect.VALID_AGAIN: ("~", "green", "is valid again", "are valid again"),
    Effect.CHANGED: ("~", "yellow", "is changed", "are changed"),
}


def print_dags(console: Console, dags: Sequence[DagFacts], *, full: bool) -> None:
    """What becomes of each DAG, and why; those of which the same is true, once. Many are counted,
    and long diffs folded, unless `full`. Then the DAGs that stay as they are.
    """
    if not dags:
        return
    console.print(Text("DAGs", "bold"))
    seen = [facts for facts in dags if facts.change.effect is not Effect.UNCHANGED]
    groups = [[facts] for facts in seen] if full else alike(seen, many=len(seen) > _MOST)
    shown, left_out = folded(groups, None if full else _MOST)
    lines = None if full else max(_FEW, _LINES // max(1, len(shown)))
    for group in shown:
        _print_group(console, group, lines, full=full)
    if left_out:
        rest = [facts for group in groups[len(shown) :] for facts in group]
        print_indented(console, f"… and {_counted(rest)}: dagc plan --full shows them", 0)
    _print_unchanged(console, [it.change for it in dags if it.change.effect is Effect.UNCHANGED])
    console.print()


def _counted(dags: Sequence[DagFacts]) -> str:
    words = Counter(
        ", ".join([str(it.change.effect), *it.difference.kinds]) for it in dags
    ).most_common()
    effects = "; ".join(f"{number:,} {what}" for what, number in words)
    return f"{counted(len(dags), 'more DAG')} ({effects})"


def _print_group(
    console: Console, group: Sequence[DagFacts], lines: int | None, *, full: bool
) -> None:
    first, *others = group
    mark, style, *verbs = _WORDS[first.change.effect]
    if others:
        names = some([facts.change.dag_id for facts in group])
        title, verb = f"{counted(len(group), 'DAG')} ({names})", verbs[1]
    else:
        title, verb = first.change.dag_id, f"{verbs[0]}{_more(first)}"
    kinds = ", ".join(first.difference.kinds)
    head = Text.assemble((f"{mark} ", style), (visible(title), "bold"))
    head.append(f" {visible(verb)}" + (f": {kinds}" if kinds else ""))
    print_indented(console, head, 0)
    _print_ways(console, [way for facts in group for way in facts.change.ways], full=full)
    _print_kinds(console, group)
    print_runs(console, first)
    _print_file(console, first, lines, alone=not others)


def _print_kinds(console: Console, group: Sequence[DagFacts]) -> None:
    """The kinds of change in a column, and beside them what changes."""
    for kind, sentences in common_sentences(group).items():
        for number, sentence in enumerate(sentences):
            first = "" if number else str(kind)
            print_indented(console, f"{first:{_KIND}}{sentence}", 4, hanging=_KIND)


def _more(facts: DagFacts) -> str:
    """What there is to say of a DAG beside its effect."""
    change = facts.change
    match change.effect:
        case Effect.CREATED:
            place = f" in the place of {change.renamed}" if change.renamed else ""
            return f"{place}{_tasks(facts.after)}"
        case Effect.REMOVED:
            return (
                f": {change.renamed} takes its place"
                if change.renamed
                else _tasks(change.before.text)
            )
        case Effect.INVALID if change.before.text is not None:
            return ": its last good file stays"
    return ""


def _tasks(text: str | None) -> str:
    count = task_count(text)
    return "" if count is None else f", with {counted(count, 'task')}"


def _print_ways(console: Console, ways: Sequence[Way], *, full: bool) -> None:
    """From which rows, and through which DAGs."""
    lines = list(dict.fromkeys(" → ".join([row_words(way.row), *way.steps]) for way in ways))
    shown, left_out = folded(lines, None if full else _WAYS)
    for way in shown:
        print_indented(console, way, 4, "dim")
    if left_out:
        print_indented(console, f"and from {counted(left_out, 'more row')}", 4, "dim")


def _print_file(console: Console, facts: DagFacts, lines: int | None, *, alone: bool) -> None:
    """What changes in the file, as a diff; of several DAGs, in the first one's."""
    removed = facts.change.effect is Effect.REMOVED and lines is None
    before = facts.change.before.text if removed else facts.before
    if facts.after is None and not removed:
        return
    if before is None and lines is not None:
        lines = min(lines, _NEW_FILE)
    difference = text_difference(before or "", facts.after or "")
    shown, left_out = folded(difference, lines)
    if not alone:
        print_indented(console, f"the file of {facts.change.dag_id}, for example:", 4)
    if has_many_colours(console):
        for text in diff_texts(shown, before or "", facts.after or ""):
            print_line(console, text, 4)
    elif has_colours(console):
        for text in plain_texts([str(line).rstrip() for line in shown]):
            print_line(console, text, 4)
    else:
        for line in shown:
            print_line(console, str(line).rstrip(), 4)
    if left_out:
        print_line(
            console, f"… {counted(left_out, 'line')} more: dagc plan --full shows them", 4, "dim"
        )


def _print_unchanged(console: Console, changes: Sequence[DagChange]) -> None:
    """The DAGs that stay as they are, by the row that they read."""
    if not changes:
        return
    verb = (
        "stays as it is, though it reads"
        if len(changes) == 1
        else ("stay as they are, though they read")
    )
    print_indented(console, f"= {counted(len(changes), 'DAG')} {verb} a row that changes:", 0)
    by_row: dict[str, list[str]] = {}
    for change in changes:
        row = row_words(change.ways[0].row) if change.ways else "another row"
        by_row.setdefault(row, []).append(change.dag_id)
    shown, left_out = folded(list(by_row.items()), _MOST)
    for row, dag_ids in shown:
        print_indented(console, f"{row}: {some(dag_ids)}", 4)
    if left_out:
        print_indented(console, f"and those that read {counted(left_out, 'more row')}", 4)
