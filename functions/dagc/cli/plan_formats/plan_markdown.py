"""A plan as Markdown, for a comment of a pull request: errors first, then DAG by DAG.

A comment on GitHub has at most 65,536 characters. What does not fit is left out, a whole DAG or a
whole mistake at a time, and counted. Whatever comes from rows stands as code.
"""

import html
from collections.abc import Iterator, Mapping

from dagc.changes.dag_change import DagChange, Effect
from dagc.cli.diagnostic_listing import visible
from dagc.cli.plan_formats.markdown_code import code_block, code_span, comment_name, table_cell
from dagc.cli.plan_formats.plan_report import (
    PlanReport,
    counted,
    file_diff,
    most_urgent,
    row_words,
    summary,
)
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
    parts = [marker(report.name), f"### dagc plan\n\n{summary(plan)}."]
    parts += [f"> {code_span(_one_line(sentence))}" for sentence in plan.toolchain[:10]]
    parts += _fitting(_mistakes(report), _OF_MISTAKES, "mistake")
    parts += _table(report)
    parts += _folded("Rows", [f"- {word} {code_span(str(row))}" for word, row in row_words(plan)])
    parts += _folded(
        "Rows that the proposal lacks, and that stay",
        [f"- {code_span(str(row))}" for row in plan.kept],
    )
    parts += _folded(
        "Not as it should be before anything is written",
        [f"- {code_span(it.dag_id)} {code_span(it.what)}" for it in plan.drift],
    )
    rest = LIMIT - len("\n\n".join(parts)) - _NOTE
    shown = (_details(change, report) for change in most_urgent(plan.dags))
    parts += _fitting((it for it in shown if it), rest, "DAG")
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
        be = "is" if left_out == 1 else "are"
        taken.append(f"_{counted(left_out, noun)} {be} left out here: `dagc plan` shows all._")
    return taken


def _mistakes(report: PlanReport) -> Iterator[str]:
    for severity in Severity:
        of_it = {d: ids for d, ids in report.plan.diagnostics.items() if d.severity is severity}
        for diagnostic, dag_ids in of_it.items():
            yield code_block("\n".join(_mistake(report, diagnostic, dag_ids)), "text")


def _mistake(report: PlanReport, diagnostic: Diagnostic, dag_ids: tuple[str, ...]) -> list[str]:
    place = report.place_of(diagnostic)
    where = [f"  {report.file_of(place)}:{place.line}:{place.column}"] if place else []
    affects = [f"  affects: {', '.join(dag_ids[:20])}"] if dag_ids else []
    return [
        f"{diagnostic.severity}[{diagnostic.code}] {_one_line(diagnostic.place)}",
        *map(_one_line, where),
        f"  {_one_line(diagnostic.message)}",
        f"  hint: {_one_line(diagnostic.hint)}",
        *map(_one_line, affects),
    ]


def _one_line(text: str) -> str:
    text = visible(text)
    return text if len(text) <= 1_000 else f"{text[:1_000]}…"


def _table(report: PlanReport) -> list[str]:
    """The DAGs that do not stay as they are, and how many do."""
    changes = most_urgent(report.plan.dags)
    seen = [change for change in changes if change.effect is not Effect.UNCHANGED]
    lines = [
        f"| {table_cell(change.dag_id)} | {report.words(change)} | {table_cell(_way(change))} |"
        for change in seen
    ]
    parts = []
    if lines:
        shown = _fitting(iter(lines), _OF_LISTS, "DAG")
        rows = [line for line in shown if line.startswith("|")]
        parts.append(
            "\n".join(["| DAG | what becomes of it | because of |", "|---|---|---|", *rows])
        )
        parts += [line for line in shown if not line.startswith("|")]
    if same := len(changes) - len(seen):
        parts.append(f"{counted(same, 'DAG')} that read an edited row: no change.")
    return parts


def _way(change: DagChange) -> str:
    """How the first row that changes reaches the DAG, and how many more do."""
    if not change.ways:
        return ""
    first, *others = change.ways
    way = " → ".join([str(first.row), *first.steps[:-1]])
    return f"{way}, and {len(others)} more" if others else way


def _folded(title: str, lines: list[str]) -> list[str]:
    if not lines:
        return []
    shown = _fitting(iter(lines), _OF_LISTS, "line")
    return [_details_of(f"{title} ({len(lines):,})", "\n".join(shown))]


def _details(change: DagChange, report: PlanReport) -> str:
    """What changes in a DAG, folded; "" where nothing is to be shown."""
    if change.effect is Effect.UNCHANGED:
        return ""
    found: Mapping[str, tuple[str, ...]] = (
        {str(kind): words for kind, words in report.differs[change.dag_id].found.items()}
        if change.dag_id in report.differs
        else {}
    )
    parts = [
        "\n".join(f"- {kind}: {code_span(it)}" for kind, words in found.items() for it in words)
    ]
    if diff := file_diff(change):
        parts.append(code_block(diff, "diff"))
    body = "\n\n".join(part for part in parts if part)
    title = f"<code>{html.escape(visible(change.dag_id))}</code>: {report.words(change)}"
    return _details_of(title, body) if body else ""


def _details_of(summary_html: str, body: str) -> str:
    return f"<details><summary>{summary_html}</summary>\n\n{body}\n\n</details>"
