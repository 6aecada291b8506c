"""Looks at the SQL of rows: what is certainly a mistake, and which dependencies it asks for.

It never keeps a DAG from being written: a mistake is a warning, a dependency a suggestion.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from dagc.compiler import (
    Code,
    DagRow,
    Defaults,
    Diagnostic,
    JobRow,
    Problem,
    RowKey,
    SchedulerRow,
    Severity,
    Snapshot,
    Toolchain,
)
from dagc.lineage.order_findings import SqlMember, job_member, order_findings, task_member
from dagc.lineage.sql_mistakes import sql_mistakes
from dagc.lineage.tables import statements_of
from dagc.lineage.task_sql import SqlText, TaskSql, task_sql

_MOST_JOBS = 50
"""The SQL of so many jobs is read in about a second: as long as one likes to wait for a plan."""


class Finding(NamedTuple):
    """What was found, in which DAGs. `line` and `column` count from 1 inside the SQL text at the
    diagnostic's place; 0 where it is about a row's dependencies instead.
    """

    diagnostic: Diagnostic
    line: int
    column: int
    dag_ids: tuple[str, ...]


class SqlReport(NamedTuple):
    """What was found, and in how much SQL: the statements that were read, of how many tasks; and
    those that were passed over, being unknown here, or with names that Jinja makes; the result of
    another task, which is SQL, is one of these.
    """

    findings: tuple[Finding, ...] = ()
    statements: int = 0
    tasks: int = 0
    passed_over: int = 0

    @property
    def places(self) -> dict[Diagnostic, tuple[int, int]]:
        """The line and the column, in its SQL text, of each finding that has one."""
        return {it.diagnostic: (it.line, it.column) for it in self.findings if it.line}


def sql_findings(
    snapshot: Snapshot, toolchain: Toolchain, dag_ids: Collection[str] | None = None
) -> SqlReport:
    """Looks at the SQL of all enabled jobs and schedulers, or of those with these `dag_ids`, and of
    the schedulers that start these jobs, if they start no more than _MOST_JOBS.
    """
    claims = _enabled(snapshot.claims().values())
    looked_at = [row for row in claims if dag_ids is None or row.dag_id in dag_ids]
    if dag_ids is not None:
        started = {row.job_id for row in looked_at if isinstance(row, JobRow)}
        looked_at += [
            row
            for row in claims
            if isinstance(row, SchedulerRow)
            and row.dag_id not in dag_ids
            and len(row.jobs) <= _MOST_JOBS
            and not started.isdisjoint(row.job_rows)
        ]
    return _Look(snapshot, toolchain.defaults).report(looked_at)


def _enabled(claims: Iterable[Iterable[DagRow]]) -> list[DagRow]:
    return [row for rows in claims for row in rows if row.enabled and row.dag_id]


class _Look:
    """Reads the SQL of each job once."""

    def __init__(self, snapshot: Snapshot, defaults: Defaults) -> None:
        self._snapshot = snapshot
        self._defaults = defaults
        self._jobs: dict[RowKey, dict[str, TaskSql | None]] = {}

    def report(self, rows: Iterable[DagRow]) -> SqlReport:
        """What is found in these jobs and schedulers."""
        found: list[Finding] = []
        dag_ids: dict[SqlText, list[str]] = {}
        tasks: set[RowKey] = set()
        results: set[RowKey] = set()
        for row in rows:
            if isinstance(row, JobRow):
                for sql in filter(None, self._sql(row).values()):
                    tasks.add(sql.task.row)
                    results |= {sql.task.row} if sql.is_result else set()
                    for text in sql.texts:
                        dag_ids.setdefault(text, []).append(row.dag_id)
            found += [Finding(it, 0, 0, (row.dag_id,)) for it in self._order(row)]
        for text, ids in dag_ids.items():
            found += _mistakes(text, tuple(dict.fromkeys(ids)))
        known = [it.is_known for text in dag_ids for it in statements_of(text.text, text.dialect)]
        passed_over = known.count(False) + len(results)
        return SqlReport(tuple(sorted(found)), known.count(True), len(tasks), passed_over)

    def _sql(self, job: JobRow) -> dict[str, TaskSql | None]:
        """The SQL of the enabled tasks of `job`, by task id."""
        if job.row not in self._jobs:
            tasks = self._snapshot.tasks_of(job)
            self._jobs[job.row] = {
                id_: task_sql(job, task, self._defaults)
                for id_, task in tasks.items()
                if task.enabled
            }
        return self._jobs[job.row]

    def _order(self, row: DagRow) -> Iterator[Diagnostic]:
        if isinstance(row, JobRow):
            tasks = self._snapshot.tasks_of(row)
            names = {id_: task.name for id_, task in tasks.items()}
            yield from order_findings(row, self._tasks(row), names)
            return
        found = self._snapshot.jobs_of(row)
        jobs = {id_: its[0] for id_, its in found.items() if len(its) == 1 and its[0].enabled}
        members = {}
        for id_, job in jobs.items():
            config = row.job_configs.get(id_)
            settings = {**row.params, **(config.settings if config else {})}
            members[id_] = job_member(self._tasks(job).values(), settings.get("trigger_rule"))
        names = {id_: id_ if id_ in row.aliases else job.name for id_, job in jobs.items()}
        yield from order_findings(row, members, names)

    def _tasks(self, job: JobRow) -> dict[str, SqlMember]:
        configs = job.task_configs
        return {
            id_: task_member(
                sql, configs[id_].settings.get("trigger_rule") if id_ in configs else None
            )
            for id_, sql in self._sql(job).items()
        }


def _mistakes(text: SqlText, dag_ids: tuple[str, ...]) -> Iterator[Finding]:
    for mistake in sql_mistakes(text.text, text.dialect):
        problem = Problem(
            Code.UNPARSED_SQL,
            f"line {mistake.line}, column {mistake.column} of the SQL: {mistake.message}",
            mistake.hint,
            text.path,
            Severity.WARNING,
        )
        diagnostic = problem.at(text.row, text.attribute)
        yield Finding(diagnostic, mistake.line, mistake.column, dag_ids)
