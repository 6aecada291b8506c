"""What an invocation leaves behind: a line of the log for each DAG, and metrics."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from dagc.apply.results import Failure, Outcome
from dagc.plan import canary_names
from dagc.plan.record import Record, State

logger = Logger()
metrics = Metrics()


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
    counts, untold = Counter[str](), 0
    for outcome in outcomes:
        counts["Compiled"] += 1
        counts["Published"] += outcome.written
        counts["Removed"] += outcome.deleted
        counts["Unchanged"] += not outcome.written and not outcome.deleted
        counts["Drift"] += outcome.drift
        untold += outcome.unannounced is not None
        if outcome.written and outcome.after.edit_to_file_ms is not None:
            latency = outcome.after.edit_to_file_ms
            metrics.add_metric("EditToFile", MetricUnit.Milliseconds, latency)
    for name in ("Compiled", "Published", "Removed", "Unchanged", "Drift"):
        metrics.add_metric(name, MetricUnit.Count, counts[name])
    if untold:
        metrics.add_metric("Unannounced", MetricUnit.Count, untold)


def count_states(records: Iterable[Record], *, are_all: bool) -> None:
    """Adds the metrics of how many of these DAGs are invalid, and how many blocked.

    Where they are not all DAGs, a zero is left out: that none of a few is invalid must not end an
    alarm for others. Those of a canary, which breaks its row on purpose, are nobody's mistake.
    """
    states = Counter(record.state for record in records if record.dag_id not in canary_names.DAGS)
    for name, state in (("Invalid", State.INVALID), ("Blocked", State.BLOCKED)):
        if are_all or states[state]:
            metrics.add_metric(name, MetricUnit.Count, states[state])


def count_handed_back(failures: Sequence[Failure]) -> None:
    """Adds the metric of what AWS failed at, where it did. Its records are handed back, which is no
    error of Lambda's.
    """
    if failures:
        metrics.add_metric("HandedBack", MetricUnit.Count, len(failures))


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
