"""A plan as Markdown, for a comment of a pull request: errors first, then DAG by DAG.

A comment on GitHub has at most 65,536 characters. What does not fit is left out, a whole DAG or a
whole mistake at a time, and counted. Whatever comes from rows stands as code.
"""

import html
import io
from collections.abc import Callable, Iterator
from textwrap import dedent

from rich.console import Console

from dagc.changes.dag_change import DagChange, Effect
from dagc.changes.kinds.dag_facts import DagFacts
from dagc.changes.kinds.word_lists import counted
from dagc.changes.plan_summary import row_words, summary
from dagc.cli.diagnostic_listing import visible
from dagc.cli.indented_lines import WIDTH
from dagc.cli.plan_formats.markdown_code import code_block, code_span, comment_name, table_cell
from dagc.cli.plan_formats.plan_report import PlanReport, file_diff, what_becomes_of
from dagc.cli.plan_text.rows_as_text import print_rows
from dagc.cli.plan_text.runs_as_text import print_runs
from dagc.compiler import Diagnostic, Severity

LIMIT = 60_000
_OF_MISTAKES = 20_000
_OF_LISTS = 8_000
_NOTE = 200
"""Characters that are kept for a line that says what is left out."""


def marker(name: str) -> str:
    """What a comment with this plan begins with, so that the next one takes its place."""
    return f"<!-- dagc plan: {comment_name(name)} -->"


def as_markdown(report: PlanReport) -> str:
    """The plan as GitHub and GitLab show it: at most LIMIT characters."""
    plan = report.plan
    parts = [marker(report.name), f"### dagc plan\n\n{summary(plan)}"]
    parts += [f"> {code_span(_one_line(sentence))}" for sentence in plan.toolchain[:10]]
    parts += _fitting(_mistakes(report), _OF_MISTAKES, "mistake")
    parts += _table(report)
    parts += _rows(report)
    drift = [f"- {code_span(it.dag_id)} {code_span(it.what)}" for it in plan.drift]
    parts += _folded("Not as it should be before anything is written", drift)
    waiting = [f"- {code_span(dag_id)}" for dag_id in plan.waiting]
    parts += _folded("Waits for the compiler: an edit is on its way, or a rebuild is due", waiting)
    rest = LIMIT - len("\n\n".join(parts)) - _NOTE
    parts += _fitting((text for dag in report.dags if (text := _details(dag))), rest, "DAG")
    return "\n\n".join(parts) + "\n"


def _fitting(blocks: Iterator[str], room: int, noun: str) -> list[str]:
    """Those of `blocks` that fit into `room`; at the end, how many do not."""
    taken, left_out = [], 0
    for block in blocks:
        if len(block) + 2 <= room:
            taken.append(block)
            room -= len(block) + 2
        else:
            left_out += 1
    if left_out:
        taken.append(f"_Left out here: {counted(left_out, noun)}. `dagc plan` shows all._")
    return taken


def _mistakes(report: PlanReport) -> Iterator[str]:
    for severity in Severity:
        of_it = {d: ids for d, ids in report.plan.diagnostics.items() if d.severity is severity}
        for diagnostic, dag_ids in of_it.items():
            yield code_block("\n".join(_mistake(report, diagnostic, dag_ids)), "text")


def _mistake(report: PlanReport, diagnostic: Diagnostic, dag_ids: tuple[str, ...]) -> list[str]:
    affects = [f"  affects: {', '.join(dag_ids[:20])}"] if dag_ids else []
    return [*report.lines_of(diagnostic, _one_line), *map(_one_line, affects)]


def _one_line(text: str) -> str:
    text = visible(text)
    return text if len(text) <= 1_000 else f"{text[:1_000]}…"


def _table(report: PlanReport) -> list[str]:
    """The DAGs that do not stay as they are."""
    lines = [
        f"| {table_cell(dag.change.dag_id)} | {what_becomes_of(dag)} "
        f"| {table_cell(_way(dag.change))} |"
        for dag in report.dags
        if dag.change.effect is not Effect.UNCHANGED
    ]
    if not lines:
        return []
    shown = _fitting(iter(lines), _OF_LISTS, "DAG")
    rows = [line for line in shown if line.startswith("|")]
    head = ["| DAG | what becomes of it | because of |", "|---|---|---|"]
    return ["\n".join([*head, *rows]), *shown[len(rows) :]]


def _way(change: DagChange) -> str:
    """How the first row that changes reaches the DAG, how many more do, and its other id."""
    words = []
    if change.ways:
        first, *others = change.ways
        words = [" → ".join([row_words(first.row), *first.steps[:-1]])]
        words += [f"{counted(len(others), 'row')} more"] if others else []
    if change.renamed:
        is_new = change.effect is Effect.CREATED
        words.append(f"{'it was' if is_new else 'it is now'} {change.renamed}")
    return "; ".join(words)


def _rows(report: PlanReport) -> list[str]:
    """The rows, folded, as the terminal has them."""
    text = _printed(lambda console: print_rows(console, report.plan, full=False)).strip("\n")
    if not text:
        return []
    lines = text.split("\n")[1:]
    while len("\n".join(lines)) > 2 * _OF_LISTS:
        lines = [*lines[: len(lines) // 2], "…"]
    return [_folding("Rows", code_block("\n".join(lines), "text"))]


def _printed(print_it: Callable[[Console], None]) -> str:
    stream = io.StringIO()
    print_it(Console(file=stream, width=WIDTH, highlight=False, color_system=None))
    return stream.getvalue()


def _folded(title: str, lines: list[str]) -> list[str]:
    if not lines:
        return []
    shown = _fitting(iter(lines), _OF_LISTS, "line")
    return [_folding(f"{title} ({len(lines):,})", "\n".join(shown))]


def _details(dag: DagFacts) -> str:
    """What changes in a DAG, folded; "" where nothing is to be shown."""
    sentences = [
        f"- {kind}: {code_span(sentence)}"
        for kind, found in dag.difference.found.items()
        for sentence in found
    ]
    runs = dedent(_printed(lambda console: print_runs(console, dag))).rstrip()
    diff = file_diff(dag)
    parts = [
        "\n".join(sentences),
        code_block(runs, "text") if runs else "",
        code_block(diff, "diff") if diff else "",
    ]
    body = "\n\n".join(part for part in parts if part)
    title = f"<code>{html.escape(visible(dag.change.dag_id))}</code>: {what_becomes_of(dag)}"
    return _folding(title, body) if body else ""


def _folding(title: str, body: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>"
