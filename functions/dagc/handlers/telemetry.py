"""What an invocation leaves behind: a line of the log for each DAG, and metrics."""

import warnings
from collections import Counter
from collections.abc import Iterable
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from dagc.apply.results import Failure, Outcome
from dagc.plan import canary_names
from dagc.plan.record import Record, State

logger = Logger()
metrics = Metrics()
# Of an invocation that has nothing to count, which is most of them.
warnings.filterwarnings("ignore", "No application metrics to publish")


def log_results(outcomes: Iterable[Outcome], failures: Iterable[Failure]) -> None:
    """Logs a line for each DAG: a warning or an error where it needs somebody's attention."""
    for outcome in outcomes:
        _log_outcome(outcome)
    for failure in failures:
        logger.error(
            "not compiled, will be tried again", what=failure.what, reason=str(failure.error)
        )


def measure(outcomes: Iterable[Outcome]) -> None:
    """Adds the metrics of what was done. (`count_states` adds those of how things are.)"""
    counts = Counter[str]()
    for outcome in outcomes:
        counts["Compiled"] += 1
        counts["Published"] += outcome.written
        counts["Removed"] += outcome.deleted
        counts["Unchanged"] += not outcome.written and not outcome.deleted
        counts["Drift"] += outcome.drift
        if outcome.written and outcome.after.edit_to_file_ms is not None:
            latency = outcome.after.edit_to_file_ms
            metrics.add_metric("EditToFile", MetricUnit.Milliseconds, latency)
    for name, number in counts.items():
        count(name, number)


def count_states(records: Iterable[Record]) -> None:
    """Adds the metrics of how many of these DAGs are invalid, and how many blocked.

    Those of a canary, which breaks its row on purpose, are nobody's mistake.
    """
    states = Counter(record.state for record in records if record.dag_id not in canary_names.DAGS)
    count("Invalid", states[State.INVALID])
    count("Blocked", states[State.BLOCKED])


def count(name: str, number: int) -> None:
    """Adds a metric of so many, if there are any. CloudWatch bills a metric by the hours in which
    it is sent, and the alarms take silence for a zero.
    """
    if number:
        metrics.add_metric(name, MetricUnit.Count, number)


def _log_outcome(outcome: Outcome) -> None:
    before, after = outcome.before, outcome.after
    about: dict[str, Any] = {
        "dag_id": after.dag_id,
        "sources": sorted(after.sources or before.sources),
        "revision": after.revision,
    }
    if outcome.unannounced:
        reason = str(outcome.unannounced)
        logger.error("not announced, will be later", reason=reason, **about)
    if outcome.bug:
        logger.error("the compiler failed", exc_info=outcome.bug, **about)
    if outcome.drift:
        hint = "Somebody changed or removed the file. Edit the row instead."
        logger.warning("drift", file=before.file, hint=hint, **about)
    if after.state == State.INVALID:
        logger.warning("invalid", diagnostics=after.diagnostics, **about)
    elif after.state == State.BLOCKED:
        logger.error("blocked", diagnostics=after.diagnostics, **about)
    elif after.state == State.DISABLED and after.diagnostics:
        logger.warning("disabled, but an object is there", diagnostics=after.diagnostics, **about)
    elif outcome.written:
        about |= {"file": after.file, "version": after.version}
        logger.info("published", edit_to_file_ms=after.edit_to_file_ms, **about)
    elif outcome.deleted:
        logger.info("removed", file=before.file, **about)
    elif before.state in (State.INVALID, State.BLOCKED):
        logger.info("valid again", file=after.file, **about)
    else:
        logger.debug("unchanged", **about)
