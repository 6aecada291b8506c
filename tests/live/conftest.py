"""The deployed stack and a running Airflow, of each version in turn: more is too much at once."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from demo.airflow.stage import AirflowStage, opened
from demo.airflow.versions import VERSIONS
from demo.chapters import Chapters

ARTIFACTS = Path(__file__).parents[2] / ".test-artifacts"
"""Where pictures of what was tested are kept."""


@pytest.fixture(scope="session", params=VERSIONS)
def stage(request: pytest.FixtureRequest) -> Iterator[AirflowStage]:
    """All of it, running, with the example's rows."""
    console = Console(quiet="CI" not in os.environ)
    with opened(request.param, Chapters(console), console) as stage:
        yield stage


@pytest.fixture(scope="session")
def artifacts() -> Path:
    """The folder for pictures."""
    ARTIFACTS.mkdir(exist_ok=True)
    return ARTIFACTS
