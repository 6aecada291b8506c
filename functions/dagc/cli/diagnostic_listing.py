"""How results are told: to people, or as JSON to programs."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from rich.console import Console
from rich.text import Text

from dagc.changes.kinds.word_lists import counted
from dagc.cli.names_as_ids import NamesAsIds
from dagc.compiler import (
    AllDags,
    Dag,
    DagRow,
    Diagnostic,
    SchedulerRow,
    Severity,
    Snapshot,
    asset_circles,
    external_waits,
    has_errors,
    is_named,
    moved_starts,
    named_shared_jobs,
    shared_dates,
    vain_starts,
)
from dagc.lineage.sql_report import SqlReport
from dagc.row_files.reading.locations import NOWHERE, Locations
from dagc.row_files.reading.placed_text import Location

_STYLES = {
    Severity.ERROR: "bold red",
    Severity.WARNING: "bold yellow",
    Severity.SUGGESTION: "bold cyan",
}


class Format(StrEnum):
    """How results are told."""

    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Report:
    """What was compiled, and every diagnostic once, with the DAGs that it affects; and where the
    rows stand. `sql` is None where the SQL was not looked at.
    """

    dags: tuple[Dag, ...]
    diagnostics: Mapping[Diagnostic, list[str]]
    locations: Locations = NOWHERE
    sql: SqlReport | None = None

    @classmethod
    def of(
        cls,
        dags: Iterable[Dag],
        rows: Snapshot,
        problems: Iterable[Diagnostic],
        locations: Locations = NOWHERE,
    ) -> "Report":
        """The report of `dags`, of what is wrong between them, of the tasks that no job uses,
        and of `problems` of files.
        """
        dags = sorted(dags, key=lambda dag: dag.dag_id)
        affected: dict[Diagnostic, list[str]] = {problem: [] for problem in problems}
        for task in rows.all_tasks():
            if task.enabled:
                affected |= {diagnostic: [] for diagnostic in task.diagnostics}
        names = NamesAsIds(rows)
        for dag in dags:
            name = dag.dag_id if is_named(dag.dag_id) else str(dag.rows[0].row)
            for diagnostic in dag.diagnostics:
                affected.setdefault(names.explained(diagnostic), []).append(name)
        made = [row for dag in dags for row in dag.rows]
        schedulers = [row for row in made if isinstance(row, SchedulerRow)]
        for scheduler, diagnostic in shared_dates(schedulers):
            affected.setdefault(diagnostic, []).append(scheduler.dag_id)
        for diagnostic in named_shared_jobs(rows.all_tasks(), moved_starts(made)):
            affected.setdefault(diagnostic, [])
        files = {dag.dag_id: dag.text for dag in dags if dag.text is not None}
        all_dags = AllDags.of({dag.dag_id: dag.rows for dag in dags}, files)
        for diagnostic in external_waits(rows.all_tasks(), all_dags):
            affected.setdefault(diagnostic, [])
        for diagnostic in vain_starts(schedulers, all_dags):
            affected.setdefault(diagnostic, [])
        for dag_ids, diagnostic in asset_circles(all_dags):
            affected[diagnostic] = sorted(dag_ids)
        return cls(tuple(dags), dict(sorted(affected.items())), locations)

    def with_sql(self, sql: SqlReport) -> "Report":
        """The report, with what is found in the SQL."""
        found = {finding.diagnostic: list(finding.dag_ids) for finding in sql.findings}
        return replace(
            self,
            diagnostics=dict(sorted({**self.diagnostics, **found}.items())),
            locations=self.locations.with_texts(sql.places),
            sql=sql,
        )

    @property
    def has_errors(self) -> bool:
        """Whether a row is wrong."""
        return has_errors(self.diagnostics)


def state(dag: Dag, row: DagRow) -> str:
    """What `row` became: `compiled`, `invalid` or `disabled`."""
    if not row.enabled:
        return "disabled"
    return "invalid" if dag.text is None else "compiled"


def as_json(report: Report, out: Path | None) -> str:
    """The report for programs: `dags`, one for each row that claims one, and `diagnostics`."""
    dags = [
        {
            "dag_id": row.dag_id,
            "table": row.row.table,
            "key": dict(row.row.key),
            "state": state(dag, row),
            "file": str(out / dag.file_name) if out and state(dag, row) == "compiled" else None,
        }
        for dag in report.dags
        for row in dag.rows
    ]
    diagnostics = [
        {
            **diagnostic.as_dict(),
            **({"proposal": json.loads(diagnostic.proposal)} if diagnostic.proposal else {}),
            "dags": dag_ids,
            **_location(report.locations.of_diagnostic(diagnostic)),
        }
        for diagnostic, dag_ids in report.diagnostics.items()
    ]
    told = {"dags": dags, "diagnostics": diagnostics}
    sql = {"sql": sql_counts(report.sql)} if report.sql else {}
    return json.dumps({**told, **sql}, indent=2)


def _location(found: Location | None) -> dict[str, str | int | None]:
    """Where it stands, for programs: `file`, `line` and `column`, None where it is in no file."""
    file, line, column = found or (None, None, None)
    return {"file": str(near(file)) if file else None, "line": line, "column": column}


def near(path: Path) -> Path:
    """`path` as one says it in the working folder, if it is in it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def as_text(report: Report, out: Path | None) -> None:
    """Prints the report for people: the diagnostics, then one line that sums up."""
    console = Console(highlight=False)
    print_diagnostics(console, report.diagnostics, report.locations)
    states = [state(dag, row) for dag in report.dags for row in dag.rows]
    compiled = states.count("compiled")
    summary = f"{compiled} {'DAG' if compiled == 1 else 'DAGs'}"
    summary += f" written to {out}" if out else " valid"
    if invalid := states.count("invalid"):
        summary += f", {invalid} invalid{_what_stays(report, out)}"
    if disabled := states.count("disabled"):
        summary += f", {disabled} disabled"
    if report.sql and report.sql.tasks:
        console.print(sql_summary(report.sql), soft_wrap=True)
    console.print(f"{summary}.", style="red" if report.has_errors else "green", soft_wrap=True)


def sql_counts(sql: SqlReport | None) -> dict[str, int] | None:
    """How much SQL was looked at, for programs; None if nobody looked."""
    if sql is None:
        return None
    return {"statements": sql.statements, "tasks": sql.tasks, "passed_over": sql.passed_over}


def sql_summary(sql: SqlReport) -> str:
    """How much SQL was looked at: "SQL: 41 statements of 23 tasks read; 3 passed over."."""
    read = f"{counted(sql.statements, 'statement')} of {counted(sql.tasks, 'task')} read"
    return f"SQL: {read}; {sql.passed_over} passed over."


def _what_stays(report: Report, out: Path | None) -> str:
    """What is in `out` of the DAGs that could not be compiled: the files of an earlier compile."""
    if out is None:
        return ""
    names = {dag.file_name for dag in report.dags if dag.enabled and dag.text is None}
    stay = sum((out / name).is_file() for name in names)
    if not stay:
        return " and not written"
    return " (its last good file stays)" if stay == 1 else f" ({stay} last good files stay)"


def print_diagnostics(
    console: Console, diagnostics: Mapping[Diagnostic, list[str]], locations: Locations = NOWHERE
) -> None:
    """Prints each diagnostic: code and place, file and line, message, hint, and the DAGs that it
    affects.
    """
    for diagnostic, dag_ids in diagnostics.items():
        found = locations.of_diagnostic(diagnostic)
        style = _STYLES[diagnostic.severity]
        console.print(
            Text.assemble(
                (f"{diagnostic.severity}[{diagnostic.code}] ", style),
                (diagnostic.place, "bold"),
                f"\n  at {found._replace(file=near(found.file))}" if found else "",
                f"\n  {visible(diagnostic.message)}\n  hint: {visible(diagnostic.hint)}\n",
                f"  affects: {', '.join(dag_ids)}\n" if dag_ids else "",
            ),
            soft_wrap=True,
        )


def visible(text: str) -> str:
    """`text` as a terminal can show it, and without what would command it."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else repr(character)[1:-1] for character in text
    )
