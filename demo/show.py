"""What the story shows: trees, files, diffs, rows of `mwaa_dag`, events, complaints, commands."""

import difflib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.syntax import Syntax
from rich.table import Table
from rich.tree import Tree

from demo.dags import Dag
from demo.files import Versions
from demo.function_log import Record, is_complaint
from demo.stack import Stack
from demo.unexpected import UnexpectedError

THEME = "ansi_dark"

_DAG_ATTRIBUTES = ("state", "file", "version", "published_at", "edit_to_file_ms")
"""Those of a row of `mwaa_dag` that people read; the diagnostics follow."""


def tree(stack: Stack, files: Versions, console: Console) -> None:
    """The bucket's generated files, schedules before jobs."""
    root = Tree(f"[bold]s3://{stack.bucket}/{stack.prefix}[/bold]")
    for kind, title in (("schedule-", "schedules"), ("job-", "jobs")):
        names = sorted(name for name in files if name.startswith(kind))
        branch = root.add(f"{title} [dim]({len(names)})[/dim]")
        for name in names:
            branch.add(f"{name}.py")
    console.print(root)


def source(title: str, text: str, console: Console) -> None:
    """A whole file, highlighted."""
    code = Syntax(text.rstrip(), "python", theme=THEME, word_wrap=True)
    console.print(Panel(code, title=escape(title), title_align="left", border_style="dim"))


def diff(title: str, before: str, after: str, console: Console) -> None:
    """What changed in a file."""
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), "before", "after", lineterm="", n=2
    )
    code = Syntax("\n".join(lines), "diff", theme=THEME, word_wrap=True)
    console.print(Panel(code, title=escape(title), title_align="left", border_style="dim"))


def dag(row: Dag, console: Console) -> None:
    """The row of `mwaa_dag`: what people look at."""
    lines = [f"{name:<16}{row[name]}" for name in _DAG_ATTRIBUTES if name in row]
    lines += [_diagnostic(found) for found in row.get("diagnostics", [])]
    border = "red" if "diagnostics" in row else "green"
    title = escape(f"mwaa_dag: {row['dag_id']}")
    console.print(
        Panel(escape("\n".join(lines)), title=title, title_align="left", border_style=border)
    )


def events(heard: Iterable[Mapping[str, Any]], console: Console) -> None:
    """What others heard, in the order of the queue."""
    table = Table("detail-type", "dag_id", "state", "diagnostics")
    for event in heard:
        detail = event["detail"]
        messages = [found["message"] for found in detail["diagnostics"]]
        row = (event["detail-type"], detail["dag_id"], detail["state"], "; ".join(messages))
        table.add_row(*map(escape, row))
    console.print(table)


def log(records: Iterable[Record], console: Console) -> None:
    """What a function logged: what is wrong, and what is right again."""
    for record in records:
        title = escape(f"the log: {record.get('dag_id', '')} {record['message']}")
        lines = [_diagnostic(found) for found in record.get("diagnostics", [])]
        if is_complaint(record):
            told = escape("\n".join(lines) or json.dumps(record, indent=2))
            console.print(Panel(told, title=title, title_align="left", border_style="red"))
        elif record["message"] == "valid again":
            console.print(f"[green]{title}[/green]")


def unexpected(problem: UnexpectedError, console: Console) -> None:
    """What did not happen, what did instead, and where to look."""
    lines = [f"expected  {escape(problem.expected)}", f"saw       {escape(problem.seen)}"]
    if problem.look:
        lines += ["", escape(problem.look)]
    console.print(Panel("\n".join(lines), title="not as expected", border_style="red"))


def commands(lines: Iterable[str], console: Console) -> None:
    """Commands to copy: never wrapped by us, so that they paste as they are."""
    for line in lines:
        console.print(Syntax(line, "bash", theme=THEME), soft_wrap=True)


def _diagnostic(found: Mapping[str, Any]) -> str:
    """One diagnostic: where, what, and what to do."""
    key = " ".join(f"{name}={value}" for name, value in found["key"].items())
    where = f"{found['table']} {key} {found['attribute']} {found['path']}".rstrip()
    return f"{where}\n  {found['message']}\n  → {found['hint']}"
