"""What was recorded of operators is what the real Airflow has."""

import json
import subprocess
from typing import Any
from zipfile import ZipFile

import pytest

from dagc.compiler import Operators, Target, find_target
from dagc.compiler.rows.operator_types import SKIPPING, takes_literals
from dagc.compiler.rows.operator_waits import RETURNING, WAITS
from dagc.compiler.signatures.signature import Signature, read_signature
from tests.airflow.installed import ROOT, installed_python
from tests.airflow.record_operators import FILE, operators


@pytest.mark.parametrize("name", ["2.11", "3.0", "3.3"])
def test_recorded_operators_are_those_of_airflow(name: str) -> None:
    target = find_target(name)
    assert isinstance(target, Target)
    report = operators(installed_python(target))
    with ZipFile(FILE) as file:
        recorded = json.loads(file.read("index.json"))["packages"][name]
    # The tests have other versions of some packages than the constraints.
    packages = report["packages"].items()
    same = {package for package, version in packages if recorded.get(package) == version}
    assert "apache-airflow-providers-slack" in same
    catalogue = Operators(FILE)
    found = [
        read_signature(entry["name"], entry)
        for entry in report["operators"]
        if entry["package"] in same
    ]
    assert found
    assert [each for each in found if (each,) != catalogue.find(each.path, target)] == []


@pytest.mark.parametrize("name", ["2.11", "3.0", "3.3"])
def test_operators_that_skip_others_are_known(name: str) -> None:
    target = find_target(name)
    assert isinstance(target, Target)
    signatures = [each for each in _catalogued(target) if takes_literals(each)]
    found = set(_said_by("list_skipping", signatures, target))
    assert found == SKIPPING.keys() & {each.name for each in signatures}


@pytest.mark.parametrize("name", ["2.11", "3.0", "3.3"])
def test_operators_that_do_not_wait_by_default_are_known(name: str) -> None:
    target = find_target(name)
    assert isinstance(target, Target)
    signatures = [each for each in _catalogued(target) if each.deferrable and not each.sensor]
    waits = _said_by("list_returning", signatures, target, ",".join(WAITS))
    assert {name for name, is_on in waits.items() if not is_on} == RETURNING & waits.keys()
    assert "EmrAddStepsOperator" in waits


def _catalogued(target: Target) -> list[Signature]:
    catalogue = Operators(FILE)
    return [each for name in catalogue.names(target) for each in catalogue.find(name, target)]


def _said_by(module: str, signatures: list[Signature], target: Target, *first: str) -> Any:
    """What the `module` of the tests says of these operators, in the Airflow of `target`."""
    paths = [*first, *(each.path for each in signatures)]
    command = [str(installed_python(target)), "-m", f"tests.airflow.{module}", *paths]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return json.loads(done.stdout.splitlines()[-1])
