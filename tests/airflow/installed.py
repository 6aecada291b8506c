"""The Airflow of each target: that of the tests, or one that is installed as it was on a day."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from dagc.compiler.targets import Target

ROOT = Path(__file__).parents[2]
DAYS = {
    "2.10": ("2.10.5", "2025-02-10", []),
    "3.1": ("3.1.8", "2026-04-01", ["apache-airflow-providers-standard"]),
    "3.2": ("3.2.2", "2026-06-01", ["apache-airflow-providers-standard"]),
}
"""The version of Airflow, the day, and what else is needed."""
PROVIDERS = [
    f"apache-airflow-providers-{name}" for name in ("amazon", "cncf-kubernetes", "common-sql")
]


def installed_python(target: Target) -> Path:
    """The Python of the tests' Airflow of that version."""
    return ROOT / f".venv/tools/airflow-{target}/bin/python"


@contextmanager
def airflow_of(target: Target) -> Iterator[Path]:
    """The Python of an Airflow of that version: the tests' own, or one for as long as it lasts."""
    sys.stderr.write(f"Airflow {target}\n")
    if installed_python(target).exists():
        yield installed_python(target)
        return
    version, day, more = DAYS[str(target)]
    with airflow_with([f"apache-airflow=={version}", *PROVIDERS, *more], day) as python:
        yield python


@contextmanager
def airflow_with(
    requirements: Sequence[str], day: str, overrides: Sequence[str] = ()
) -> Iterator[Path]:
    """The Python of an environment with `requirements` as they were on a day, while it lasts.

    `overrides` are requirements that win over what packages say of each other.
    """
    uv = Path(sys.executable).with_name("uv")
    with TemporaryDirectory() as folder:
        python = Path(folder) / "bin" / "python"
        venv = ["venv", "--quiet", "--clear", "--python", sys.executable, folder]
        subprocess.run([uv, *venv], check=True)
        winning = Path(folder) / "overrides.txt"
        winning.write_text("\n".join(overrides), encoding="utf-8")
        install: list[str | Path] = [
            "pip",
            "install",
            "--quiet",
            "--python",
            python,
            "--exclude-newer",
            day,
        ]
        subprocess.run([uv, *install, "--overrides", winning, *requirements], check=True)
        yield python
