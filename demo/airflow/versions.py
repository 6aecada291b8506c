"""The Airflows that this project installs, and how each is started."""

from dataclasses import dataclass
from pathlib import Path

from demo.deploy import ROOT
from demo.unexpected import UnexpectedError

DEFAULT = "3.0"
"""MWAA's newest."""


@dataclass(frozen=True)
class Version:
    """One Airflow: `name` is its minor version, `programs` are the subcommands that make it run."""

    name: str
    programs: tuple[str, ...]
    api: str

    @property
    def executable(self) -> Path:
        """The command `airflow` of its virtual environment."""
        return ROOT / ".venv" / "tools" / f"airflow-{self.name}" / "bin" / "airflow"


_THREE = ("api-server", "dag-processor", "scheduler", "triggerer")

VERSIONS = {
    version.name: version
    for version in (
        Version("2.11", ("webserver", "scheduler", "triggerer"), "/api/v1"),
        Version("3.0", _THREE, "/api/v2"),
        Version("3.3", _THREE, "/api/v2"),
    )
}


def installed(name: str) -> Version:
    """The Airflow of that minor version."""
    version = VERSIONS.get(name)
    if version is None:
        raise UnexpectedError(f"one of {', '.join(VERSIONS)}", f"Airflow {name!r}")
    if not version.executable.exists():
        look = f"Run `make .venv/tools/airflow-{name}/.installed` first."
        raise UnexpectedError(f"Airflow at {version.executable}", "nothing", look)
    return version
