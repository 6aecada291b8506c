"""The handler of rebuilds: on a schedule, after a deployment, or when somebody asks for one.

Asked by hand, `{"remove": "all"}` lets it remove as many files as the rows say, however many.
"""

import os
from collections.abc import Mapping
from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from dagc.apply.rebuild import Rebuilt, rebuild
from dagc.compiler import KEYS
from dagc.handlers.collector import spare_what_is_there
from dagc.handlers.telemetry import count, count_states, log_results, logger, measure, metrics
from dagc.handlers.time_left import has_time
from dagc.handlers.wiring import deployment_from, event_source_mappings_from
from dagc.plan.stream_delivery import delivery_problem

deployment = deployment_from(os.environ)
spare_what_is_there()


class Unfinished(Exception):  # noqa: N818  Lambda starts it again, and it goes on where it ended
    """Not every DAG could be seen to."""


@metrics.log_metrics
def handle(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Rebuilds, and returns a summary. Raises Unfinished where another run has to go on."""
    remove = event.get("remove")
    if remove not in (None, "all"):
        raise ValueError(f'"remove" is {remove!r}: it can only be "all"')
    rebuilt = run(context, remove_all=remove == "all")
    check_streams()
    summary = summarized(rebuilt)
    if not rebuilt.is_done:
        raise Unfinished(f"another run has to go on: {summary}")
    return summary


def run(context: LambdaContext, *, remove_all: bool) -> Rebuilt:
    """Rebuilds, and logs and measures what was done."""
    rebuilt = rebuild(
        deployment,
        max_removed_percent=100 if remove_all else int(os.environ["MAX_REMOVED_PERCENT"]),
        has_time=partial(has_time, context),
    )
    log_results(rebuilt.outcomes, rebuilt.failures)
    measure(rebuilt.outcomes)
    count_states(rebuilt.records.values())
    count("RemovalsRefused", len(rebuilt.refused))
    if rebuilt.refused:
        logger.error(
            "removals refused",
            dag_ids=rebuilt.refused[:100],
            count=len(rebuilt.refused),
            hint="If their rows are meant to be gone, rebuild with the payload "
            '{"remove": "all"}. If not: do the tables hold what they should?',
        )
    logger.info("rebuilt", **summarized(rebuilt))
    return rebuilt


def check_streams() -> None:
    """Logs and counts the tables whose edits do not reach the compiler: the rebuild does them."""
    mappings = event_source_mappings_from(os.environ)
    stopped = 0
    for table in KEYS:
        stream, view = deployment.tables.stream_and_view(table)
        problem = delivery_problem(mappings.read(table), stream, view)
        if problem:
            stopped += 1
            logger.error("stream stopped", table=table, reason=problem)
    count("StoppedStreams", stopped)


def summarized(rebuilt: Rebuilt) -> dict[str, Any]:
    """A rebuild in numbers."""
    return {
        "dags": len(rebuilt.records),
        "current": rebuilt.current,
        "compiled": len(rebuilt.outcomes),
        "published": sum(outcome.written for outcome in rebuilt.outcomes),
        "removed": sum(outcome.deleted for outcome in rebuilt.outcomes),
        "removals_refused": len(rebuilt.refused),
        "failed": len(rebuilt.failures),
        "not_reached": rebuilt.unread,
        "unannounced": sum(bool(outcome.unannounced) for outcome in rebuilt.outcomes),
    }
