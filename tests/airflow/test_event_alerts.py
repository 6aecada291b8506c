"""What is sent of a success, a retry and a skipped task: each callback, in a real Airflow."""

from pathlib import Path

import pytest

from dagc.compiler.targets import Target, find_target
from tests.airflow.test_alerts import called


@pytest.fixture(params=["2.11", "3.0", "3.3"])
def target(request: pytest.FixtureRequest) -> Target:
    found = find_target(request.param)
    assert isinstance(found, Target)
    return found


@pytest.mark.parametrize("has_runtime", [True, False], ids=["published", "copied"])
def test_each_event_has_its_own_message(
    target: Target, tmp_path: Path, *, has_runtime: bool
) -> None:
    package = tmp_path / "plugins/retail"
    package.mkdir(parents=True)
    own = "def page_on_call(context):\n    pass\n\n\ndef count_retries(context):\n    pass\n"
    (package / "alerts.py").write_text(own, encoding="utf-8")
    sent = called(["alerts-events"], target, tmp_path, has_runtime=has_runtime)
    job = sent["job-all_events.py"]
    assert job["page_on_call_alert"]["task"] == []
    assert job["count_retries_alert"]["task"] == []
    [(kind, fields)] = sent["job-by_the_defaults.py"]["smtp_retry_alert"]["task"]
    assert kind == "SmtpNotifier"
    assert fields["to"] == ["data@example.com"]
    assert fields["subject"].startswith("job-by_the_defaults.check will retry: schedule-nightly__")
    assert "Task check failed at try 3, and is tried again\n" in fields["html_content"]
    assert "Error: ValueError" in fields["html_content"]
    [(_, fields)] = job["slack_success_alert"]["run"]
    assert fields["channel"] == "#data-the variable stage"
    assert fields["text"].startswith("The run succeeded.\n\nDAG: job-all_events\n")
    [(_, fields)] = job["smtp_success_alert"]["task"]
    assert fields["subject"].startswith("job-all_events.check succeeded: ")
    assert "Error" not in fields["html_content"]
    [(_, fields)] = job["slack_webhook_skipped_alert"]["task"]
    assert fields["text"].startswith("Task check was skipped\n")
    [(_, fields)] = sent["schedule-nightly.py"]["sns_success_alert"]["run"]
    assert fields["subject"].startswith("schedule-nightly succeeded: ")
