"""What was recorded of operators is what the real Airflow has."""

import json
import subprocess
from zipfile import ZipFile

import pytest

from dagc.compiler import Operators, Target, find_target
from dagc.compiler.rows.operator_types import SKIPPING, takes_literals
from dagc.compiler.signatures.signature import read_signature
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
    catalogue = Operators(FILE)
    signatures = [each for name in catalogue.names(target) for each in catalogue.find(name, target)]
    paths = [each.path for each in signatures if takes_literals(each)]
    command = [str(installed_python(target)), "-m", "tests.airflow.list_skipping", *paths]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    found = set(json.loads(done.stdout.splitlines()[-1]))
    assert found == SKIPPING.keys() & {each.name for each in signatures}
