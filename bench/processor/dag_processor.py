"""A real `airflow dag-processor` on a folder, and what the metadata database says of its work."""

import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql

from bench.processor.process_tree import cpu_seconds
from bench.processor.processor_settings import Settings, variables
from demo.airflow.configuration import environment
from demo.airflow.postgres import Postgres
from demo.airflow.versions import Version, installed
from demo.deploy import ROOT
from demo.local_aws import without_aws
from demo.process import Process, log, printed_by, require_running, running

NAME = "dag-processor"
_LOOK_EVERY = 0.5
_BOUND = 3600.0
_GONE = {"2": "NOT is_active", "3": "is_stale"}


@dataclass(frozen=True)
class DagProcessor:
    """One that runs: its folder of DAGs, its process, and its database."""

    folder: Path
    process: Process
    connection: psycopg.Connection[tuple[str, datetime, bool]]
    gone: str

    def cpu(self) -> float:
        """The CPU seconds of it and of all that it has started."""
        require_running(NAME, self.process, log(self.folder.parent, NAME))
        return cpu_seconds(self.process.pid)

    def parses(self) -> dict[str, datetime]:
        """When each DAG that is not gone was last parsed."""
        query = f"SELECT dag_id, last_parsed_time, {self.gone} FROM dag"  # noqa: S608 - ours
        rows = self.connection.execute(query.encode()).fetchall()
        return {name: parsed for name, parsed, gone in rows if not gone}

    def errors(self) -> list[str]:
        """What could not be imported."""
        rows = self.connection.execute("SELECT filename FROM import_error").fetchall()
        return [name for name, *_ in rows]

    def now(self) -> datetime:
        """The clock by which parses are told."""
        row = self.connection.execute("SELECT clock_timestamp()").fetchone()
        assert row is not None
        return row[0]  # type: ignore[return-value]

    def wait(self, count: int, since: datetime) -> float:
        """Seconds until so many DAGs have been parsed after `since`."""
        began = time.monotonic()
        while sum(parsed > since for parsed in self.parses().values()) < count:
            self._pause(began, f"{count} parses")
        if errors := self.errors():
            raise AssertionError(errors)
        return time.monotonic() - began

    def wait_until_gone(self, dag_id: str) -> float:
        """Seconds until a DAG is gone."""
        began = time.monotonic()
        while dag_id in self.parses():
            self._pause(began, f"{dag_id} to go")
        return time.monotonic() - began

    def _pause(self, began: float, expected: str) -> None:
        if time.monotonic() - began > _BOUND:
            raise AssertionError(f"no {expected} in {_BOUND:.0f} s")
        require_running(NAME, self.process, log(self.folder.parent, NAME))
        time.sleep(_LOOK_EVERY)


class Workplace:
    """Where processors of one version run: a migrated database to copy, and a folder."""

    def __init__(self, airflow: str, folder: Path, postgres: Postgres) -> None:
        self.airflow = airflow
        self._version: Version = installed(airflow)
        self._folder = folder
        self._postgres = postgres
        self._runs = 0
        self._template = f"migrated_{airflow.replace('.', '_')}"
        url = postgres.create_database(self._template)
        self._command("migrate", self._environment(folder / "migration", url, {}, {}))

    @contextmanager
    def processor(
        self,
        settings: Settings,
        texts: Mapping[str, str],
        others: Mapping[str, str] | None = None,
    ) -> Iterator[DagProcessor]:
        """A processor with a database of its own, on a folder of files by their names.

        `others` are more variables of its environment.
        """
        self._runs += 1
        home = self._folder / f"{self.airflow}-{self._runs}"
        dags = home / "dags"
        dags.mkdir(parents=True)
        for name, text in texts.items():
            (dags / f"{name}.py").write_text(text, encoding="utf-8")
        shutil.copytree(ROOT / "airflow_runtime" / "plugins", home / "plugins")
        url = self._copied_database()
        environ = self._environment(home, url, settings, others or {})
        command = {NAME: [str(self._version.executable), NAME]}
        with (
            psycopg.connect(url, autocommit=True) as connection,
            running(command, folder=home, environment=environ) as processes,
        ):
            gone = _GONE[self.airflow[0]]
            yield DagProcessor(dags, processes[NAME], connection, gone)
        shutil.rmtree(home, ignore_errors=True)

    def _copied_database(self) -> str:
        name = f"{self._template}_{self._runs}"
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        with psycopg.connect(self._postgres.dsn(), autocommit=True) as connection:
            connection.execute(copy.format(sql.Identifier(name), sql.Identifier(self._template)))
        return self._postgres.dsn(name)

    def _environment(
        self, home: Path, url: str, settings: Settings, others: Mapping[str, str]
    ) -> dict[str, str]:
        home.mkdir(parents=True, exist_ok=True)
        local = environment(self._version, home, 8080, url)
        return {**without_aws(), **local, **variables(self.airflow, settings), **others}

    def _command(self, name: str, environ: Mapping[str, str]) -> None:
        arguments = [str(self._version.executable), "db", name]
        printed_by(arguments, f"airflow db {name}", environment=environ)
