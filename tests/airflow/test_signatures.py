"""What was recorded of operators is what the real Airflow has."""

import json

import pytest

from dagc.compiler.targets import Target, find_target
from tests.airflow.installed import installed_python
from tests.airflow.record_signatures import FILE, signatures


@pytest.mark.parametrize("name", ["2.11", "3.0", "3.3"])
def test_recorded_signatures_are_those_of_airflow(name: str) -> None:
    target = find_target(name)
    assert isinstance(target, Target)
    recorded = json.loads(FILE.read_text(encoding="utf-8"))
    assert recorded[name] == signatures(target, installed_python(target))
