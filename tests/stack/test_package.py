"""What `sam build` makes: complete on its own, compiled, lean, and the same on every machine."""

import hashlib
import json
import os
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest

from dagc.packaging.bill_of_materials import BILL, normalized
from dagc.packaging.service_models import OPERATIONS
from demo.deploy import EXAMPLES
from docs.shipped import SHIPPED, pinned
from tests.stack.template import ROOT, resolved

UNCHECKED_HASH = 0b01


@pytest.mark.parametrize("function", ["Compiler", "Rebuild", "Redrive"])
def test_the_handler_loads_from_the_package_alone(package: Path, function: str) -> None:
    properties = resolved()["Resources"][f"Dag{function}Function"]["Properties"]
    module = properties["Handler"].rpartition(".")[0]
    # -I and -S: no installed package can stand in for one that the package lacks.
    subprocess.run(
        [sys.executable, "-ISc", f"import sys; sys.path[:0] = [{str(package)!r}]; import {module}"],
        env={**properties["Environment"]["Variables"], "AWS_DEFAULT_REGION": "eu-central-1"},
        cwd=package,
        check=True,
    )


def test_all_functions_have_one_package(built: Path, package: Path) -> None:
    folders = [built.parent / f"Dag{name}Function" for name in ("Compiler", "Rebuild", "Redrive")]
    assert package in folders
    first, *others = map(_sizes, folders)
    assert first
    assert others == [first, first]


def _sizes(folder: Path) -> dict[Path, int]:
    files = filter(Path.is_file, folder.rglob("*"))
    return {file.relative_to(folder): file.stat().st_size for file in files}


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
    assert services == {*OPERATIONS, "sts"}
    size = sum(file.stat().st_size for file in package.rglob("*") if file.is_file())
    assert size < 45_000_000


def test_another_build_has_the_same_bytes(package: Path, tmp_path: Path) -> None:
    again = tmp_path / "again" / "package"
    again.mkdir(parents=True)
    make = ["make", "-s", "-C", str(ROOT / "functions"), "package", f"ARTIFACTS_DIR={again}"]
    make += [f"PYTHON={sys.executable}", f"TEAM={EXAMPLES}"]
    subprocess.run(make, env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}, check=True)
    assert _contents(again) == _contents(package)


def _contents(folder: Path) -> dict[Path, tuple[str, int, float]]:
    """What an archive of it has: by path a digest, the permissions, the time."""
    return {
        path.relative_to(folder): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
            path.stat().st_mode,
            path.stat().st_mtime,
        )
        for path in folder.rglob("*")
    }


def test_the_bill_names_all_that_is_in_it(package: Path) -> None:
    bill = json.loads((package / BILL).read_text())
    shipped = {normalized(it.name): it.version for it in distributions(path=[str(package)])}
    assert {normalized(it["name"]): it["version"] for it in bill["components"]} == shipped
    assert shipped == pinned(SHIPPED)
    for component in bill["components"]:
        assert component["licenses"], component["name"]
    for metadata in package.glob("*.dist-info"):
        assert [*metadata.rglob("LICENSE*")], metadata


def test_the_bill_is_cyclonedx(package: Path) -> None:
    check = (
        "import sys; from cyclonedx.schema import SchemaVersion as Version;"
        "from cyclonedx.validation.json import JsonStrictValidator as Validator;"
        "sys.exit(str(Validator(Version.V1_6).validate_str(sys.stdin.read()) or '') or None)"
    )
    python = ROOT / ".venv/tools/supply/bin/python"
    subprocess.run([python, "-c", check], input=(package / BILL).read_bytes(), check=True)


def test_everyone_may_read_it(package: Path) -> None:
    for path in package.rglob("*"):
        assert path.stat().st_mode & 0o044 == 0o044, path
