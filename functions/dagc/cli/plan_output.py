"""Prints a plan in the format that is asked for."""

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


def print_plan(planned: Planned, format_: PlanFormat, *, full: bool) -> None:
    """Prints it on standard output."""
    for change in planned.plan.rows:
        typer.echo(f"{change.row}")
    for dag in planned.plan.dags:
        typer.echo(f"{dag.dag_id} {dag.effect} {[way.steps for way in dag.ways]}")
    typer.echo(f"{format_} {full}")
