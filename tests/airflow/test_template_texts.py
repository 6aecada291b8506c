"""Texts that dagc passes are rendered by the real Airflow, and those that it refuses are not."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dagc.compiler.analysis.template_problems import Vocabulary, template_problems
from dagc.compiler.analysis.template_successors import OF_A_JOB
from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.diagnostics import Severity
from dagc.compiler.schema.template_names import TemplateNames
from dagc.compiler.schema.template_text import read_template
from dagc.compiler.targets import TARGETS, Target, find_target
from tests.airflow.installed import ROOT, installed_python

TEXTS = yaml.safe_load(Path(__file__).with_name("template_texts.yaml").read_text("utf-8"))
"""What people write: what each target renders (`good`), and what none does (`bad`)."""


class RealAirflow:
    """Renders texts in the Airflow of a target, in one process for all."""

    def __init__(self, target: Target) -> None:
        toolchain, _ = load_toolchain(target, "")
        assert toolchain
        self.names: TemplateNames = toolchain.names
        self.process = subprocess.Popen(
            [installed_python(target), "-Wignore", "-m", "tests.airflow.render_texts"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def rendered(self, texts: list[str]) -> list[dict[str, str]]:
        """What becomes of each text."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(texts) + "\n")
        self.process.stdin.flush()
        answer: list[dict[str, str]] = json.loads(self.process.stdout.readline())
        return answer

    def severities(self, text: str) -> set[Severity]:
        """What dagc finds wrong in a text."""
        reading = read_template(text)
        known = Vocabulary(self.names, (), {"region", "limit"}, OF_A_JOB)
        found = {problem.severity for problem in template_problems(text, known)}
        return found | ({Severity.ERROR} if reading.error else set())


@pytest.fixture(scope="module", params=["2.11", "3.0", "3.3"])
def airflow(request: pytest.FixtureRequest) -> Iterator[RealAirflow]:
    target = find_target(request.param)
    assert isinstance(target, Target)
    real = RealAirflow(target)
    yield real
    real.process.communicate()
    assert real.process.returncode == 0


def test_what_people_write(airflow: RealAirflow) -> None:
    texts = [*TEXTS["good"], *TEXTS["good_from"].get(str(airflow.names.target), [])]
    found = dict(zip(texts, airflow.rendered(texts), strict=True))
    assert {text: answer for text, answer in found.items() if "error" in answer} == {}
    assert {text: airflow.severities(text) for text in texts if airflow.severities(text)} == {}


def test_what_no_airflow_renders(airflow: RealAirflow) -> None:
    texts = [*TEXTS["bad"], *TEXTS["bad_from"].get(str(airflow.names.target.major), [])]
    found = dict(zip(texts, airflow.rendered(texts), strict=True))
    assert {text: answer for text, answer in found.items() if "error" not in answer} == {}
    assert [text for text in texts if Severity.ERROR not in airflow.severities(text)] == []


_NAMES = st.sampled_from(
    sorted(
        name
        for target in TARGETS
        for name in load_toolchain(target, "")[0].names.names  # type: ignore[union-attr]
        if not name.startswith(("prev_", "triggering_", "conn"))  # they ask the database
    )
)
_VALUES = st.one_of(
    _NAMES,
    st.sampled_from(
        ["foo", "dag_id", "a", "ds", "params.region", "params.absent", "params['limit']", "'text'",
         "var.value.topic", "var.topic", "var", "macros.ds_add(ds, 1)", "macros.absent", "foo.bar",
         "foo.bar()", "dag.dag_id", "dag_run.conf.limit", "range(3)", "loop", "namespace(a=1)"],
    ),
)  # fmt: skip
_FILTERS = st.sampled_from(["upper", "string", "default('x')", "d('x')", "e", "pprint", "absent"])
_TESTS = st.sampled_from(["defined", "undefined", "none", "string", "not defined", "absent"])
_EXPRESSIONS = st.recursive(
    _VALUES,
    lambda inner: st.one_of(
        st.builds("({} | {})".format, inner, _FILTERS),
        st.builds("({} is {})".format, inner, _TESTS),
        st.builds("({} {} {})".format, inner, st.sampled_from(["~", "and", "or", "=="]), inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("({} if {})".format, inner, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("dict(a={})".format, inner),
        st.builds("({} in [{}])".format, inner, inner),
        st.builds("(not {})".format, inner),
    ),
    max_leaves=4,
)
_PIECES = st.recursive(
    st.one_of(
        st.builds("{{{{ {} }}}}".format, _EXPRESSIONS),
        st.builds("{{% set a = {} %}}".format, _EXPRESSIONS),
        st.builds("{{% do {} %}}".format, _EXPRESSIONS),
        st.sampled_from(["text ", "{# {{ foo }} #}", "{% raw %}{{ foo }}{% endraw %}", "{{ a }}"]),
    ),
    lambda inner: st.one_of(
        st.builds("{{% if {} %}}{}{{% else %}}{}{{% endif %}}".format, _EXPRESSIONS, inner, inner),
        st.builds("{{% if foo is defined %}}{}{{% endif %}}".format, inner),
        st.builds("{{% for a in [{}] %}}{}{{% endfor %}}".format, _EXPRESSIONS, inner),
        st.builds("{{% for a in [] %}}{}{{% endfor %}}".format, inner),
        st.builds("{{% macro m(a) %}}{}{{% endmacro %}}".format, inner),
        st.builds("{{% macro m(a) %}}{}{{% endmacro %}}{{{{ m(1) }}}}".format, inner),
        st.builds("{{% with a = {} %}}{}{{% endwith %}}".format, _EXPRESSIONS, inner),
        st.builds("{{% filter {} %}}{}{{% endfilter %}}".format, _FILTERS, inner),
        st.builds("{{% set b %}}{}{{% endset %}}{{{{ b }}}}".format, inner),
        st.builds("{}{}".format, inner, inner),
    ),
    max_leaves=4,
)


_UNDEFINED = re.compile(r"'(\w+)' is undefined$|has no attribute '(\w+)'$")


def _is_passed_knowingly(text: str, error: str) -> bool:
    """Whether it fails for a name of its own, before it defines it; or for one that it asks for
    elsewhere. dagc does not follow these.
    """
    found = _UNDEFINED.search(error)
    name = (found[1] or found[2]) if found else ""
    asked = re.search(rf"\b{name} is (?:not )?(?:un)?defined", text)
    return bool(name) and (name in ("a", "b", "m", "loop") or asked is not None)


@settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a text that fails is short enough
    suppress_health_check=[HealthCheck.too_slow],
)
@given(texts=st.lists(_PIECES, min_size=10, max_size=10))
def test_the_verdict_is_airflows(airflow: RealAirflow, texts: list[str]) -> None:
    for text, answer in zip(texts, airflow.rendered(texts), strict=True):
        found = airflow.severities(text)
        if Severity.ERROR in found:
            assert "error" in answer, (text, answer)
        elif not found and "error" in answer:
            assert _is_passed_knowingly(text, answer["error"]), (text, answer)


def test_a_successor_is_the_same_value() -> None:
    """The names that Airflow 3 has no more, in the Airflow 2 that has both."""
    target = find_target("2.11")
    assert isinstance(target, Target)
    airflow = RealAirflow(target)
    pairs = {old: new for old, new in OF_A_JOB.items() if old in airflow.names.names}
    assert len(pairs) > 10
    del pairs["triggering_dataset_events"]  # another name of the same
    old = airflow.rendered([f"{{{{ {name} }}}}" for name in pairs])
    new = airflow.rendered([f"{{{{ {successor} }}}}" for successor in pairs.values()])
    airflow.process.communicate()
    assert dict(zip(pairs, old, strict=True)) == dict(zip(pairs, new, strict=True))


def test_a_successor_is_there_where_the_name_is_not() -> None:
    for target in TARGETS:
        toolchain, _ = load_toolchain(target, "")
        assert toolchain
        for name, successor in OF_A_JOB.items():
            if name not in toolchain.names.names:
                known = Vocabulary(toolchain.names, (), (), OF_A_JOB)
                problems: list[Any] = [*template_problems(f"{{{{ {successor} }}}}", known)]
                assert problems == [], (str(target), name)
