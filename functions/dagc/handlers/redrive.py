"""The handler that runs again what was given up: the batches of edits in the queue.

Lambda puts a batch there that it could not deliver in all its attempts. Started by hand, when the
cause is gone.
"""

import os
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from dagc.aws.given_up import Batch, Expired, GivenUp
from dagc.convergence.follow import follow_records
from dagc.handlers import rebuild
from dagc.handlers.telemetry import logger, measure, metrics, tell
from dagc.wiring import given_up_from

given_up = given_up_from(os.environ)


@metrics.log_metrics
def handle(_event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Works through the queue; returns how many batches were run again, how many had expired in
    their stream (a rebuild then did what they would have), and how many failed again and stay.
    """
    counts: dict[str, Any] = {"redriven": 0, "expired": 0, "failed": 0}
    expired: list[Batch] = []
    while batches := given_up.receive():
        for batch in batches:
            try:
                done = _run(batch, given_up)
            except Expired:
                expired.append(batch)
                continue
            counts["redriven" if done else "failed"] += 1
            if done:
                given_up.done(batch)
        if context.get_remaining_time_in_millis() < rebuild.RESERVE_MS:
            break
    if expired:
        counts["expired"] = len(expired)
        rebuilt = rebuild.run(context, remove_all=False)
        if not (rebuilt.failures or rebuilt.unread):
            for batch in expired:
                given_up.done(batch)
    logger.info("redriven", **counts)
    return counts


def _run(batch: Batch, given_up: GivenUp) -> bool:
    """Follows the edits of a batch; whether nothing failed. Raises Expired."""
    followed = follow_records(list(given_up.records(batch)), rebuild.deployment)
    tell(followed.outcomes, followed.failures)
    measure(followed.outcomes)
    return not followed.unfinished
