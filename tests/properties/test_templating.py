"""A template rendered once, with placeholders, prints what it prints with the values."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.compilation import Dag
from dagc.compiler.schema.other_names import normalized
from dagc.compiler.targets import Target
from dagc.compiler.templating.template import Template
from tests.conftest import EXAMPLES
from tests.properties.compiling import ALL_TARGETS, codes, compile_items, toolchain
from tests.properties.generated_file import read_file
from tests.properties.hostile import LEGAL_TEXTS
from tests.properties.parameters import declarations, parameters

DECLARATIONS = declarations()
FEW = settings(max_examples=EXAMPLES // 10)


def _compiled(kind: str, params: Any, target: Target) -> str | None:
    task = {"task_id": "1", "task_name": "t", "task_type": kind, "task_params": params}
    job = {"job_type": "a", "job_id": "1", "job_name": "j", "task_list": "1"}
    [artifact] = compile_items([task], [job], tools=toolchain(target))
    return artifact.text


@pytest.mark.parametrize("kind", DECLARATIONS)
@FEW
@given(data=st.data(), target=st.sampled_from(ALL_TARGETS))
def test_placeholders_change_nothing(kind: str, data: st.DataObject, target: Target) -> None:
    first, second = (data.draw(parameters(DECLARATIONS[kind], LEGAL_TEXTS)) for _ in range(2))
    cached = [_compiled(kind, params, target) for params in (first, second, first)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "skeleton", Template._render)  # it is the slow path
        assert cached == [_compiled(kind, params, target) for params in (first, second, first)]
    assert kind in OF_A_VALUE or None not in cached
    looking = {toolchain(target).types[normalized(name)].template for name in OF_A_VALUE}
    for name, template in toolchain(target).templates.items():
        # Our own templates need no value: so the fast path is the usual one.
        assert name in looking or None not in template._skeletons.values()


OF_A_VALUE = {
    "EXTERNAL-TASK", "SAGEMAKER-PROCESSING", "SAGEMAKER-TRAINING", "STEP-FUNCTION",
    "STEP-FUNCTION-SENSOR",
}  # fmt: skip
"""Types whose template looks at a value, or of which no row is right for each target."""

DECLARATION = """\
type: OWN
imports: {BashOperator: airflow.providers.standard.operators.bash}
params:
  properties:
    x: {type: [integer, string, array]}
    y: {type: [integer, string]}
"""
OPENING = "{{ variable }} = BashOperator(\n    task_id={{ task_id }},\n"


def _own(tmp_path: Path, body: str, others: Mapping[str, str] | None = None) -> Any:
    """Compiles tasks of a team's own type whose template ends in `body`."""
    types = tmp_path / "templates" / "tasks"
    types.mkdir(parents=True)
    (types / "own.yaml").write_text(DECLARATION, encoding="utf-8")
    template = f"{OPENING}{body}    {{{{ settings }}}}\n)\n"
    for name, text in {"own.py.jinja": template, **(others or {})}.items():
        (types / name).write_text(text, encoding="utf-8")
    tools, diagnostics = load_toolchain(Target(3, 0), "", tmp_path)
    assert tools is not None, diagnostics

    def compiled(*all_params: dict[str, Any]) -> list[Dag]:
        tasks = [
            {"task_id": f"{i}", "task_name": f"t{i}", "task_type": "OWN", "task_params": params}
            for i, params in enumerate(all_params)
        ]
        jobs = [
            {"job_type": "a", "job_id": f"{i}", "job_name": f"j{i}", "task_list": f"{i}"}
            for i, _ in enumerate(all_params)
        ]
        return compile_items(tasks, jobs, tools=tools)

    return compiled


def _arguments(artifact: Dag) -> dict[str, Any]:
    assert artifact.text is not None, artifact.diagnostics
    [(_, arguments)] = read_file(artifact.text).tasks.values()
    return arguments


LOOKS = {
    "{% if params.x == 1 %}": ({"a": True}, {"a": False}, {"a": False}),
    "{% if 1 == params.x %}": ({"a": True}, {"a": False}, {"a": False}),
    "{% if params.x is string %}": ({"a": False}, {"a": True}, {"a": False}),
    "{% if params.x in [1, 2] %}": ({"a": True}, {"a": False}, {"a": False}),
    "{% if params.x is iterable %}": ({"a": False}, {"a": True}, {"a": True}),
    "{% if params.x %}": ({"a": True}, {"a": True}, {"a": True}),
    "{% if '%s' % params.x == '1' %}": ({"a": True}, {"a": False}, {"a": False}),
}


@pytest.mark.parametrize("test", LOOKS)
@pytest.mark.usefixtures("lean_catalog")
def test_a_template_may_look_at_values(tmp_path: Path, test: str) -> None:
    compiled = _own(tmp_path, f"    a={test}True{{% else %}}False{{% endif %}},\n")
    artifacts = compiled({"x": 1}, {"x": "one"}, {"x": ["a", 2]}, {"x": 1})
    assert tuple(map(_arguments, artifacts)) == (*LOOKS[test], LOOKS[test][0])


PRINTS = {
    "{{ params.x }}": [1, "one", ["a", 2]],
    "{{ [params.x, 0] }}": [[1, 0], ["one", 0], [["a", 2], 0]],
    "{{ {'k': [params.x]} }}": [{"k": [1]}, {"k": ["one"]}, {"k": [["a", 2]]}],
    "{{ '%r' % (params.x,) }}": ["1", "'one'", "['a', 2]"],
    "{{ '{!r}'.format(params.x) }}": ["1", "'one'", "['a', 2]"],
    "{{ params.x ~ '!' }}": ["1!", "one!", "['a', 2]!"],
    "{{ params.x | string | upper }}": ["1", "ONE", "['A', 2]"],
    "{{ params.x | string | length }}": [1, 3, 8],
    "{{ params.x if params.y is present else 5 }}": [5, 5, 5],
    "{{ dict(k=params.x) }}": [{"k": 1}, {"k": "one"}, {"k": ["a", 2]}],
    "{{ [params.x] | join('-') }}": ["1", "one", "['a', 2]"],
    "{{ '-'.join([params.x | string, 'z']) }}": ["1-z", "one-z", "['a', 2]-z"],
    "{{ '-'.join([params.x] | map('string')) }}": ["1", "one", "['a', 2]"],
    "{{ {1: 'a'}[params.x] if params.x == 1 else 'b' }}": ["a", "b", "b"],
    "{{ [0] + [params.x] }}": [[0, 1], [0, "one"], [0, ["a", 2]]],
    "{{ params.x * 2 }}": [2, "oneone", ["a", 2, "a", 2]],
    "{{ [params.x] | pprint }}": ["[1]", "['one']", "[['a', 2]]"],
}


@pytest.mark.parametrize("expression", PRINTS)
@pytest.mark.usefixtures("lean_catalog")
def test_a_template_may_compute(tmp_path: Path, expression: str) -> None:
    compiled = _own(tmp_path, f"    a={expression},\n")
    artifacts = compiled({"x": 1}, {"x": "one"}, {"x": ["a", 2]})
    assert [_arguments(artifact)["a"] for artifact in artifacts] == PRINTS[expression]


@pytest.mark.usefixtures("lean_catalog")
def test_a_template_may_loop(tmp_path: Path) -> None:
    body = "    a=[{% for entry in params.x %}{{ entry }}, {% endfor %}],\n"
    compiled = _own(tmp_path, body)
    artifacts = compiled({"x": ["a", '"'], "y": 1}, {"x": []})
    assert [_arguments(artifact)["a"] for artifact in artifacts] == [["a", '"'], []]


OTHER = {
    "part.jinja": "b={{ params.y }}, c={{ params.x }}",
    "macros.jinja": "{% macro m(v) %}b={{ 'b' }}, c={{ v }}{% endmacro %}",
}
PARTS = [
    "{% include 'tasks/part.jinja' %}",
    "{% from 'tasks/macros.jinja' import m %}{{ m(params.x) }}",
    "{% import 'tasks/macros.jinja' as lib with context %}{{ lib.m(params.x) }}",
    "{% macro m(v) %}b={{ 'b' }}, c={{ v }}{% endmacro %}{{ m(params.x) }}",
    "{% set part %}b={{ 'b' }}, c={{ params.x }}{% endset %}{{ part }}",
    "{% macro m(v) %}{{ v }}{% endmacro %}b='b', c={{ m(params.x) }}",
    "{% set part %}{{ params.x }}{% endset %}b='b', c={{ part }}",
    "{% filter upper %}b={{ 'b' }}, c={{ params.x }}{% endfilter %}",
]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.usefixtures("lean_catalog")
def test_a_template_in_parts_is_right_or_an_error(tmp_path: Path, part: str) -> None:
    body = f"    a={{{{ 'a' }}}},\n    {part},\n"
    compiled = _own(tmp_path, body, OTHER)
    for artifact in compiled({"x": "x1", "y": "b"}, {"x": "x2", "y": "b"}):
        if artifact.text is None:
            assert codes([artifact]) == ["bad-template"]
        else:
            arguments = {name.lower(): value for name, value in _arguments(artifact).items()}
            [parameters] = [f"x{int(artifact.dag_id[-1]) + 1}"]
            assert arguments == {"a": "a", "b": "b", "c": parameters}


@pytest.mark.parametrize(
    "body", ["a=(,\n", "    a={{ params.nothing }},\n", "    a={{ 1 / 0 }},\n"]
)
@pytest.mark.usefixtures("lean_catalog")
def test_a_wrong_template_is_an_error_of_its_dag(tmp_path: Path, body: str) -> None:
    assert codes(_own(tmp_path, body)({"x": 1})) == ["bad-template"]
