"""Of operators that need another provider than their own, `dagc runtime publish` knows that."""

import json
import subprocess

import pytest

from dagc.cli.runtime_packages import ALSO
from dagc.compiler import Operators, Target, find_target
from tests.airflow.installed import ROOT, installed_python
from tests.airflow.record_operators import FILE, PACKAGES

AMAZON = "apache-airflow-providers-amazon"


@pytest.mark.parametrize("name", ["2.11", "3.0", "3.3"])
def test_other_providers_of_operators_are_known(name: str) -> None:
    target = find_target(name)
    assert isinstance(target, Target)
    catalogue = Operators(FILE)
    modules = {
        signature.module: signature.package
        for operator in catalogue.names(target)
        for signature in catalogue.find(operator, target)
        if signature.package == AMAZON
    }
    pairs = [word for pair in modules.items() for word in pair]
    command = [str(installed_python(target)), "-m", "tests.airflow.list_other_providers"]
    output = subprocess.check_output([*command, ",".join(PACKAGES), *pairs], text=True, cwd=ROOT)
    found = json.loads(output)
    assert found == {module: [ALSO[module]] for module in found}
    assert {module for module in ALSO if module in modules} == found.keys()
