"""What was recorded of operators is what the real Airflow has."""

import json
import subprocess
from collections.abc import Mapping
from typing import NamedTuple
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


class Habits(NamedTuple):
    """Operators that may skip others or return early, and what a target's Airflow says of it."""

    skippers: list[Signature]
    deferrable: list[Signature]
    skipping: set[str]
    waits: Mapping[str, bool]


@pytest.fixture(scope="module", params=["2.11", "3.0", "3.3"])
def habits(request: pytest.FixtureRequest) -> Habits:
    target = find_target(request.param)
    assert isinstance(target, Target)
    catalogue = Operators(FILE)
    signatures = [it for name in catalogue.names(target) for it in catalogue.find(name, target)]
    skippers = [each for each in signatures if takes_literals(each)]
    deferrable = [each for each in signatures if each.deferrable and not each.sensor]
    command = [str(installed_python(target)), "-m", "tests.airflow.list_habits", ",".join(WAITS)]
    command += {each.path: None for each in [*skippers, *deferrable]}
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    report = json.loads(done.stdout.splitlines()[-1])
    return Habits(skippers, deferrable, set(report["skipping"]), report["waits"])


def test_operators_that_skip_others_are_known(habits: Habits) -> None:
    names = {each.name for each in habits.skippers}
    assert habits.skipping & names == SKIPPING.keys() & names


def test_operators_that_do_not_wait_by_default_are_known(habits: Habits) -> None:
    names = {each.name for each in habits.deferrable}
    waits = {name: is_on for name, is_on in habits.waits.items() if name in names}
    assert {name for name, is_on in waits.items() if not is_on} == RETURNING & waits.keys()
    assert "EmrAddStepsOperator" in waits
