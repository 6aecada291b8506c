"""The module of alerts: the published one has all that files call, a team's own is checked."""

import ast
import io
import json
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

from dagc.cli.main import app
from dagc.cli.runtime_files import PLUGINS, built_in_runtime, runtime_files
from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.catalog.sources import alert_module_file, built_in_templates
from dagc.compiler.python_source.functions import read_functions, with_used
from dagc.compiler.rendering.alert_functions import EVENT_MODULE, FAILURE_MODULE
from dagc.compiler.rows.on_failure import ALERT_KINDS, OWN_FUNCTION, AlertKind
from dagc.compiler.targets import TARGETS, Target
from dagc.handlers.wiring import _toolchain

TARGET = Target(3, 0)
MODULE = "dagc_alerts_v1.py"
IMPORTED = "    from dagc_alerts_v1 import send_slack\n"
COPIED = "def send_slack(context, "
ALERT_MODULE_FILE = alert_module_file(FAILURE_MODULE)
OURS = (built_in_templates() / ALERT_MODULE_FILE).read_text("utf-8")
EVENTS = (built_in_templates() / alert_module_file(EVENT_MODULE)).read_text("utf-8")
SENT = [kind for kind in ALERT_KINDS if kind.name != OWN_FUNCTION]


@pytest.fixture
def team(tmp_path: Path) -> Path:
    (tmp_path / "templates/alerts").mkdir(parents=True)
    return tmp_path


@pytest.mark.parametrize("kind", SENT, ids=lambda kind: str(kind.name))
def test_the_modules_take_the_settings_of_each_kind(kind: AlertKind) -> None:
    both = [*ast.parse(OURS).body, *ast.parse(EVENTS).body]
    functions = {it.name: it for it in both if isinstance(it, ast.FunctionDef)}
    arguments = functions[f"send_{kind.name}"].args
    assert [it.arg for it in arguments.args] == ["context", *kind.settings]
    arguments = functions[f"notify_{kind.name}"].args
    assert [it.arg for it in arguments.args] == ["context", "event", *kind.settings]


def test_what_both_modules_have_is_the_same() -> None:
    failures, events = read_functions(OURS), read_functions(EVENTS)
    assert {name: failures[name] for name in failures.keys() & events.keys()} == {
        "log_url": events["log_url"]
    }


@pytest.mark.parametrize("target", TARGETS, ids=str)
def test_the_runtime_publishes_it(target: Target) -> None:
    archive = runtime_files(built_in_runtime(), None, target, "dags")[PLUGINS]
    with zipfile.ZipFile(io.BytesIO(archive)) as plugins:
        assert plugins.read(MODULE).decode() == OURS


def test_a_file_gets_what_it_calls_and_no_more() -> None:
    functions = read_functions(OURS)
    assert with_used(functions, ["send_slack"]) == ["send_slack", "failure_message", "log_url"]
    assert with_used(functions, []) == []


def test_functions_may_call_each_other() -> None:
    functions = read_functions("def a():\n    b()\n\ndef b():\n    a()\n\ndef c():\n    pass")
    assert with_used(functions, ["b"]) == ["a", "b"]


def test_a_module_of_a_teams_own(team: Path) -> None:
    own = OURS.replace("failed for good", "failed for now")
    (team / "templates" / ALERT_MODULE_FILE).write_text(own, encoding="utf-8")
    toolchain, diagnostics = load_toolchain(TARGET, "", team, has_runtime=False)
    assert not diagnostics
    assert toolchain
    assert toolchain.alert_functions == read_functions(own) | read_functions(EVENTS)
    archive = runtime_files(built_in_runtime(), team, TARGET, "dags")[PLUGINS]
    with zipfile.ZipFile(io.BytesIO(archive)) as plugins:
        assert plugins.read(MODULE).decode() == own


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def send_sns(", "'(' was never closed"),
        ("import re\n" + OURS, "line 1 is no function"),
        (OURS.replace("def send_ses(", "def send_by_ses("), "it lacks send_ses"),
    ],
)
def test_a_module_that_is_wrong(team: Path, source: str, message: str) -> None:
    (team / "templates" / ALERT_MODULE_FILE).write_text(source, encoding="utf-8")
    toolchain, [diagnostic] = load_toolchain(TARGET, "", team, has_runtime=False)
    assert toolchain is None
    assert message in diagnostic.message
    assert diagnostic.table == ALERT_MODULE_FILE


def test_how_files_get_the_functions_is_part_of_the_fingerprint() -> None:
    imported, _ = load_toolchain(TARGET, "")
    copied, _ = load_toolchain(TARGET, "", has_runtime=False)
    assert imported
    assert copied
    assert imported.alert_functions is None
    assert imported.fingerprint != copied.fingerprint


@pytest.mark.parametrize(("options", "line"), [([], IMPORTED), (["--no-runtime"], COPIED)])
def test_the_command_line_compiles_for_both(options: list[str], line: str, tmp_path: Path) -> None:
    job = {"job_type": "etl", "job_id": "1", "job_name": "load", "task_list": "1"}
    job["job_params"] = '{"on_failure": {"slack_channel": "#data"}}'
    task = {"task_id": "1", "task_name": "wait", "task_type": "EMPTY"}
    (tmp_path / "mwaa_job.json").write_text(json.dumps([job]))
    (tmp_path / "mwaa_task.json").write_text(json.dumps([task]))
    command = ["compile", "--rows", str(tmp_path), "--out", str(tmp_path / "dags"), *options]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    text = (tmp_path / "dags/job-load.py").read_text("utf-8")
    assert [it for it in (IMPORTED, COPIED) if it in text] == [line]


@pytest.mark.parametrize("publishes", ["true", "false"])
def test_a_stack_says_whether_it_publishes_a_runtime(publishes: str) -> None:
    chosen = {"AIRFLOW_TARGET": "3.0", "DAGC_ENVIRONMENT": "", "PUBLISHES_RUNTIME": publishes}
    assert (_toolchain(chosen).alert_functions is None) is (publishes == "true")


TASK_2 = "https://a/dags/job-x/grid?dag_run_id=r&task_id=t&tab=logs"
TASK_3 = "https://a/dags/job-x/runs/r/tasks/t?try_number=1"


@pytest.mark.parametrize(
    ("version", "given", "of_task", "of_run"),
    [
        ("2.10.3", TASK_2, TASK_2, "https://a/dags/job-x/grid?dag_run_id=r"),
        ("2.11.0", TASK_2, TASK_2, "https://a/dags/job-x/grid?dag_run_id=r"),
        ("3.0.6", TASK_3, TASK_3, TASK_3),
        ("3.0.6", TASK_3.replace("a/dags", "adags"), TASK_3, TASK_3),
        ("3.1.6", TASK_3, TASK_3, "https://a/dags/job-x/runs/r"),
        ("3.3.1", TASK_3, TASK_3, TASK_3),
    ],
)
def test_the_page_of_a_failure(
    version: str, given: str, of_task: str, of_run: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "airflow.version", SimpleNamespace(version=version))
    monkeypatch.setitem(sys.modules, "airflow", SimpleNamespace())
    module: dict[str, Any] = {}
    exec(OURS, module)
    ti = SimpleNamespace(log_url=given)
    assert module["log_url"](ti, of_run=False) == of_task
    assert module["log_url"](ti, of_run=True) == of_run
