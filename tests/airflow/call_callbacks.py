"""Calls every callback of a folder of DAG files in a real Airflow, and writes down what
each would send.

    python call_callbacks.py FOLDER PLUGINS REPORT

PLUGINS is what MWAA unpacks from plugins.zip. Like `load.py`, it stands alone. The report:
{file: {callback: {context: [[notifier, fields]]}}}. The contexts are those that Airflow was seen to
give (docs/alerts.md), the poorest among them; `sent` in them is for a function of the tests' own.
"""

import importlib
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

NOTIFIERS = {
    "SnsNotifier": "amazon.aws.notifications.sns",
    "SesNotifier": "amazon.aws.notifications.ses",
    "SlackNotifier": "slack.notifications.slack",
    "SlackWebhookNotifier": "slack.notifications.slack_webhook",
    "SmtpNotifier": "smtp.notifications.smtp",
}
RUN = "schedule-nightly__scheduled__2026-11-22T03:00:00+00:00"
LOG = "http://airflow.example.com/dags/job-load/grid?dag_run_id=x&task_id=check&tab=logs"


def main() -> None:
    """Load the folder, call the callbacks, write the report."""
    folder, plugins, report = map(Path, sys.argv[1:])
    load = importlib.import_module("load")
    with load.private_airflow(folder) as copy:
        shutil.copytree(plugins, copy.parent / "plugins", dirs_exist_ok=True)
        airflow = load.Airflow()
        sent = record_what_is_sent()
        found = {}
        for path in sorted(copy.glob("*.py")):
            bag, _ = airflow.load(path)
            found[path.name] = {k: v for dag in bag.dags.values() for k, v in call_all(dag, sent)}
    report.write_text(json.dumps(found, indent=1), encoding="utf-8")


def record_what_is_sent() -> list[Any]:
    """Make the notifiers write down what they would send, and return where."""
    sent: list[Any] = []
    for name, module in NOTIFIERS.items():
        try:
            notifier = getattr(importlib.import_module(f"airflow.providers.{module}"), name)
        except ImportError:  # Amazon's early providers have none for SES
            continue

        def notify(self: Any, _context: Any, name: str = name) -> None:
            sent.append([name, {field: getattr(self, field) for field in self.template_fields}])

        notifier.notify = notify
    return sent


def call_all(dag: Any, sent: list[Any]) -> Iterator[tuple[str, Any]]:
    """What each callback of `dag` and of its tasks sends, by the callback's name."""
    owners = [dag, *dag.tasks]
    callbacks = {callback.__name__: callback for owner in owners for callback in listed(owner)}
    for name, callback in callbacks.items():
        by_context = {}
        for kind, context in contexts().items():
            sent.clear()
            callback({"dag": dag, "var": VARIABLES, "sent": sent, **context})
            by_context[kind] = list(sent)
        yield name, by_context


def listed(owner: Any) -> list[Any]:
    """The callbacks of a DAG or task, of all events."""
    found: list[Any] = []
    for event in ("failure", "success", "retry", "skipped"):
        callbacks = getattr(owner, f"on_{event}_callback", None) or []
        found += callbacks if isinstance(callbacks, list | tuple) else [callbacks]
    return found


class Anything:
    """A variable of any name."""

    def __getattr__(self, name: str) -> str:
        return f"the variable {name}"


VARIABLES = SimpleNamespace(value=Anything())


def contexts() -> dict[str, dict[str, Any]]:
    """The contexts of callbacks, without `dag`."""
    error = ValueError('<b> "ä" & more\nof it')
    task = SimpleNamespace(task_id="check", try_number=3, max_tries=2, log_url=LOG)
    bare = SimpleNamespace(task_id="check", try_number=1, log_url=None)
    return {
        "task": {"run_id": RUN, "ti": task, "exception": error},
        "task without an error": {"run_id": RUN, "ti": bare, "exception": None},
        "task of a long run": {"run_id": f"ä\n{'x' * 250}", "ti": bare},
        "run": {"run_id": RUN, "ti": task, "reason": "task_failure"},
        "run without a link": {"run_id": RUN, "ti": bare, "reason": "timed_out"},
        "run without a task": {"run_id": RUN, "reason": "all_tasks_deadlocked"},
    }


if __name__ == "__main__":
    main()
