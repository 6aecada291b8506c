"""`make airflow` says which versions there are, and its list is the demo's."""

import subprocess
from pathlib import Path

import pytest

from demo.airflow.versions import VERSIONS

ROOT = Path(__file__).parents[2]


def dry_run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "--dry-run", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_each_version_that_is_there(version: str) -> None:
    done = dry_run("airflow", f"AIRFLOW={version}")
    assert done.returncode == 0, done.stderr
    assert f"demo.airflow --airflow {version}" in done.stdout


@pytest.mark.parametrize("version", ["2.10", "2", "4.0"])
def test_another_version_names_those_that_are_there(version: str) -> None:
    done = dry_run("airflow", f"AIRFLOW={version}")
    assert done.returncode == 2
    offered = " ".join(f"AIRFLOW={name}" for name in VERSIONS)
    assert f"AIRFLOW={version} is not among those" in done.stderr
    assert offered in done.stderr


def test_it_hinders_no_other_target() -> None:
    assert dry_run("check", "AIRFLOW=2.10").returncode == 0
