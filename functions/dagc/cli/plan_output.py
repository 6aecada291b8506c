"""Prints a plan in the format that is asked for."""

from collections.abc import Callable
from enum import StrEnum

import typer

from dagc.cli.planning import Planned


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
    for change in planned.plan.rows:
        typer.echo(f"{change.row}")
    for dag in planned.plan.dags:
        typer.echo(f"{dag.dag_id} {dag.effect} {[way.steps for way in dag.ways]}")
    typer.echo(f"{full}")


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
