"""No text of a row, a file or a mistake breaks out of the Markdown of a plan, whatever is in it."""

import re
from html.parser import HTMLParser
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from dagc.changes.dag_change import DagChange, DagSide, Effect, Way
from dagc.changes.plan import Drift, Plan
from dagc.changes.row_change import RowChange
from dagc.cli.plan_formats.plan_markdown import LIMIT, as_markdown
from dagc.compiler import Code, Diagnostic, RowKey, Severity
from dagc.plan.record import State
from dagc.row_files.reading.placed_text import Location
from tests.conftest import EXAMPLES
from tests.properties.hostile import TEXTS
from tests.unit.plan_reports import report_of

SECRET = "Sentinel"
"""It stands in each text of a row; the page has it in code alone."""
ALLOWED = {
    "blockquote", "code", "details", "em", "h3", "li", "p", "pre", "summary", "table", "tbody",
    "td", "th", "thead", "tr", "ul",
}  # fmt: skip
MARKUP = st.sampled_from(
    ["`", "``", "```\n", "````", "~~~\n", "|", "\\|", "\\", "<script>", "</details>", "-->", "<!--",
     "@team ", "#12 ", "https://x.org ", "[a](b)", "![](b)", "\n\n", "\r", "# a\n", "&lt;", "* ",
     "<img src=x>", "</code>", "</summary>\n\n", "\t", "    a", "|---|\n", "> ", "$$", ":smile:"]
)  # fmt: skip
HOSTILE = st.lists(st.one_of(MARKUP, TEXTS, st.just(SECRET)), max_size=8).map(
    lambda parts: f"{SECRET}{''.join(parts)}"
)


class _Page(HTMLParser):
    """What a browser would make of it."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.comments: list[str] = []
        self.outside = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self.tags.add(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"code", "pre"}.intersection(self.open):
            self.outside += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


def _page(markdown: str) -> _Page:
    page = _Page()
    page.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown))
    page.close()
    return page


def _plan(texts: list[str]) -> Plan:
    one, two, three, *_ = texts
    row = RowKey("mwaa_task", (("task_id", one),))
    error = Diagnostic(
        "mwaa_task", row.key, two, three, Code.BAD_TEXT, Severity.ERROR, one, two, ""
    )
    sides = DagSide(State.PUBLISHED, one), DagSide(State.PUBLISHED, f"{two}\n{three}", (), (row,))
    ways = (Way(row, (two, three)), Way(row, (one,)))
    dags = tuple(DagChange(text, Effect.CHANGED, *sides, ways) for text in texts)
    return Plan(
        (RowChange(row, None, {"task_id": one}),),
        (row,),
        dags,
        {error: (one, two)},
        (Drift(one, two),),
        (three,),
        (two,),
    )


@given(st.lists(HOSTILE, min_size=3, max_size=4), HOSTILE)
@example(["```\n</details>", "a|b`c``d", "`"], "-->\n<script>")
@example(["", " ", "\n"], "")
def test_texts_stay_in_their_places(texts: list[str], name: str) -> None:
    place = Location(Path("/repository") / texts[0].replace("\0", "").replace("/", ""), 1, 1)
    page = _page(as_markdown(report_of(_plan(texts), lambda _: place, name)))
    assert page.tags <= ALLOWED
    assert page.open == []
    assert len(page.comments) == 1
    assert page.comments[0].startswith(" dagc plan: ")
    assert SECRET not in page.outside


@settings(max_examples=EXAMPLES // 4)
@given(st.integers(0, 400), st.integers(0, 3000), st.integers(0, 400))
@example(400, 3000, 400)
@example(1, 70_000, 1)
@example(3, 19_500, 0)
def test_it_fits_into_a_comment(dags: int, size: int, mistakes: int) -> None:
    row = RowKey("mwaa_task", (("task_id", "1"),))
    sides = DagSide(State.PUBLISHED, ""), DagSide(State.PUBLISHED, "x" * size)
    plan = Plan(
        (RowChange(row, None, {"task_id": "1"}),) * dags,
        (row,) * dags,
        tuple(DagChange(f"job-{i}", Effect.CHANGED, *sides, ()) for i in range(dags)),
        {
            Diagnostic("mwaa_task", row.key, "", "", Code.BAD_TEXT, Severity.ERROR, f"{i}", "x"): ()
            for i in range(mistakes)
        },
    )
    markdown = as_markdown(report_of(plan))
    assert len(markdown) <= LIMIT
    page = _page(markdown)
    assert page.open == []
    shown = markdown.count("<details><summary><code>job-")
    left_out = re.search(r"_Left out here: ([\d,]+) DAGs?\. [^_]*_\n$", markdown)
    assert shown + (int(left_out[1].replace(",", "")) if left_out else 0) == (dags if size else 0)
