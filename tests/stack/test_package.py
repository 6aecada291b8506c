"""What `sam build` makes: complete on its own, compiled, lean, and the same on every machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stack.template import ROOT, resolved

UNCHECKED_HASH = 0b01


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built for this interpreter as `sam build` does it."""
    folder = tmp_path_factory.mktemp("package")
    settings = [f"ARTIFACTS_DIR={folder}", f"PYTHON={sys.executable}"]
    subprocess.run(
        ["make", "--silent", "-C", ROOT / "functions", "build-DagCompilerFunction", *settings],
        check=True,
    )
    return folder


def test_the_handler_loads_from_the_package_alone(package: Path) -> None:
    function = resolved()["Resources"]["DagCompilerFunction"]["Properties"]
    module = function["Handler"].rpartition(".")[0]
    # -I and -S: no installed package can stand in for one that the package lacks.
    subprocess.run(
        [sys.executable, "-ISc", f"import sys; sys.path[:0] = [{str(package)!r}]; import {module}"],
        env={**function["Environment"]["Variables"], "AWS_DEFAULT_REGION": "eu-central-1"},
        cwd=package,
        check=True,
    )


def test_every_module_is_compiled_and_never_checked_again(package: Path) -> None:
    cached = f".{sys.implementation.cache_tag}.pyc"
    for source in (package / "dagc").rglob("*.py"):
        compiled = source.parent / "__pycache__" / (source.stem + cached)
        flags = int.from_bytes(compiled.read_bytes()[4:8], "little")
        assert flags == UNCHECKED_HASH, source


def test_nothing_names_this_machine(package: Path) -> None:
    here = [os.fsencode(package), os.fsencode(ROOT)]
    for file in filter(Path.is_file, package.rglob("*")):
        content = file.read_bytes()
        assert not any(path in content for path in here), file


def test_only_what_lambda_runs(package: Path) -> None:
    assert not (package / "dagc" / "cli").exists()
    assert not (package / "bin").exists()
    services = {path.name for path in (package / "botocore" / "data").iterdir() if path.is_dir()}
    assert services == {"dynamodb", "s3", "sts"}
    size = sum(file.stat().st_size for file in package.rglob("*") if file.is_file())
    assert size < 45_000_000


def test_everyone_may_read_it(package: Path) -> None:
    for path in package.rglob("*"):
        assert path.stat().st_mode & 0o044 == 0o044, path
