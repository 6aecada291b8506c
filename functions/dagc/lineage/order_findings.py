"""Suggests the dependencies that the SQL of a job's tasks, or of a scheduler's jobs, asks for."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from dagc.compiler import (
    Code,
    Diagnostic,
    JobRow,
    Problem,
    SchedulerRow,
    Severity,
    has_errors,
    json_path,
    topological_order,
)
from dagc.lineage.order_gaps import Edge, Gaps, Member, order_gaps
from dagc.lineage.table_uses import How, Table
from dagc.lineage.tables import SqlStatement, statements_of, used_tables
from dagc.lineage.task_sql import SqlText, TaskSql

_WAITING_RULES = {
    None, "all_done", "all_success", "none_failed", "none_failed_min_one_success", "none_skipped",
}  # fmt: skip
"""With another trigger rule, a task may run before what it follows is done, or only after a
failure.
"""

PlacedTable = tuple[tuple[tuple[str, str], ...], Table]
"""A table, and the database that it is in."""


class Place(NamedTuple):
    """A statement of a task."""

    task: TaskSql
    text: SqlText
    statement: SqlStatement

    @property
    def words(self) -> str:
        """The statement in words: "INSERT in $.sql[1], line 3"."""
        path = json_path(self.text.path)
        return f"{self.statement.verb} in {path}, line {self.statement.line}"


SqlMember = Member[PlacedTable, Place]
Members = Mapping[str, SqlMember]


def task_member(sql: TaskSql | None, trigger_rule: Any) -> SqlMember:
    """The tables of a task, by its SQL; none where it has none."""
    used: dict[How, dict[PlacedTable, Place]] = {how: {} for how in How}
    if sql is not None and sql.database is not None:
        places = [
            Place(sql, text, statement)
            for text in sql.texts
            for statement in statements_of(text.text, text.dialect)
        ]
        for use, index in used_tables([place.statement for place in places]).items():
            table = (sql.schema, *use.table) if sql.schema and len(use.table) == 1 else use.table
            used[use.how].setdefault((sql.database, table), places[index])
    written = frozenset(table for how in How if how is not How.READS for table in used[how])
    waits = trigger_rule in _WAITING_RULES
    return Member(used[How.READS], used[How.FILLS], written, frozenset(used[How.CLEARS]), waits)


def job_member(tasks: Iterable[SqlMember], trigger_rule: Any) -> SqlMember:
    """The tables of a job: those of all its tasks."""
    reads: dict[PlacedTable, Place] = {}
    fills: dict[PlacedTable, Place] = {}
    writes: set[PlacedTable] = set()
    clears: set[PlacedTable] = set()
    for task in tasks:
        reads = {**task.reads, **reads}
        fills = {**task.fills, **fills}
        writes |= task.writes
        clears |= task.clears
    waits = trigger_rule in _WAITING_RULES
    return Member(reads, fills, frozenset(writes), frozenset(clears), waits)


def order_findings(
    row: JobRow | SchedulerRow, members: Members, names: Mapping[str, str]
) -> Iterator[Diagnostic]:
    """The suggestions for the order of a job's tasks, or of a scheduler's jobs. `members` and their
    `names` are by id: where one is missing, nothing is said.
    """
    ids = row.tasks if isinstance(row, JobRow) else row.jobs
    _, cycles = topological_order(ids, row.upstream)
    if has_errors(row.diagnostics) or cycles or members.keys() != ids.keys():
        return
    gaps: Gaps[PlacedTable] = order_gaps(members, row.upstream)
    words = _Words(isinstance(row, JobRow), members, names)
    for edge, tables in sorted(gaps.missing.items()):
        yield words.missing(edge, tables).at(row.row, words.attribute)
    for edge, tables in sorted(gaps.stale.items()):
        yield words.stale(edge, tables).at(row.row, words.attribute)


class _Words:
    """What a suggestion says."""

    def __init__(self, is_job: bool, members: Members, names: Mapping[str, str]) -> None:  # noqa: FBT001
        self._kind = "task" if is_job else "job"
        self._members = members
        self._names = names
        self.attribute = "job_task_dependencies" if is_job else "schedule_job_dependencies"

    def missing(self, edge: Edge, tables: tuple[PlacedTable, ...]) -> Problem:
        writer, reader = edge
        return Problem(
            Code.MISSING_DEPENDENCY,
            f"{self._both(edge, tables)}, and neither waits for the other",
            f"Let {reader} have pid {writer}: add {self._entry(writer, reader)} to "
            f"{self.attribute}.",
            severity=Severity.SUGGESTION,
        )

    def stale(self, edge: Edge, tables: tuple[PlacedTable, ...]) -> Problem:
        writer, reader = edge
        return Problem(
            Code.STALE_READ,
            f"{self._both(edge, tables)}, and {writer} waits for {reader}: what {reader} reads is "
            "left from the run before",
            f"If the order is a slip, remove {reader} from the pid of {writer}, and add "
            f"{self._entry(writer, reader)}.",
            severity=Severity.SUGGESTION,
        )

    def _both(self, edge: Edge, tables: tuple[PlacedTable, ...]) -> str:
        writer, reader = edge
        table = tables[0]
        more = f" (and {len(tables) - 1} more)" if len(tables) > 1 else ""
        reads = self._said(reader, self._members[reader].reads[table])
        fills = self._said(writer, self._members[writer].fills[table])
        return f"{reads} reads {'.'.join(table[1])}{more}, which {fills} writes"

    def _said(self, id_: str, place: Place) -> str:
        inner = f"task {place.task.task.task_id}, " if self._kind == "job" else ""
        return f"{self._kind} {id_} {self._names[id_]!r} ({inner}{place.words})"

    def _entry(self, writer: str, reader: str) -> str:
        return json.dumps({f"{self._kind}_id": reader, "pid": writer}, ensure_ascii=False)
