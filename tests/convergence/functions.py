"""The three Lambda functions, as `template.yaml` configures them, on the emulated account."""

import io
import json
from collections.abc import Callable
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest

from dagc.aws.dead_letter_queue import DeadLetterQueue
from dagc.canary.run_canary import Places
from dagc.plan.stream_delivery import EventSourceMapping
from tests.convergence.deployed import PREFIX, deployment_on
from tests.emulator.aws import BUCKET, EDITED, Aws
from tests.emulator.transport import REGION

ENVIRONMENT = {
    "AWS_DEFAULT_REGION": REGION,
    "TASK_TABLE": "mwaa_task",
    "JOB_TABLE": "mwaa_job",
    "SCHEDULER_TABLE": "mwaa_scheduler",
    "DAG_TABLE": "mwaa_dag",
    "DEPENDENCY_TABLE": "mwaa_dag_dependency",
    "DAG_BUCKET": BUCKET,
    "DAG_PREFIX": PREFIX,
    "AIRFLOW_TARGET": "3.0",
    "DAGC_ENVIRONMENT": "",
    "PUBLISHES_RUNTIME": "true",
    "EVENT_BUS": "default",
    "MAX_REMOVED_PERCENT": "20",
    "DEAD_LETTER_QUEUE_URL": "https://sqs.example/dead-letters",
    "POWERTOOLS_SERVICE_NAME": "dagc-test",
    "POWERTOOLS_METRICS_NAMESPACE": "dagc",
}


class Functions:
    """What Lambda starts, and what it tells."""

    def __init__(self, aws: Aws, monkeypatch: pytest.MonkeyPatch, log_level: str = "DEBUG") -> None:
        for name, value in ENVIRONMENT.items():
            monkeypatch.setenv(name, value)
        # They read their environment when they are imported, and make clients of the real AWS.
        names = ("stream", "rebuild", "redrive", "canary", "telemetry")
        self._stream, self._rebuild, self._redrive, self._canary, telemetry = (
            import_module(f"dagc.handlers.{name}") for name in names
        )
        self.deployment = deployment_on(aws)
        monkeypatch.setattr(self._stream, "deployment", self.deployment)
        monkeypatch.setattr(self._rebuild, "deployment", self.deployment)
        made = self.deployment
        monkeypatch.setattr(self._canary, "places", Places(made.tables, made.dags, made.bucket))
        self.deliver: Callable[[], Any] = lambda: None
        """What happens while the canary waits."""
        self._now = 0.0
        time = SimpleNamespace(monotonic=lambda: self._now, sleep=self._sleep)
        monkeypatch.setattr(self._canary, "time", time)
        self.dead_letter_queue = DeadLetterQueue(aws.sqs, aws.streams, aws.queue_url)
        monkeypatch.setattr(self._redrive, "dead_letter_queue", self.dead_letter_queue)
        telemetry.logger.setLevel(log_level)
        self._log = io.StringIO()
        monkeypatch.setattr(telemetry.logger.registered_handler, "stream", self._log)
        self.remaining_ms = 900_000
        with aws.unobserved():
            streams = {table: self.deployment.tables.stream_and_view(table) for table in EDITED}
        self.mappings = {
            table: EventSourceMapping("Enabled", stream) for table, (stream, _) in streams.items()
        }
        monkeypatch.setattr(
            self._rebuild,
            "event_source_mappings_from",
            lambda _: SimpleNamespace(read=self.mappings.__getitem__),
        )

    def stream(self, event: dict[str, Any]) -> Any:
        """Starts the function that follows edits."""
        return self._stream.handle(event, self._context())

    def rebuild(self, **payload: str) -> Any:
        """Starts the rebuild."""
        return self._rebuild.handle(payload, self._context())

    def redrive(self) -> Any:
        """Starts what compiles the edits in the dead-letter queue."""
        return self._redrive.handle({}, self._context())

    def canary(self) -> Any:
        """Starts the canary; `deliver` is called whenever it waits."""
        return self._canary.handle({}, self._context())

    def _sleep(self, seconds: float) -> None:
        self._now += seconds
        self.remaining_ms -= int(seconds * 1000)
        self.deliver()

    def log(self) -> list[dict[str, Any]]:
        """The lines of the log."""
        return [json.loads(line) for line in self.log_text().splitlines()]

    def log_text(self) -> str:
        """The log, as it was written."""
        return self._log.getvalue()

    def _context(self) -> SimpleNamespace:
        return SimpleNamespace(get_remaining_time_in_millis=lambda: self.remaining_ms)
