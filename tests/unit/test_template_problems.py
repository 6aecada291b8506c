"""What dagc finds in texts, by itself; `tests/airflow/test_template_texts.py` has Airflow judge."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dagc.compiler.analysis.template_problems import Vocabulary, template_problems
from dagc.compiler.analysis.template_successors import EXPLANATIONS, OF_A_JOB, OF_A_SCHEDULER
from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.diagnostics import Problem, Severity
from dagc.compiler.schema.template_names import TemplateNames
from dagc.compiler.schema.template_text import read_template
from dagc.compiler.targets import TARGETS, Target

TEXTS = yaml.safe_load(
    (Path(__file__).parents[1] / "airflow" / "template_texts.yaml").read_text("utf-8")
)


def names_of(target: Target) -> TemplateNames:
    """What texts may use in `target`."""
    toolchain, _ = load_toolchain(target, "")
    assert toolchain
    return toolchain.names


def found(text: str, target: Target, **more: Any) -> list[Problem]:
    """What is wrong in the text of a job."""
    known = Vocabulary(names_of(target), (), {"region", "limit"}, OF_A_JOB)
    return [*template_problems(text, known._replace(**more))]


@pytest.mark.parametrize("target", TARGETS, ids=str)
def test_what_people_write(target: Target) -> None:
    for text in TEXTS["good"]:
        assert found(text, target) == [], text
    for text in [*TEXTS["bad"], *TEXTS["bad_from"][str(target.major)]]:
        errors = [each for each in found(text, target) if each.severity is Severity.ERROR]
        assert errors or read_template(text).error, text


@pytest.mark.parametrize("target", TARGETS, ids=str)
def test_every_name_that_is_gone_has_a_hint_of_its_own(target: Target) -> None:
    ever = {name for other in TARGETS for name in names_of(other).names}
    for name in ever - names_of(target).names:
        for successors in (OF_A_JOB, OF_A_SCHEDULER):
            [problem] = found(f"{{{{ {name} }}}}", target, successors=successors)
            assert name in {*successors, *EXPLANATIONS} or "It came with Airflow 3" in problem.hint


def test_the_line_is_that_of_the_first_use() -> None:
    text = "{{ ds }}\n{{ foo }}\n{% if ds %}{{ bar }}{% endif %}\n{{ foo }}"
    messages = [problem.message for problem in found(text, TARGETS[0])]
    assert [message.rpartition(" ")[2] for message in messages] == ["2)", "3)"]
    assert "(line" not in found("{{ foo }}\n", TARGETS[0])[0].message


def test_an_alert_that_is_lost_is_a_warning() -> None:
    [problem] = found("{{ foo }}", TARGETS[0], fails=False)
    assert problem.severity is Severity.WARNING
    assert not found("{{ exception }}", TARGETS[0], more=("exception",))


_PATHS = st.lists(
    st.sampled_from(
        ["ds", "params", "region", "self", "true", "None", "notin", "in_", "loop", "x1"]
    ),
    min_size=1,
    max_size=3,
).map(".".join)


_BESIDE = st.sampled_from(["", "\n", "{", "}", "%", "#", "{%", " { ", "a"])


@given(st.lists(st.tuples(_BESIDE, _PATHS, _BESIDE), max_size=4))
def test_what_is_read_without_jinja_is_what_jinja_reads(parts: list[tuple[str, str, str]]) -> None:
    text = "".join(f"{before}{{{{ {path} }}}}{after}" for before, path, after in parts)
    fast, slow = read_template(text), read_template("{# #}" + text)
    assert (fast.error is None) == (slow.error is None)
    assert set(fast.uses) == set(slow.uses)
