"""The operations of the Data API: what they refuse, what they start, what they answer."""

from collections.abc import Mapping
from threading import Lock, Thread
from typing import Any

from mypy_boto3_s3 import S3Client

from demo.airflow.postgres import Postgres
from demo.airflow.redshift_data.dialect import parameter_names
from demo.airflow.redshift_data.errors import RefusedError, StatementError
from demo.airflow.redshift_data.sessions import Session, Sessions
from demo.airflow.redshift_data.statements import ENDED, Query, Statement

Request = Mapping[str, Any]
Answer = dict[str, Any]

SQL_BYTES = 100_000


class Api:
    """One account's statements."""

    def __init__(self, postgres: Postgres, s3: S3Client) -> None:
        self._sessions = Sessions(postgres)
        self._s3 = s3
        self._statements: dict[str, Statement] = {}
        self._tokens: dict[str, Statement] = {}
        self._lock = Lock()
        self.operations = {
            "ExecuteStatement": self.execute_statement,
            "BatchExecuteStatement": self.batch_execute_statement,
            "DescribeStatement": self.describe_statement,
            "GetStatementResult": self.get_statement_result,
            "CancelStatement": self.cancel_statement,
            "ListStatements": self.list_statements,
        }

    def execute_statement(self, request: Request) -> Answer:
        """Start one SQL text."""
        return self._start(request, [request["Sql"]], is_batch=False)

    def batch_execute_statement(self, request: Request) -> Answer:
        """Start several, as one transaction."""
        return self._start(request, request["Sqls"], is_batch=True)

    def describe_statement(self, request: Request) -> Answer:
        """How a statement is getting on, and its parts."""
        statement = self._statement(request["Id"])
        _wait(statement, request)
        if request["Id"] == statement.id:
            return statement.described()
        return self._query(request["Id"]).described()

    def get_statement_result(self, request: Request) -> Answer:
        """The rows that a finished statement returned."""
        _wait(self._statement(request["Id"]), request)
        query = self._query(request["Id"])
        if query.result is None or not query.result.columns or query.progress.status != "FINISHED":
            message = (
                "Query does not have result. Please check query status with DescribeStatement."
            )
            raise RefusedError(message, "ResourceNotFoundException")
        return {
            "Records": query.result.records,
            "ColumnMetadata": query.result.columns,
            "TotalNumRows": query.result.count,
        }

    def cancel_statement(self, request: Request) -> Answer:
        """Stop a statement that has not ended."""
        statement = self._statement(request["Id"])
        if (status := statement.progress.status) in ENDED:
            message = f"Could not cancel a query that is already in {status} state with ID: "
            raise RefusedError(message + statement.id)
        statement.cancel()
        return {"Status": True}

    def list_statements(self, request: Request) -> Answer:
        """The statements, the newest first; those that have finished, unless one asks otherwise."""
        wanted = request.get("Status", "FINISHED")
        name = request.get("StatementName", "")
        with self._lock:
            newest = list(reversed(self._statements.values()))
        found = [
            statement
            for statement in newest
            if wanted in {"ALL", statement.progress.status}
            and statement.request.get("StatementName", "").startswith(name)
        ]
        return {
            "Statements": [
                _listed(statement) for statement in found[: request.get("MaxResults", 100)]
            ]
        }

    def close(self) -> None:
        """Cancel what runs, and close all connections."""
        with self._lock:
            running = [
                statement for statement in self._statements.values() if not statement.ended.is_set()
            ]
        for statement in running:
            statement.cancel()
            statement.ended.wait(10)
        self._sessions.close()

    def _start(self, request: Request, texts: list[str], *, is_batch: bool) -> Answer:
        with self._lock:
            if known := self._tokens.get(request.get("ClientToken", "")):
                return _started(known)
            _check(request, texts)
            session = self._session(request)
            kept = session.id if session.keep_alive else None
            statement = Statement(request, texts, is_batch, kept)
            self._statements[statement.id] = statement
            if token := request.get("ClientToken"):
                self._tokens[token] = statement
        work = Thread(target=self._run, args=(statement, session), name=statement.id, daemon=True)
        work.start()
        _wait(statement, request)
        return _started(statement)

    def _session(self, request: Request) -> Session:
        keep_alive = request.get("SessionKeepAliveSeconds")
        if session_id := request.get("SessionId"):
            return self._sessions.take(session_id, keep_alive)
        return self._sessions.open(request["Database"], keep_alive or 0)

    def _run(self, statement: Statement, session: Session) -> None:
        try:
            statement.run(self._sessions.connection(session), self._s3)
        except StatementError as error:  # no connection
            statement.fail(error)
        except Exception as error:
            statement.fail(StatementError(f"ERROR: the local Redshift failed: {error!r}"))
            raise
        finally:
            self._sessions.give_back(session)
            statement.ended.set()

    def _statement(self, id_: str) -> Statement:
        # A part of a batch has its statement's id, a colon, and its number.
        found = self._statements.get(id_.partition(":")[0])
        if found is None:
            raise RefusedError("Query does not exist.", "ResourceNotFoundException")
        return found

    def _query(self, id_: str) -> Query:
        for query in self._statement(id_).queries:
            if query.id == id_:
                return query
        raise RefusedError("Query does not exist.", "ResourceNotFoundException")


def _check(request: Request, texts: list[str]) -> None:
    """Refuse what AWS refuses, beyond what its model says."""
    places = [
        name for name in ("ClusterIdentifier", "WorkgroupName", "SessionId") if name in request
    ]
    if len(places) != 1:
        raise RefusedError(
            "Exactly one of ClusterIdentifier, WorkgroupName or SessionId is needed."
        )
    if "SessionId" in request and "Database" in request:
        raise RefusedError("A session has its database already.")
    if "SessionId" not in request and not request.get("Database"):
        raise RefusedError("Database is needed.")
    if "WorkgroupName" in request and "DbUser" in request:
        raise RefusedError("DbUser is not supported with WorkgroupName.")
    for text in texts:
        if not text.strip():
            raise RefusedError("SQL is empty.")
        if len(text.encode()) > SQL_BYTES:
            raise RefusedError(f"Statement is longer than {SQL_BYTES} bytes.")
    for member, supported in {"ResultFormat": "JSON", "ExecutionMode": "TRANSACTION"}.items():
        if request.get(member, supported) != supported:
            raise RefusedError(f"The local Redshift knows only {member} {supported}.")
    _check_parameters(request, texts)


def _check_parameters(request: Request, texts: list[str]) -> None:
    given = [parameter["name"] for parameter in request.get("Parameters", [])]
    if len(set(given)) != len(given):
        raise RefusedError("Parameters list contains duplicate names.")
    used: set[str] = set().union(*(parameter_names(text) for text in texts))
    if unused := sorted(set(given) - used):
        message = f"Parameters list contains unused parameters. Unused parameters: {unused}"
        raise RefusedError(message)
    if missing := sorted(used - set(given)):
        raise RefusedError(f"Cannot find parameter: {', '.join(missing)}")


def _wait(statement: Statement, request: Request) -> None:
    if seconds := request.get("WaitTimeSeconds"):
        statement.ended.wait(seconds)


def _started(statement: Statement) -> Answer:
    named = ("ClusterIdentifier", "Database", "DbUser", "SecretArn", "WorkgroupName")
    answer = {name: statement.request[name] for name in named if name in statement.request}
    answer |= {"Id": statement.id, "CreatedAt": statement.progress.created}
    return {**answer, "SessionId": statement.session_id} if statement.session_id else answer


def _listed(statement: Statement) -> Answer:
    answer = {
        "Id": statement.id,
        "Status": statement.progress.status,
        "CreatedAt": statement.progress.created,
        "UpdatedAt": statement.progress.updated,
        "IsBatchStatement": statement.is_batch,
    }
    name = statement.request.get("StatementName")
    return {
        **answer,
        **({"StatementName": name} if name else {}),
        **({"QueryStrings": statement.texts} if statement.is_batch else {}),
        **({} if statement.is_batch else {"QueryString": statement.texts[0]}),
    }
