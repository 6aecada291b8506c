"""What the formats of a plan are made of, without files and without a stack."""

from collections.abc import Callable
from pathlib import Path

from dagc.changes.kinds.dag_facts import dag_facts
from dagc.changes.plan import Plan
from dagc.cli.plan_formats.plan_report import PlanReport
from dagc.compiler import Diagnostic
from dagc.row_files.reading.placed_text import Location
from tests.unit.example_plans import NOW


def report_of(
    plan: Plan,
    place_of: Callable[[Diagnostic], Location | None] = lambda _: None,
    name: str = "dev",
) -> PlanReport:
    """All that a format is made of."""
    return PlanReport(
        plan=plan,
        dags=dag_facts(plan.dags, NOW),
        place_of=place_of,
        place_of_row=lambda _: None,
        root=Path("/repository"),
        name=name,
    )
