"""The deployed stack and a running Airflow, of each version in turn; `make test`: two at a time."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from demo.airflow.stage import AirflowStage, opened
from demo.airflow.versions import VERSIONS
from demo.chapters import Chapters
from demo.deploy import EXAMPLES

ARTIFACTS = Path(__file__).parents[2] / ".test-artifacts"
"""Where pictures of what was tested are kept."""

CALLBACKS = [f"live_calls:{name}" for name in ("succeeded", "tried_again", "skipped", "failed")]
"""Functions of `live_calls.py`."""


@pytest.fixture(scope="session")
def team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's folder, whose defaults allow the functions that rows of the tests call."""
    folder = tmp_path_factory.mktemp("live") / "team"
    shutil.copytree(EXAMPLES, folder)
    defaults = folder / "defaults.yaml"
    text = defaults.read_text("utf-8")
    assert "\ndefault:\n" in text
    allowed = f"\ndefault:\n  callbacks: [{', '.join(CALLBACKS)}]\n"
    defaults.write_text(text.replace("\ndefault:\n", allowed), encoding="utf-8")
    return folder


@pytest.fixture(scope="session", params=VERSIONS)
def stage(request: pytest.FixtureRequest, team: Path) -> Iterator[AirflowStage]:
    """All of it, running, with the example's rows."""
    console = Console(quiet="CI" not in os.environ)
    with opened(request.param, Chapters(console), console, team) as stage:
        yield stage


@pytest.fixture(scope="session")
def artifacts() -> Path:
    """The folder for pictures."""
    ARTIFACTS.mkdir(exist_ok=True)
    return ARTIFACTS
