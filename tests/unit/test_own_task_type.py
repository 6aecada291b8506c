"""A team's own task type: a template and a declaration in a folder of its own, and no code."""

import json
from pathlib import Path
from typing import Any

import black
import pytest
from typer.testing import CliRunner

from dagc.cli.main import app
from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.compilation import Dag, compile_rows, read_rows
from dagc.compiler.targets import Target

pytestmark = pytest.mark.usefixtures("lean_catalog")

DECLARATION = """\
type: SLACK-MESSAGE
summary: Sends a message.
imports:
  SlackAPIPostOperator:
    "2": acme.old.slack
    "3": acme.slack
params:
  required: [channel]
  properties:
    channel: {type: string, pattern: "#[a-z-]+"}
    text: {type: string, templated: true}
    every: {type: [integer, string], format: duration}
    icons: {type: array, items: {type: string}, maxItems: 2}
"""
TARGET = Target(3, 0)
TEMPLATE = """\
{{ variable }}=SlackAPIPostOperator( task_id = {{ task_id }},channel = {{ params.channel }},
    text={{ params.text }},
  every={{ params.every }},
  icons={{ params.icons }},
  {{ settings }}
  )
"""


def _folder(path: Path, declaration: str = DECLARATION, template: str | None = TEMPLATE) -> Path:
    types = path / "templates" / "tasks"
    types.mkdir(parents=True)
    (types / "slack.yaml").write_text(declaration, encoding="utf-8")
    if template is not None:
        (types / "slack.py.jinja").write_text(template, encoding="utf-8")
    return path


def _compile(folder: Path, params: Any, target: Target = TARGET) -> Dag:
    tools, diagnostics = load_toolchain(target, "", folder)
    assert tools is not None, diagnostics
    task = {
        "task_id": "1",
        "task_name": "tell",
        "task_type": "slack_message",
        "task_params": params,
    }
    job = {
        "job_type": "a", "job_id": "1", "job_name": "j", "task_list": "1",
        "job_task_configs": {"1": {"retries": 1}},
    }  # fmt: skip
    [artifact] = compile_rows(read_rows([task], [job], [], tools), tools)
    return artifact


def test_it_is_compiled_and_formatted(tmp_path: Path) -> None:
    params = {"channel": "#a", "text": 'Done: "{{ ds }}"', "every": "90m", "icons": ["x" * 50] * 2}
    text = _compile(_folder(tmp_path), params).text
    assert text is not None
    assert black.format_str(text, mode=black.Mode()) == text
    assert 'channel="#a",' in text
    assert "every=timedelta(minutes=90)," in text
    assert "retries=1," in text
    assert "from acme.slack import SlackAPIPostOperator" in text
    assert "from datetime import timedelta" in text
    assert "import BashOperator" not in text


def test_what_is_absent_is_left_out(tmp_path: Path) -> None:
    text = _compile(_folder(tmp_path), {"channel": "#a"}).text
    assert text is not None
    assert "text=" not in text
    assert "every=" not in text
    assert black.format_str(text, mode=black.Mode()) == text


KEPT = """\
{{ variable }} = SlackAPIPostOperator(
    task_id={{ task_id }},
    # one, two,
    channel={{ params.channel }},  # three,
    text=str(
        1,
    ),
    {{ settings }}
)
"""


def test_the_lines_of_a_template_are_kept(tmp_path: Path) -> None:
    text = _compile(_folder(tmp_path, template=KEPT), {"channel": "#a"}).text
    assert text is not None
    assert '        # one, two,\n        channel="#a",  # three,\n' in text
    assert black.format_str(text, mode=black.Mode()) == text


def test_its_imports_differ_by_target(tmp_path: Path) -> None:
    text = _compile(_folder(tmp_path), {"channel": "#a"}, Target(2, 11)).text
    assert text is not None
    assert "from acme.old.slack import SlackAPIPostOperator" in text


MISTAKES = {
    "missing-parameter": {},
    "unknown-key": {"channel": "#a", "chanel": "#b"},
    "bad-type": {"channel": 5},
    "bad-value": {"channel": "general"},
    "bad-jinja": {"channel": "#a", "text": "{{ ds"},
    "too-large": {"channel": "#a", "icons": ["a", "b", "c"]},
    "bad-text": {"channel": "#a", "text": "\0"},
}


@pytest.mark.parametrize("code", MISTAKES)
def test_mistakes_in_its_parameters(tmp_path: Path, code: str) -> None:
    artifact = _compile(_folder(tmp_path), MISTAKES[code])
    assert artifact.text is None
    assert [str(diagnostic.code) for diagnostic in artifact.diagnostics] == [code]
    assert artifact.diagnostics[0].attribute == "task_params"


WRONG_TEMPLATES = {
    "no Jinja": "{% if %}",
    "no Python": "{{ variable }} = = 1\n",
    "an unknown name": "{{ variable }} = f({{ nothing }})\n",
    "an unknown parameter": "{{ variable }} = f(\n    a={{ params.nothing }},\n)\n",
    "an unknown filter": "{{ variable }} = f({{ task_id | nothing }})\n",
    "a failing expression": "{{ variable }} = f({{ 1 / 0 }})\n",
    "a failing look-up": "{{ variable }} = f({{ {}['a'].b.c }})\n",
    "an absent value": "{{ variable }} = f(1 + {{ params.text }})\n",
    "what is no literal": "{{ variable }} = f({{ params }})\n",
    "no file": None,
}


@pytest.mark.parametrize("about", WRONG_TEMPLATES)
def test_a_wrong_template_is_an_error_of_its_dags(tmp_path: Path, about: str) -> None:
    folder = _folder(tmp_path, template=WRONG_TEMPLATES[about])
    artifact = _compile(folder, {"channel": "#a"})
    assert artifact.text is None
    assert {str(diagnostic.code) for diagnostic in artifact.diagnostics} == {"bad-template"}
    assert "tasks/slack.py.jinja" in artifact.diagnostics[0].message


WRONG_DECLARATIONS = {
    "no YAML": "type: [",
    "no mapping": "- a",
    "empty": "",
    "no type": "summary: x",
    "an unknown key": "type: X\nparameters: {}",
    "an unknown keyword": "type: X\nparams: {properties: {a: {typ: string}}}",
    "an unknown kind": "type: X\nparams: {properties: {a: {type: text}}}",
    "an unknown format": "type: X\nparams: {properties: {a: {type: string, format: f}}}",
    "a required stranger": "type: X\nparams: {required: [a]}",
    "a type that exists": "type: Empty",
    "an import of something else": "type: X\nimports: {DAG: acme}",
    "an import from nowhere": "type: X\nimports: {A: 5}",
    "a broken pattern": 'type: X\nparams: {properties: {a: {type: string, pattern: "["}}}',
    "imports that are a list": "type: X\nimports: [A]",
    "properties that are a list": "type: X\nparams: {properties: [a]}",
    "a property that is a text": "type: X\nparams: {properties: {a: string}}",
    "params that are a list": "type: X\nparams: [a]",
    "an import that is no name": 'type: X\nimports: {"A; import os": acme}',
    "a module that is no name": 'type: X\nimports: {A: "acme import B; import os"}',
    "what is never shared": "type: X\nimports: {A: acme}\ndefault_args: [retries]",
    "an operator that is not imported": "type: X\nimports: {A: acme}\ndefault_args: {B: []}",
    "default_args that are a number": "type: X\nimports: {A: acme}\ndefault_args: 5",
}


@pytest.mark.parametrize("about", WRONG_DECLARATIONS)
def test_a_wrong_declaration_is_told(tmp_path: Path, about: str) -> None:
    folder = _folder(tmp_path, WRONG_DECLARATIONS[about])
    tools, diagnostics = load_toolchain(Target(3, 0), "", folder)
    assert tools is None
    assert {str(diagnostic.code) for diagnostic in diagnostics} == {"bad-template"}


def test_on_the_command_line(tmp_path: Path) -> None:
    task = {"task_id": "1", "task_name": "t", "task_type": "SLACK-MESSAGE"}
    job = {"job_type": "a", "job_id": "1", "job_name": "j", "task_list": "1"}
    rows = tmp_path / "rows"
    rows.mkdir()
    (rows / "mwaa_task.json").write_text(
        json.dumps([task | {"task_params": {"channel": "#a"}}]), encoding="utf-8"
    )
    (rows / "mwaa_job.json").write_text(json.dumps([job]), encoding="utf-8")
    out, own = tmp_path / "out", _folder(tmp_path / "own")
    command = ["compile", "--rows", str(rows), "--out", str(out)]
    assert CliRunner().invoke(app, command).exit_code == 1
    result = CliRunner().invoke(app, [*command, "--team", str(own)])
    assert result.exit_code == 0, result.output
    assert "SlackAPIPostOperator(" in (out / "job-j.py").read_text(encoding="utf-8")
    (own / "templates" / "tasks" / "slack.yaml").write_text("type: [", encoding="utf-8")
    load_toolchain.cache_clear()
    result = CliRunner().invoke(app, [*command, "--team", str(own)])
    assert result.exit_code == 2
    assert "error[bad-template] tasks/slack.yaml" in result.stderr
