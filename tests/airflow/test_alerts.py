"""What is told of a failure: every callback of the golden cases, called in a real Airflow."""

import html
import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from dagc.compiler.targets import Target, find_target
from tests.airflow.compiled import ROOT
from tests.golden.case import FOLDER, compiled, read_case

Told = Mapping[str, Mapping[str, Mapping[str, list[tuple[str, dict[str, Any]]]]]]
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


@pytest.fixture(scope="module")
def told(target: Target, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """What each callback of the cases tells."""
    folder = tmp_path_factory.mktemp(f"alerts-{target}")
    (folder / "dags").mkdir()
    for name in CASES:
        for file, text in compiled(replace(read_case(FOLDER / name), target=target)).items():
            if file.endswith(".py"):
                (folder / "dags" / file).write_text(text, encoding="utf-8")
    report = folder / "report.json"
    python = ROOT / f".venv/tools/airflow-{target}/bin/python"
    assert python.exists(), "run: make test, which installs each Airflow"
    script = ROOT / "tests/airflow/tell.py"
    subprocess.run([python, script, folder / "dags", report], check=True)
    result: Told = json.loads(report.read_text("utf-8"))
    return result


def _each(told: Told, context: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for callbacks in told.values():
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


def test_every_notifier_is_there(told: Told, target: Target) -> None:
    kinds = {kind for kind, _ in _each(told, "run")}
    assert kinds == (KINDS | {"SesNotifier"} if target >= (3, 1) else KINDS)
    assert told["job-told_to_nobody.py"] == {}
    assert set(told["schedule-triggers.py"]) == {"tell_sns"}


def test_of_a_task(told: Told) -> None:
    for kind, fields in _each(told, "task"):
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


def test_of_a_task_of_which_little_is_known(told: Told) -> None:
    for kind, fields in _each(told, "task without an error"):
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
def test_of_a_run(told: Told, target: Target, context: str, reason: str) -> None:
    for kind, fields in _each(told, context):
        text = _text(kind, fields)
        assert text.startswith(f"The run failed: {reason}\n\nDAG: ")
        assert f"\nRun: {RUN}\n" in text
        link = LOG if target.major >= 3 else LOG.partition("&task_id=")[0]  # which one is unknown
        assert ("Log: " in text) is (context == "run")
        assert context != "run" or text.endswith(f"\nLog: {link}\n")
        if "subject" in fields:
            dag_id = text.partition("DAG: ")[2].partition("\n")[0]
            assert fields["subject"] == f"{dag_id} failed: {RUN}"


def test_a_subject_is_what_sns_takes(told: Told) -> None:
    subjects = [
        fields["subject"] for _, fields in _each(told, "task of a long run") if "subject" in fields
    ]
    assert subjects
    for subject in subjects:
        assert len(subject) == 100
        assert subject.isascii()
        assert subject.isprintable()
        assert ".check failed: ? xxx" in subject


def test_each_failure_is_told_anew(told: Told) -> None:
    for callbacks in told.values():
        for contexts in callbacks.values():
            texts = [_text(*sent) for [sent] in contexts.values()]
            assert len(set(texts)) == len(texts)


def test_jinja_of_a_row_is_rendered(told: Told) -> None:
    [(_, fields)] = told["job-everywhere.py"]["tell_slack"]["task"]
    assert fields["channel"] == "#data-the variable stage"
    [(_, fields)] = told["job-everywhere.py"]["tell_sns_2"]["task"]
    assert fields["target_arn"] == "the variable finance_topic"
