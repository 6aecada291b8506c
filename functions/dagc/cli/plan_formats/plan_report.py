"""What each format is made of."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from dagc.changes.differences.text_difference import text_difference
from dagc.changes.kinds.dag_facts import DagFacts, dag_facts
from dagc.changes.kinds.task_arguments import taken_arguments
from dagc.changes.plan import Plan
from dagc.cli.planning import Planned
from dagc.compiler import Diagnostic, RowKey
from dagc.lineage.sql_report import SqlReport
from dagc.row_files.reading.locations import NOWHERE
from dagc.row_files.reading.placed_text import Location


class PlanReport(NamedTuple):
    """A plan, called `name` where several are told apart; its DAGs in the order in which a reader
    wants to know of them; the places of rows and of mistakes in files, which are named from the
    folder `root` on; and what was found in the SQL, None where nobody looked.
    """

    plan: Plan
    dags: tuple[DagFacts, ...]
    place_of: Callable[[Diagnostic], Location | None]
    place_of_row: Callable[[RowKey], Location | None]
    root: Path
    name: str
    sql: SqlReport | None = None

    def file_of(self, place: Location) -> str:
        """The file of a place, from `root` on; the whole path if it is elsewhere."""
        path = place.file.resolve()
        inside = path.is_relative_to(self.root)
        return (path.relative_to(self.root) if inside else path).as_posix()

    def lines_of(self, diagnostic: Diagnostic, shown: Callable[[str], str]) -> list[str]:
        """A mistake in lines: its code and row, its place in a file, the message and the hint.
        `shown` makes of a text what can be shown of it.
        """
        place = self.place_of(diagnostic)
        return [
            f"{diagnostic.severity}[{diagnostic.code}] {shown(diagnostic.place)}",
            *([f"  {shown(self.file_of(place))}:{place.line}:{place.column}"] if place else []),
            f"  {shown(diagnostic.message)}",
            f"  hint: {shown(diagnostic.hint)}",
        ]


def report_of(planned: Planned, name: str | None) -> PlanReport:
    """What a plan says, called `name`; without: as its stack, or `rows`."""
    locations = planned.locations or NOWHERE
    return PlanReport(
        plan=planned.plan,
        dags=dag_facts(planned.plan.dags, planned.now, taken_arguments(planned.toolchain)),
        place_of=locations.of_diagnostic,
        place_of_row=locations.of,
        root=_repository(Path.cwd()),
        sql=planned.sql,
        name=name or (planned.deployed.stack.name if planned.deployed else "rows"),
    )


def what_becomes_of(dag: DagFacts) -> str:
    """What becomes of a DAG, with the kinds of change: `changed (schedule, SQL)`."""
    kinds = ", ".join(dag.difference.kinds)
    return f"{dag.change.effect} ({kinds})" if kinds else str(dag.change.effect)


def file_diff(dag: DagFacts) -> str:
    """What changes in the file of a DAG, as a unified diff; "" where no file is written."""
    if dag.after is None:
        return ""
    return "\n".join(map(str, text_difference(dag.before or "", dag.after)))


def _repository(folder: Path) -> Path:
    """The folder of the git repository that `folder` is in; itself, if it is in none."""
    found = (it for it in (folder, *folder.parents) if (it / ".git").exists())
    return next(found, folder).resolve()
