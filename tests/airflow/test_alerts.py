"""What a failure sends: every callback of the golden cases, called in a real Airflow.

Once with the functions that `dagc runtime` publishes, once with copies of them in each file.
"""

import html
import io
import json
import subprocess
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dagc.cli.runtime_files import PLUGINS, built_in_runtime, runtime_files
from dagc.compiler.targets import Target, find_target
from tests.airflow.compiled import ROOT
from tests.golden.case import FOLDER, compiled, read_case

Sent = Mapping[str, Mapping[str, Mapping[str, list[tuple[str, dict[str, Any]]]]]]
"""By file, callback and context: the notifiers, and what each would send."""

CASES = ("alerts", "alerts-ses")
RUN = "schedule-nightly__scheduled__2026-11-22T03:00:00+00:00"
LOG = "http://airflow.example.com/dags/job-load/grid?dag_run_id=x&task_id=check&tab=logs"
KINDS = {"SnsNotifier", "SmtpNotifier", "SlackNotifier", "SlackWebhookNotifier"}


@pytest.fixture(scope="module", params=["2.11", "3.0", "3.3"])
def target(request: pytest.FixtureRequest) -> Target:
    found = find_target(request.param)
    assert isinstance(found, Target)
    return found


@pytest.fixture(scope="module", params=[True, False], ids=["published", "copied"])
def sent(
    request: pytest.FixtureRequest, target: Target, tmp_path_factory: pytest.TempPathFactory
) -> Sent:
    """What each callback of the cases sends."""
    return called(CASES, target, tmp_path_factory.mktemp("alerts"), has_runtime=request.param)


def called(cases: Iterable[str], target: Target, folder: Path, *, has_runtime: bool) -> Sent:
    """What each callback of `cases` sends in the Airflow of `target`."""
    (folder / "dags").mkdir()
    (folder / "plugins").mkdir(exist_ok=True)
    if has_runtime:
        archive = runtime_files(built_in_runtime(), None, target, "dags")[PLUGINS]
        zipfile.ZipFile(io.BytesIO(archive)).extractall(folder / "plugins")
    for name in cases:
        case = replace(read_case(FOLDER / name), target=target, has_runtime=has_runtime)
        for file, text in compiled(case).items():
            if file.endswith(".py"):
                (folder / "dags" / file).write_text(text, encoding="utf-8")
    report = folder / "report.json"
    python = ROOT / f".venv/tools/airflow-{target}/bin/python"
    assert python.exists(), "run: make test, which installs each Airflow"
    script = ROOT / "tests/airflow/call_callbacks.py"
    subprocess.run([python, script, folder / "dags", folder / "plugins", report], check=True)
    result: Sent = json.loads(report.read_text("utf-8"))
    return result


def _all(sent: Sent, context: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for callbacks in sent.values():
        for contexts in callbacks.values():
            [(kind, fields)] = contexts[context]
            yield kind, fields


def _text(kind: str, fields: Mapping[str, Any]) -> str:
    """What a person reads."""
    if kind in ("SmtpNotifier", "SesNotifier"):
        text = fields["html_content"]
        assert text.startswith("<pre>")
        assert text.endswith("</pre>")
        return html.unescape(text[5:-6])
    if kind.startswith("Slack"):
        assert "<b>" not in fields["text"]
        return str(fields["text"]).replace("&lt;", "<").replace("&amp;", "&")
    return str(fields["message"])


def test_every_notifier_is_there(sent: Sent, target: Target) -> None:
    kinds = {kind for kind, _ in _all(sent, "run")}
    assert kinds == (KINDS | {"SesNotifier"} if target >= (3, 1) else KINDS)
    assert sent["job-told_to_nobody.py"] == {}
    assert set(sent["schedule-triggers.py"]) == {"sns_alert"}


def test_of_a_task(sent: Sent) -> None:
    for kind, fields in _all(sent, "task"):
        lines = _text(kind, fields).split("\n")
        assert lines[:2] == ["Task check failed at try 3", ""]
        assert lines[2].startswith(("DAG: job-", "DAG: schedule-"))
        assert lines[3:] == [
            f"Run: {RUN}",
            "Scheduler: schedule-nightly",
            "Error: " + repr(ValueError('<b> "ä" & more\nof it')),
            f"Log: {LOG}",
            "",
        ]
        if "subject" in fields:
            assert fields["subject"] == f"{lines[2][5:]}.check failed: {RUN}"


def test_of_a_task_of_which_little_is_known(sent: Sent) -> None:
    for kind, fields in _all(sent, "task without an error"):
        text = _text(kind, fields)
        assert text.startswith("Task check failed at try 1\n\nDAG: ")
        assert text.endswith(f"\nRun: {RUN}\nScheduler: schedule-nightly\n")


@pytest.mark.parametrize(
    ("context", "reason"),
    [
        ("run", "task_failure"),
        ("run without a link", "timed_out"),
        ("run without a task", "all_tasks_deadlocked"),
    ],
)
def test_of_a_run(sent: Sent, target: Target, context: str, reason: str) -> None:
    for kind, fields in _all(sent, context):
        text = _text(kind, fields)
        assert text.startswith(f"The run failed: {reason}\n\nDAG: ")
        assert f"\nRun: {RUN}\n" in text
        link = LOG if target.major >= 3 else LOG.partition("&task_id=")[0]  # which one is unknown
        assert ("Log: " in text) is (context == "run")
        assert context != "run" or text.endswith(f"\nLog: {link}\n")
        if "subject" in fields:
            dag_id = text.partition("DAG: ")[2].partition("\n")[0]
            assert fields["subject"] == f"{dag_id} failed: {RUN}"


def test_a_subject_is_what_sns_takes(sent: Sent) -> None:
    subjects = [
        fields["subject"] for _, fields in _all(sent, "task of a long run") if "subject" in fields
    ]
    assert subjects
    for subject in subjects:
        assert len(subject) == 100
        assert subject.isascii()
        assert subject.isprintable()
        assert ".check failed: ? xxx" in subject


def test_each_failure_sends_its_own_message(sent: Sent) -> None:
    for callbacks in sent.values():
        for contexts in callbacks.values():
            texts = [_text(*notified) for [notified] in contexts.values()]
            assert len(set(texts)) == len(texts)


def test_jinja_of_a_row_is_rendered(sent: Sent) -> None:
    [(_, fields)] = sent["job-everywhere.py"]["slack_alert"]["task"]
    assert fields["channel"] == "#data-the variable stage"
    [(_, fields)] = sent["job-everywhere.py"]["sns_alert_2"]["task"]
    assert fields["target_arn"] == "the variable finance_topic"
    assert fields["region_name"] is None


def test_a_topic_is_published_to_in_its_region(sent: Sent) -> None:
    [(_, fields)] = sent["job-everywhere.py"]["sns_alert"]["task"]
    assert fields["target_arn"] == "arn:aws:sns:eu-central-1:123456789012:data-alerts"
    assert fields["region_name"] == "eu-central-1"
    [(_, fields)] = sent["job-jinja.py"]["sns_alert"]["task"]
    assert fields["target_arn"] == "arn:aws:sns:eu-west-3:123456789012:the variable topic"
    assert fields["region_name"] == "eu-west-3"
