"""Statements and what becomes of them: each runs in a thread of its own, as Redshift's do."""

import time
import uuid
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event
from typing import Any

import psycopg
from mypy_boto3_s3 import S3Client

from demo.airflow.redshift_data.dialect import translate
from demo.airflow.redshift_data.errors import StatementError
from demo.airflow.redshift_data.records import Result, result_of
from demo.airflow.redshift_data.transfer import Connection, copy, unload
from demo.airflow.redshift_data.transfer_syntax import Copy, Unload

Parameters = Mapping[str, str]
ENDED = {"FINISHED", "FAILED", "ABORTED"}


@dataclass
class Progress:
    """How far something has come: its state as DescribeStatement reports it."""

    status: str = "SUBMITTED"
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    updated: datetime = field(default_factory=lambda: datetime.now(UTC))
    error: str = ""
    nanoseconds: int = 0
    _began: int = 0

    def begin(self) -> None:
        """Record that it runs now."""
        self._began = time.perf_counter_ns()
        self._become("STARTED")

    def end(self, status: str, error: str = "") -> None:
        """Record that it has ended, as FINISHED, FAILED or ABORTED."""
        self.error = error
        self.nanoseconds = time.perf_counter_ns() - self._began if self._began else 0
        self._become(status)

    def described(self) -> dict[str, Any]:
        """The members that a statement and a sub-statement have in common."""
        members = {
            "Status": self.status,
            "CreatedAt": self.created,
            "UpdatedAt": self.updated,
            "Duration": self.nanoseconds,
        }
        return {**members, "Error": self.error} if self.error else members

    def _become(self, status: str) -> None:
        self.updated = datetime.now(UTC)
        self.status = status


@dataclass
class Query:
    """One SQL text of a statement, and its result."""

    id: str
    text: str
    progress: Progress = field(default_factory=Progress)
    result: Result | None = None

    def run(self, connection: Connection, s3: S3Client, parameters: Parameters) -> None:
        """Run the query; an error goes on to its statement."""
        self.progress.begin()
        try:
            command = translate(self.text, parameters)
            match command:
                case Copy():
                    self.result = Result(copy(connection, s3, command))
                case Unload():
                    self.result = Result(unload(connection, s3, command))
                case _:
                    # An SQL text that its author wrote: its whole point is to be run.
                    self.result = result_of(connection.execute(command))
        except psycopg.Error as error:
            raise StatementError(_message(error)) from error
        self.progress.end("FINISHED")

    def described(self) -> dict[str, Any]:
        """The members of a SubStatementData, which a single statement has too."""
        result = self.result
        return {
            **self.progress.described(),
            "Id": self.id,
            "QueryString": self.text,
            "RedshiftQueryId": 0,
            "HasResultSet": bool(result and result.columns),
            "ResultRows": result.count if result else -1,
            "ResultSize": result.size if result else -1,
        }


@dataclass
class Statement:
    """What one ExecuteStatement or BatchExecuteStatement asked for."""

    request: Mapping[str, Any]
    texts: list[str]
    is_batch: bool
    session_id: str | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    progress: Progress = field(default_factory=Progress)
    ended: Event = field(default_factory=Event)
    queries: list[Query] = field(init=False)
    _connection: Connection | None = None
    _pid: int = 0
    _cancelled: bool = False

    def __post_init__(self) -> None:
        ids = [f"{self.id}:{i}" for i in range(1, len(self.texts) + 1)]
        names = ids if self.is_batch else [self.id]
        self.queries = [Query(id_, text) for id_, text in zip(names, self.texts, strict=True)]

    @property
    def parameters(self) -> dict[str, str]:
        """The values of the placeholders, by name."""
        return {
            parameter["name"]: parameter["value"]
            for parameter in self.request.get("Parameters", [])
        }

    def run(self, connection: Connection, s3: S3Client) -> None:
        """Run all queries: those of a batch in one transaction."""
        self._connection, self._pid = connection, connection.info.backend_pid
        self.progress.begin()
        try:
            with connection.transaction() if self.is_batch else nullcontext():
                for query in self.queries:
                    self._stop_if_cancelled()
                    query.run(connection, s3, self.parameters)
        except StatementError as error:
            self.fail(error)
        except psycopg.Error as error:  # of the commit
            self.fail(StatementError(_message(error)))
        else:
            self.progress.end("FINISHED")

    def fail(self, error: StatementError) -> None:
        """End the statement, and those of its queries that have not ended."""
        broken = "ABORTED" if self._cancelled else "FAILED"
        message = str(error)
        for number, query in enumerate(self.queries, 1):
            if query.progress.status == "STARTED":
                query.progress.end(broken, message)
                message = f"Query #{number} failed with {message}" if self.is_batch else message
            elif query.progress.status == "SUBMITTED":
                query.progress.end("ABORTED")
        self.progress.end(broken, message)

    def cancel(self) -> None:
        """Stop the statement: the query that runs is interrupted, those after it do not begin."""
        self._cancelled = True
        if self._connection is not None:
            self._connection.cancel()

    def described(self) -> dict[str, Any]:
        """The answer of DescribeStatement."""
        named = ("ClusterIdentifier", "Database", "DbUser", "SecretArn", "WorkgroupName")
        answer = {name: self.request[name] for name in named if name in self.request}
        if self.is_batch:
            parts = [query.described() for query in self.queries]
            answer |= {
                "HasResultSet": any(part["HasResultSet"] for part in parts),
                "ResultRows": -1,
                "ResultSize": -1,
                "RedshiftQueryId": 0,
                "SubStatements": parts,
            }
        else:
            answer |= self.queries[0].described()
        if parameters := self.request.get("Parameters"):
            answer["QueryParameters"] = parameters
        if self.session_id:
            answer["SessionId"] = self.session_id
        return {**answer, **self.progress.described(), "Id": self.id, "RedshiftPid": self._pid}

    def _stop_if_cancelled(self) -> None:
        if self._cancelled:
            raise StatementError("ERROR: Query cancelled on user's request")


def _message(error: psycopg.Error) -> str:
    reported = error.diag
    if not reported.message_primary:
        return str(error)
    more = "; ".join(part for part in (reported.message_detail, reported.context) if part)
    message = f"{reported.severity}: {reported.message_primary}"
    return f"{message}\n  Detail: {more}" if more else message
