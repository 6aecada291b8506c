"""What was recorded of operators is what the real Airflow has."""

import json
from zipfile import ZipFile

import pytest

from dagc.compiler import Operators, Target, find_target
from dagc.compiler.signatures.signature import read_signature
from tests.airflow.installed import installed_python
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
