"""What was recorded of Airflow's templates is what the real Airflow has."""

import json

import pytest

from dagc.compiler.targets import Target, find_target
from tests.airflow.installed import installed_python
from tests.airflow.record_template_names import FILE, template_names


@pytest.mark.parametrize("name", ["2.11", "3.0", "3.3"])
def test_recorded_names_are_those_of_airflow(name: str) -> None:
    target = find_target(name)
    assert isinstance(target, Target)
    recorded = json.loads(FILE.read_text(encoding="utf-8"))
    assert recorded[name] == template_names(installed_python(target))
