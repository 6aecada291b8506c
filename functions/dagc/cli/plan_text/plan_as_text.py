"""A plan for people, in the terminal."""

from datetime import datetime

from rich.console import Console
from rich.text import Text

from dagc.changes.differences.text_difference import folded
from dagc.changes.kinds.dag_facts import dag_facts
from dagc.changes.kinds.task_arguments import Taken
from dagc.changes.kinds.word_lists import counted, some
from dagc.changes.plan import Plan
from dagc.changes.plan_summary import summary
from dagc.cli.diagnostic_listing import sql_summary
from dagc.cli.indented_lines import print_indented
from dagc.cli.plan_text.dags_as_text import print_dags
from dagc.cli.plan_text.mistakes_as_text import PlaceOf, print_mistakes
from dagc.cli.plan_text.rows_as_text import print_rows
from dagc.compiler import has_errors
from dagc.lineage.sql_report import SqlReport

_MOST = 20
"""DAGs that are not as their records say."""


def print_plan(
    console: Console,
    plan: Plan,
    *,
    now: datetime,
    full: bool = False,
    place_of: PlaceOf | None = None,
    taken: Taken | None = None,
    sql: SqlReport | None = None,
) -> None:
    """Prints `plan` as of the moment `now`: how the toolchain differs, the rows, the DAGs, what is
    so already, what is wrong, how much SQL was read, and the summary last. Long diffs are folded,
    and many rows, DAGs or mistakes counted, unless `full`. `taken` is as for `compare_files`.
    """
    for sentence in plan.toolchain:
        print_indented(console, sentence, 0, "bold yellow")
    if plan.toolchain:
        console.print()
    print_rows(console, plan, full=full)
    print_dags(console, dag_facts(plan.dags, now, taken), full=full)
    _print_apart(console, plan, full=full)
    print_mistakes(console, plan.diagnostics, place_of, full=full)
    if sql and sql.tasks:
        print_indented(console, sql_summary(sql), 0)
    style = "red" if has_errors(plan.diagnostics) else "green"
    print_indented(console, summary(plan), 0, f"bold {style}")


def _print_apart(console: Console, plan: Plan, *, full: bool) -> None:
    """What is so already, whatever becomes of the rows."""
    if not plan.drift and not plan.waiting:
        return
    console.print(Text("Apart from the change", "bold"))
    shown, left_out = folded(plan.drift, None if full else _MOST)
    for drift in shown:
        print_indented(console, f"! {drift.dag_id}: {drift.what}", 0)
    if left_out:
        print_indented(console, f"… and {left_out:,} more: dagc plan --full shows them", 0)
    if plan.waiting:
        verb = (
            "is not made of its rows as they"
            if len(plan.waiting) == 1
            else ("are not made of their rows as these")
        )
        names = ", ".join(plan.waiting) if full else some(plan.waiting)
        what = f"{counted(len(plan.waiting), 'DAG')} {verb} are now"
        print_indented(
            console, f"! {what} (an edit is on its way, or a rebuild is due): {names}", 0
        )
    console.print()
