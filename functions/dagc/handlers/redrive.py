"""The handler that runs the batches of edits in the dead-letter queue again.

Lambda puts a batch there that it could not deliver in all its attempts. Started by hand, when the
cause is gone. What fails again stays in the queue, and can be received again after its visibility
timeout.
"""

import os
from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from dagc.apply.edits import follow_records
from dagc.aws import INFRASTRUCTURE
from dagc.aws.dead_letter_queue import Expired, Message
from dagc.aws.stream_records import UnusableStream
from dagc.handlers import rebuild
from dagc.handlers.telemetry import log_results, logger, measure, metrics
from dagc.handlers.time_left import has_time
from dagc.handlers.wiring import dead_letter_queue_from

dead_letter_queue = dead_letter_queue_from(os.environ)


@metrics.log_metrics
def handle(_event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Works through the queue. Returns how many batches were run again (`redriven`); how many had
    `expired` in their stream, so that a rebuild did what they would have; how many `failed` and
    stay; and how many messages are `in_flight`: received before, by this run or another, and not
    yet to be received again.
    """
    counts = Counter(redriven=0, expired=0, failed=0)
    expired: list[Message] = []
    while has_time(context) and (messages := dead_letter_queue.receive()):
        for message in messages:
            became = _run(message, context) if has_time(context) else "failed"
            if became == "expired":
                expired.append(message)
            else:
                counts[became] += 1
    if expired:
        rebuilt = rebuild.run(context, remove_all=False)
        counts["expired" if rebuilt.is_done else "failed"] += len(expired)
        for message in expired if rebuilt.is_done else ():
            dead_letter_queue.done(message)
    answer: dict[str, Any] = {**counts, "in_flight": dead_letter_queue.in_flight()}
    logger.info("redriven", **answer)
    return answer


def _run(message: Message, context: LambdaContext) -> str:
    """Follows the edits of a message's batch, and removes the message if none failed."""
    try:
        records = list(dead_letter_queue.records(message))
        followed = follow_records(records, rebuild.deployment, partial(has_time, context))
        log_results(followed.outcomes, followed.failures)
        measure(followed.outcomes)
        if followed.unfinished:
            return "failed"
        dead_letter_queue.done(message)
    except (Expired, UnusableStream):
        return "expired"
    except INFRASTRUCTURE as error:
        logger.error("not redriven, stays in the queue", body=message.body, reason=str(error))
        return "failed"
    return "redriven"
