"""A running Airflow: its programs, started in a folder of its own, and its page."""

import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from demo.airflow.configuration import environment
from demo.airflow.postgres import Postgres
from demo.airflow.rest import Rest
from demo.airflow.versions import Version
from demo.loopback import free_port
from demo.process import Process, log, printed_by, require_running, running
from demo.waiting import wait_until

LOOK_EVERY_SECONDS = 0.5

_FLASK = "AUTH_ROLE_PUBLIC = 'Admin'\nWTF_CSRF_ENABLED = False\n"
"""Airflow 2 asks nobody to log in: it listens on this machine alone."""


@dataclass(frozen=True)
class Airflow:
    """Where a running Airflow is: its page at `url`, its files in `home`."""

    version: Version
    home: Path
    url: str
    environment: Mapping[str, str]
    processes: Mapping[str, Process]

    @property
    def rest(self) -> Rest:
        """Its REST API."""
        return Rest(self.url, self.version.api)

    @property
    def dags(self) -> Path:
        """Its DAG folder."""
        return self.home / "dags"

    def run_page(self, dag_id: str, run_id: str) -> str:
        """The page that shows a run."""
        quoted = urllib.parse.quote(run_id, safe="")
        if self.rest.is_three:
            return f"{self.url}/dags/{dag_id}/runs/{quoted}"
        return f"{self.url}/dags/{dag_id}/grid?dag_run_id={quoted}"

    def task_log(self, dag_id: str, run_id: str, task_id: str) -> str:
        """What the first try of a task has logged."""
        folder = f"logs/dag_id={dag_id}/run_id={run_id}/task_id={task_id}"
        return (self.home / folder / "attempt=1.log").read_text(errors="replace")

    def command(self, *arguments: str) -> str:
        """What the command `airflow` prints."""
        return _airflow(self.version, self.home, self.environment, *arguments)


def prepare(version: Version, home: Path, database: Postgres) -> tuple[int, dict[str, str]]:
    """Make the folder and the metadata database; the port to listen at, and the configuration."""
    for folder in ("dags", "plugins"):
        (home / folder).mkdir(parents=True)
    (home / "webserver_config.py").write_text(_FLASK)
    port = free_port()
    name = f"airflow_{version.name.replace('.', '_')}"
    options = environment(version, home, port, database.create_database(name))
    return port, options


@contextmanager
def started(
    version: Version, home: Path, port: int, variables: Mapping[str, str]
) -> Iterator[Airflow]:
    """Start its programs in the prepared `home`, wait until they answer, and end them."""
    _airflow(version, home, variables, "db", "migrate")
    commands = {name: [str(version.executable), name] for name in version.programs}
    with running(commands, folder=home, environment=variables) as processes:
        airflow = Airflow(version, home, f"http://127.0.0.1:{port}", variables, processes)
        _wait_until_healthy(airflow)
        yield airflow


def _airflow(version: Version, home: Path, variables: Mapping[str, str], *arguments: str) -> str:
    return printed_by(
        [version.executable, *arguments],
        f"airflow {' '.join(arguments)}",
        folder=home,
        environment=variables,
    )


def _wait_until_healthy(airflow: Airflow) -> None:
    expected = {"metadatabase", "scheduler", "triggerer"}
    if "dag-processor" in airflow.version.programs:
        expected.add("dag_processor")

    def health() -> dict[str, str]:
        for name, process in airflow.processes.items():
            require_running(f"`airflow {name}`", process, log(airflow.home, name))
        return airflow.rest.health()

    wait_until(
        health,
        lambda found: {name for name in expected if found.get(name) == "healthy"} == expected,
        f"Airflow {airflow.version.name} to be healthy",
        every=LOOK_EVERY_SECONDS,
    )
