"""Builds once for all tests of the stack, with `sam build`, for this interpreter."""

from pathlib import Path

import pytest
from rich.console import Console

from demo.deploy import build
from demo.local_aws import LocalAws


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built template; the package of each function is a folder beside it."""
    no_aws = LocalAws(port=0, folder=tmp_path_factory.mktemp("built"))
    return build(no_aws, Console(quiet=True))


@pytest.fixture(scope="session")
def package(built: Path) -> Path:
    """The package of the functions: all three have the same."""
    return built.parent / "DagCompilerFunction"
