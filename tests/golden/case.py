"""A golden case: rows in a folder, and beside them the files that they become.

`rows.yaml` holds the rows, by table, and may say for what they are compiled (`airflow`,
`environment`, `team`, and `runtime: false` where none is published), whether the SQL is looked at
(`sql: true`), take over another case's rows
(`same_rows_as`) and say what it is `about`. Unless it names a `team` of its own, it has the
defaults of `team/` beside this file.
"""

import io
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rich.console import Console

from dagc.cli.diagnostic_listing import Report, print_diagnostics
from dagc.compiler import (
    DEFAULT_TARGET,
    KEYS,
    Target,
    compile_rows,
    find_target,
    load_toolchain,
    read_rows,
)
from dagc.lineage.sql_report import sql_findings
from dagc.row_files.reading.read_tables import read_rows_document

FOLDER = Path(__file__).parent
DIAGNOSTICS = "diagnostics.txt"

_ROWS = "rows.yaml"
_OPTIONS = {"about", "airflow", "environment", "team", "runtime", "same_rows_as", "sql"}


@dataclass(frozen=True, slots=True)
class Case:
    """The rows of `folder`, and for what they are compiled."""

    folder: Path
    tables: dict[str, list[dict[str, Any]]]
    target: Target
    environment: str
    team: Path
    has_runtime: bool = True
    looks_at_sql: bool = False


def all_cases() -> list[Path]:
    """The folders of all cases."""
    return sorted(path.parent for path in FOLDER.glob(f"*/{_ROWS}"))


@cache
def read_case(folder: Path) -> Case:
    """The case in `folder`."""
    content = read_rows_document(folder / _ROWS)
    assert content.keys() <= {*KEYS, *_OPTIONS}, f"{folder.name}: {sorted(content)}"
    target = find_target(content.get("airflow", DEFAULT_TARGET))
    assert isinstance(target, Target), target
    if "same_rows_as" in content:
        tables = read_case(FOLDER / content["same_rows_as"]).tables
    else:
        tables = {table: content.get(table, []) for table in KEYS}
    return Case(
        folder,
        tables,
        target,
        environment=content.get("environment", ""),
        team=(folder / content.get("team", "../team")).resolve(),
        has_runtime=content.get("runtime", True),
        looks_at_sql=content.get("sql", False),
    )


def compiled(case: Case) -> dict[str, str]:
    """The files that `case` becomes, by name: one for each valid DAG, and the diagnostics."""
    toolchain, problems = load_toolchain(
        case.target, case.environment, case.team, has_runtime=case.has_runtime
    )
    if toolchain is None:
        return {DIAGNOSTICS: _told(Report((), {problem: [] for problem in problems}))}
    tasks, jobs, schedulers = (case.tables[table] for table in KEYS)
    rows = read_rows(tasks, jobs, schedulers, toolchain)
    report = Report.of(compile_rows(rows, toolchain), rows, problems)
    if case.looks_at_sql:
        report = report.with_sql(sql_findings(rows, toolchain))
    files = {dag.file_name: dag.text for dag in report.dags if dag.text is not None}
    return files | ({DIAGNOSTICS: _told(report)} if report.diagnostics else {})


def expected(case: Case) -> dict[str, str]:
    """The files beside the rows, by name."""
    files = [*case.folder.glob("*.py"), *case.folder.glob(DIAGNOSTICS)]
    return {path.name: path.read_bytes().decode() for path in files}


def write(case: Case, files: dict[str, str]) -> None:
    """Makes `files` the expected ones."""
    for name in expected(case).keys() - files.keys():
        (case.folder / name).unlink()
    for name, text in files.items():
        (case.folder / name).write_bytes(text.encode())


def _told(report: Report) -> str:
    """What a person sees of the diagnostics in a terminal."""
    stream = io.StringIO()
    print_diagnostics(Console(file=stream, force_terminal=False), report.diagnostics)
    return stream.getvalue()
