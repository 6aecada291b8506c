"""Prints a plan in the format that is asked for."""

from collections.abc import Callable
from enum import StrEnum

import typer
from rich.console import Console

from dagc.cli.diagnostic_listing import near
from dagc.cli.planning import Planned
from dagc.compiler import Diagnostic
from dagc.row_files.reading.locations import Locations


class PlanFormat(StrEnum):
    """How a plan is told."""

    TEXT = "text"
    MARKDOWN = "markdown"
    SARIF = "sarif"
    JUNIT = "junit"
    JSON = "json"


def print_plan(planned: Planned, format_: PlanFormat, *, name: str | None, full: bool) -> None:
    """Prints it on standard output. `name` tells plans of one pull request apart."""
    if format_ is not PlanFormat.TEXT:
        typer.echo(_document(planned, format_, name))
        return
    from dagc.cli.indented_lines import report_console

    print_as_text(planned, report_console(), full=full)


def print_as_text(planned: Planned, console: Console, *, full: bool = False) -> None:
    """Prints it for people."""
    from dagc.changes.kinds.task_arguments import taken_arguments
    from dagc.cli.plan_text.plan_as_text import print_plan as print_text

    print_text(
        console,
        planned.plan,
        now=planned.now,
        full=full,
        place_of=lambda diagnostic: _place(planned.locations, diagnostic),
        taken=taken_arguments(planned.toolchain),
        sql=planned.sql,
    )


def _document(planned: Planned, format_: PlanFormat, name: str | None) -> str:
    """The plan for programs."""
    from dagc.cli.plan_formats.plan_json import as_json
    from dagc.cli.plan_formats.plan_junit import as_junit
    from dagc.cli.plan_formats.plan_markdown import as_markdown
    from dagc.cli.plan_formats.plan_report import PlanReport, report_of
    from dagc.cli.plan_formats.plan_sarif import as_sarif

    documents: dict[PlanFormat, Callable[[PlanReport], str]] = {
        PlanFormat.MARKDOWN: as_markdown,
        PlanFormat.SARIF: as_sarif,
        PlanFormat.JUNIT: as_junit,
        PlanFormat.JSON: as_json,
    }
    return documents[format_](report_of(planned, name)).removesuffix("\n")


def _place(locations: Locations | None, diagnostic: Diagnostic) -> str | None:
    """The file, line and column of a mistake, as one says it in the working folder."""
    found = locations.of_diagnostic(diagnostic) if locations else None
    return str(found._replace(file=near(found.file))) if found else None
