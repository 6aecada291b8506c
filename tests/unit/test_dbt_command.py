"""The script of a DBT task, in a real Bash: what a row says is an argument of dbt, and no more."""

import os
import subprocess
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dagc.compiler.templating.dbt import dbt_command, dbt_environment
from dagc.compiler.templating.placeholders import ABSENT

NAMES = (
    "command", "project_dir", "profiles_dir", "profile", "target", "select", "exclude", "selector",
    "vars", "full_refresh", "fail_fast", "threads", "deps", "executable", "env",
)  # fmt: skip
HOSTILE = st.text("'\"`$(); &|<>\\\n#*~!{}=ab-", min_size=1, max_size=12)
_DBT = """#!/bin/sh
for argument in "$@"; do printf '%s\\0' "$argument"; done
"""


@given(select=HOSTILE, target=HOSTILE, variable=HOSTILE)
def test_texts_are_arguments(
    tmp_path_factory: Any, select: str, target: str, variable: str
) -> None:
    folder = tmp_path_factory.mktemp("dbt")
    params = {
        "command": "build",
        "project_dir": str(_project(folder)),
        "select": [select, "b"],
        "target": target,
        "vars": {"day": variable},
        "full_refresh": True,
    }
    arguments = _arguments(folder, params)
    assert arguments[:5] == ["build", "--target", target, "--select", f"{select} b"]
    assert arguments[5] == "--vars"
    assert arguments[7:] == ["--full-refresh"]


def test_a_hostile_folder_is_a_folder_that_is_not_there(tmp_path: Path) -> None:
    done = _run(tmp_path, {"command": "run", "project_dir": "'; touch there; #"})
    assert done.returncode == 1
    assert not (tmp_path / "there").exists()


def test_no_refresh_of_what_cannot_be_refreshed() -> None:
    params = dict.fromkeys(NAMES, ABSENT) | {"command": "test", "full_refresh": True}
    assert dbt_command(params).endswith("dbt test")


def _project(folder: Path) -> Path:
    (folder / "project").mkdir()
    (folder / "project" / "dbt_project.yml").touch()
    return folder / "project"


def _arguments(folder: Path, params: dict[str, Any]) -> list[str]:
    """What dbt is called with, in a copy of the project."""
    done = _run(folder, params)
    assert done.returncode == 0, done.stderr
    assert (folder / "work" / "dbt_project.yml").exists()
    return done.stdout.split("\0")[:-1]


def _run(folder: Path, params: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    (folder / "bin").mkdir()
    (folder / "bin" / "dbt").write_text(_DBT)
    (folder / "bin" / "dbt").chmod(0o755)
    (folder / "work").mkdir()
    given = dict.fromkeys(NAMES, ABSENT) | params
    return subprocess.run(
        ["bash", "-c", dbt_command(given)],
        env={"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", **dbt_environment(given)},
        cwd=folder / "work",
        capture_output=True,
        text=True,
        check=False,
    )
