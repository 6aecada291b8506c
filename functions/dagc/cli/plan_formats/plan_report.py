"""What each format is made of."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from dagc.changes.dag_change import DagChange, Effect
from dagc.changes.kinds import FileDifference, compare_files
from dagc.changes.plan import Plan
from dagc.cli.planning import Planned
from dagc.compiler import Diagnostic, RowKey, Severity
from dagc.row_files.locations import NOWHERE
from dagc.row_files.placed_text import Location


class PlanReport(NamedTuple):
    """A plan, called `name` where several are told apart; what `differs` in the files of its DAGs,
    by DAG id; and the places of rows and of mistakes in files, which are named from the folder
    `root` on.
    """

    plan: Plan
    differs: Mapping[str, FileDifference]
    place_of: Callable[[Diagnostic], Location | None]
    place_of_row: Callable[[RowKey], Location | None]
    root: Path
    name: str

    def file_of(self, place: Location) -> str:
        """The file of a place, from `root` on; the whole path if it is elsewhere."""
        path = place.file.resolve()
        inside = path.is_relative_to(self.root)
        return (path.relative_to(self.root) if inside else path).as_posix()

    def words(self, change: DagChange) -> str:
        """What becomes of a DAG, with the kinds of change: `changed (schedule, SQL)`."""
        kinds = self.differs[change.dag_id].kinds if change.dag_id in self.differs else ()
        return f"{change.effect} ({', '.join(kinds)})" if kinds else str(change.effect)


def report_of(planned: Planned, name: str | None) -> PlanReport:
    """What a plan says, called `name`; without: as its stack, or `rows`."""
    locations = planned.locations or NOWHERE
    return PlanReport(
        plan=planned.plan,
        differs={
            change.dag_id: compare_files(change.before.text, change.after.text)
            for change in planned.plan.dags
            if change.before.text is not None and change.after.text is not None
        },
        place_of=locations.of_diagnostic,
        place_of_row=locations.of,
        root=_repository(Path.cwd()),
        name=name or (planned.deployed.stack.name if planned.deployed else "rows"),
    )


def _repository(folder: Path) -> Path:
    """The folder of the git repository that `folder` is in; itself, if it is in none."""
    found = (it for it in (folder, *folder.parents) if (it / ".git").exists())
    return next(found, folder).resolve()


def most_urgent(changes: Iterable[DagChange]) -> list[DagChange]:
    """The DAGs in the order in which a reader wants to know of them."""
    order = list(Effect)
    return sorted(changes, key=lambda change: (order.index(change.effect), change.dag_id))


def row_words(plan: Plan) -> list[tuple[str, RowKey]]:
    """What becomes of each row that differs: `created`, `changed` or `deleted`."""
    return [
        (
            "created" if row.before is None else "deleted" if row.after is None else "changed",
            row.row,
        )
        for row in plan.rows
    ]


def counted(number: int, noun: str) -> str:
    """`1 row`, `2 rows`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def summary(plan: Plan) -> str:
    """The plan in one line: `3 rows changed; 4 DAGs: 1 becomes invalid, 3 changed; 1 error`."""
    rows = [word for word, _ in row_words(plan)]
    of_rows = ", ".join(f"{rows.count(word)} {word}" for word in dict.fromkeys(rows))
    effects = [change.effect for change in most_urgent(plan.dags)]
    of_dags = ", ".join(f"{effects.count(effect)} {effect}" for effect in dict.fromkeys(effects))
    severities = [diagnostic.severity for diagnostic in plan.diagnostics]
    wrong = [
        counted(severities.count(severity), str(severity))
        for severity in Severity
        if severity in severities
    ]
    parts = [
        f"{counted(len(rows), 'row')}: {of_rows}" if rows else "no row differs",
        f"{counted(len(effects), 'DAG')}: {of_dags}" if effects else "no DAG reads them",
        *([", ".join(wrong)] if wrong else []),
    ]
    return "; ".join(parts)


def file_diff(change: DagChange) -> str:
    """What changes in the file of a DAG, as a unified diff; "" where no file is written."""
    after = change.after.text
    if after is None or change.before.text == after:
        return ""
    name = f"{change.dag_id}.py"
    before = (change.before.text or "").split("\n")
    return "\n".join(difflib.unified_diff(before, after.split("\n"), name, name, lineterm=""))
