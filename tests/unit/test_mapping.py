"""Each parameter that a type's schema lets be mapped, or be a result, has a place in its template.

(Whether the operators take it, `tests/airflow/test_mapping.py` asks the real Airflow.)
"""

import re

import pytest

from dagc.compiler.analysis.mapping import mappable_params
from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.targets import Target, find_target
from dagc.compiler.toolchain import Toolchain
from docs.generate import FOLDER
from tests.unit.mapped_parameters import jobs_with_results, mapped_jobs

_BY_ANOTHER_NAME = {("HTTP", "json"): "data"}


@pytest.fixture(params=["2.10", "2.11", "3.0", "3.3"])
def toolchain(request: pytest.FixtureRequest) -> Toolchain:
    target = find_target(request.param)
    assert isinstance(target, Target)
    toolchain, _ = load_toolchain(target, "")
    assert toolchain is not None
    return toolchain


def test_each_mapped_parameter_is_an_argument(toolchain: Toolchain) -> None:
    found = list(mapped_jobs(toolchain))
    assert len(found) > 100
    for kind, name, dag in found:
        assert dag.text is not None, dag.diagnostics
        argument = _BY_ANOTHER_NAME.get((kind, name), name)
        assert f"{argument}=" in dag.text.partition(".expand(")[2].partition("\n\n")[0], (
            kind,
            name,
        )


def test_the_page_of_the_types_says_what_is_mapped(toolchain: Toolchain) -> None:
    sections = re.split("^## ", (FOLDER / "task-types.md").read_text("utf-8"), flags=re.MULTILINE)
    for task_type in toolchain.types.values():
        if not task_type.any_operator:
            [page] = (it for it in sections if it.startswith(f"{task_type.name}\n"))
            rows = re.findall(r"^\| `(\w+)` \| ([^|]*), templated([^|]*)", page, flags=re.MULTILINE)
            said = [name for name, _, words in rows if ", not mapped" not in words]
            assert said == mappable_params(task_type), task_type.name


def test_each_result_stands_in_the_file(toolchain: Toolchain) -> None:
    found = list(jobs_with_results(toolchain))
    assert len(found) > 80
    for kind, name, dag in found:
        assert dag.text is not None, dag.diagnostics
        assert "first.output" in dag.text, (kind, name)
