"""What is sent of a success, a retry and a skipped task: each callback, in a real Airflow."""

from pathlib import Path
from textwrap import dedent

import pytest

from dagc.compiler.targets import Target, find_target
from tests.airflow.test_alerts import Sent, called


@pytest.fixture(params=["2.11", "3.0", "3.3"])
def target(request: pytest.FixtureRequest) -> Target:
    found = find_target(request.param)
    assert isinstance(found, Target)
    return found


@pytest.mark.parametrize("has_runtime", [True, False], ids=["published", "copied"])
def test_each_event_has_its_own_message(
    target: Target, tmp_path: Path, *, has_runtime: bool
) -> None:
    sent = called(["alerts-events"], target, _with_functions(tmp_path), has_runtime=has_runtime)
    _assert_functions_are_called(sent)
    job = sent["job-all_events.py"]
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


def _assert_functions_are_called(sent: Sent) -> None:
    """Those of the team, each with the context of what it is called for."""
    job, scheduler = sent["job-all_events.py"], sent["schedule-nightly.py"]
    of_task = {"dag": "job-all_events", "of": "check", "error": "ValueError"}
    of_run = {"dag": "job-all_events", "of": "all_tasks_deadlocked", "error": "NoneType"}
    [(function, told)] = job["count_retries_alert"]["task"]
    assert (function, told) == ("count_retries", of_task)
    [(function, told)] = job["page_on_call_alert"]["task"]
    assert (function, told) == ("page_on_call", of_task)
    [(function, told)] = job["page_on_call_alert"]["run without a task"]
    assert (function, told) == ("page_on_call", of_run)
    [(function, told)] = scheduler["page_on_call_alert"]["task"]
    assert (function, told) == ("page_on_call", of_task | {"dag": "schedule-nightly"})


def _with_functions(folder: Path) -> Path:
    """`folder`, with the functions that the rows name in its plugins."""
    package = folder / "plugins/retail"
    package.mkdir(parents=True)
    own = """
        def page_on_call(context):
            note("page_on_call", context)


        def count_retries(context):
            note("count_retries", context)


        def note(name, context):
            of = context["ti"].task_id if "reason" not in context else context["reason"]
            error = type(context.get("exception")).__name__
            context["sent"].append([name, {"dag": context["dag"].dag_id, "of": of, "error": error}])
    """
    (package / "alerts.py").write_text(dedent(own), encoding="utf-8")
    return folder
