"""How results are told: to people, or as JSON to programs."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from rich.console import Console
from rich.text import Text

from dagc.compiler.compilation import Artifact, Rows
from dagc.compiler.diagnostics import Diagnostic, Severity, has_errors
from dagc.plan.dag_ids import object_key


class Format(StrEnum):
    """How results are told."""

    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Report:
    """What was compiled, and every diagnostic once, with the DAGs that it affects."""

    artifacts: tuple[Artifact, ...]
    diagnostics: Mapping[Diagnostic, list[str]]

    @classmethod
    def of(
        cls, artifacts: Iterable[Artifact], rows: Rows, problems: Iterable[Diagnostic]
    ) -> "Report":
        """The report of `artifacts`, of the tasks that no job uses, and of `problems` of files."""
        artifacts = sorted(artifacts, key=lambda artifact: (artifact.dag_id, artifact.source))
        affected: dict[Diagnostic, list[str]] = {problem: [] for problem in problems}
        for task in rows.tasks.values():
            if task.enabled:
                affected |= {diagnostic: [] for diagnostic in task.diagnostics}
        for artifact in artifacts:
            for diagnostic in artifact.diagnostics:
                affected.setdefault(diagnostic, []).append(artifact.dag_id or str(artifact.source))
        return cls(tuple(artifacts), dict(sorted(affected.items())))

    @property
    def has_errors(self) -> bool:
        """Whether a row is wrong."""
        return has_errors(self.diagnostics)


def state(artifact: Artifact) -> str:
    """`compiled`, `invalid` or `disabled`."""
    if not artifact.enabled:
        return "disabled"
    return "invalid" if artifact.text is None else "compiled"


def as_json(report: Report, out: Path | None) -> str:
    """The report for programs: `dags` and `diagnostics`."""
    dags = [
        {
            "dag_id": artifact.dag_id,
            "table": artifact.source.table,
            "key": dict(artifact.source.key),
            "state": state(artifact),
            "file": str(out / object_key(artifact.dag_id, "")) if out and artifact.text else None,
        }
        for artifact in report.artifacts
    ]
    diagnostics = [
        {**diagnostic.as_dict(), "dags": dag_ids}
        for diagnostic, dag_ids in report.diagnostics.items()
    ]
    return json.dumps({"dags": dags, "diagnostics": diagnostics}, indent=2)


def as_text(report: Report, out: Path | None) -> None:
    """Prints the report for people: the diagnostics, then one line that sums up."""
    console = Console(highlight=False)
    print_diagnostics(console, report.diagnostics)
    states = [state(artifact) for artifact in report.artifacts]
    compiled = states.count("compiled")
    summary = f"{compiled} {'DAG' if compiled == 1 else 'DAGs'}"
    summary += f" written to {out}" if out else " valid"
    if invalid := states.count("invalid"):
        summary += f", {invalid} invalid (each keeps its last good file)"
    if disabled := states.count("disabled"):
        summary += f", {disabled} disabled"
    console.print(f"{summary}.", style="red" if report.has_errors else "green", soft_wrap=True)


def print_diagnostics(console: Console, diagnostics: Mapping[Diagnostic, list[str]]) -> None:
    """Prints each diagnostic: code and place, message, hint, and the DAGs that it affects."""
    for diagnostic, dag_ids in diagnostics.items():
        style = "bold red" if diagnostic.severity is Severity.ERROR else "bold yellow"
        console.print(
            Text.assemble(
                (f"{diagnostic.severity}[{diagnostic.code}] ", style),
                (diagnostic.place, "bold"),
                f"\n  {visible(diagnostic.message)}\n  hint: {visible(diagnostic.hint)}\n",
                f"  affects: {', '.join(dag_ids)}\n" if dag_ids else "",
            ),
            soft_wrap=True,
        )


def visible(text: str) -> str:
    """`text` as a terminal can show it, and without what would command it."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)
