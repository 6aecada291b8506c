"""What the docs show of each task type, and every parameter, the real operators of Airflow take."""

import pytest

from dagc.compiler.targets import Target, find_target
from demo.airflow.versions import VERSIONS
from tests.airflow.installed import installed_python
from tests.services.call_examples import mistakes


@pytest.mark.parametrize("version", VERSIONS)
def test_every_example_and_parameter_reaches_its_service(version: str) -> None:
    target = find_target(version)
    assert isinstance(target, Target)
    assert mistakes(target, installed_python(target)) == []
