"""Connections to databases, and those that stay open from one statement to the next."""

import time
import uuid
from dataclasses import dataclass, field
from threading import Lock

import psycopg

from demo.airflow.postgres import Postgres
from demo.airflow.redshift_data.dialect import PRELUDE
from demo.airflow.redshift_data.errors import RefusedError, StatementError
from demo.airflow.redshift_data.transfer import Connection


@dataclass
class Session:
    """An open connection, which lives `keep_alive` seconds after its last statement."""

    database: str
    keep_alive: float
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    connection: Connection | None = None
    is_busy: bool = True
    used: float = field(default_factory=time.monotonic)

    @property
    def is_over(self) -> bool:
        """Whether nobody used it for too long."""
        return not self.is_busy and time.monotonic() - self.used > self.keep_alive


class Sessions:
    """The sessions there are, and how a connection is made."""

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self._sessions: dict[str, Session] = {}
        self._prepared: set[str] = set()
        self._lock = Lock()

    def open(self, database: str, keep_alive: float) -> Session:
        """A new session, taken."""
        session = Session(database, keep_alive)
        with self._lock:
            self._sessions[session.id] = session
        return session

    def take(self, session_id: str, keep_alive: float | None) -> Session:
        """An open session, for one statement at a time."""
        with self._lock:
            session = self._sessions.get(session_id)
            if session is None or session.is_over:
                raise RefusedError("Session is not available.")
            if session.is_busy:
                raise RefusedError("Session is busy executing another query.")
            session.is_busy = True
            if keep_alive is not None:
                session.keep_alive = keep_alive
            return session

    def connection(self, session: Session) -> Connection:
        """The session's connection, made if it is the first time."""
        if session.connection is None:
            session.connection = self._connected(session.database)
        return session.connection

    def give_back(self, session: Session) -> None:
        """The statement has ended: the session waits for the next, or ends."""
        with self._lock:
            session.is_busy = False
            session.used = time.monotonic()
            over = [other for other in self._sessions.values() if other.is_over]
            for other in over if session.keep_alive else [*over, session]:
                self._sessions.pop(other.id, None)
                if other.connection is not None:
                    other.connection.close()

    def close(self) -> None:
        """Close all open connections."""
        with self._lock:
            for session in self._sessions.values():
                if session.connection is not None:
                    session.connection.close()
            self._sessions.clear()

    def _connected(self, database: str) -> Connection:
        try:
            connection = psycopg.connect(self._postgres.dsn(database), autocommit=True)
        except psycopg.Error as error:
            raise StatementError(str(error)) from error
        with self._lock:
            if database not in self._prepared:
                connection.execute(PRELUDE)
                self._prepared.add(database)
        return connection
