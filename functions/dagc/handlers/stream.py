"""The handler of the three tables' streams: rows changed, and the files that read them follow.
Every few minutes a rule starts it, too, to take the second looks that are due.

A bad row is a success: `mwaa_dag`, the log and an event report it. What AWS failed at, and what no
time was left for, is reported to Lambda, which delivers it again.
"""

import os
from collections.abc import Mapping
from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from dagc.apply.edits import follow_records
from dagc.apply.second_looks import look_again
from dagc.handlers.collector import spare_what_is_there
from dagc.handlers.telemetry import count, count_states, log_results, logger, measure, metrics
from dagc.handlers.time_left import has_time, time_for
from dagc.handlers.wiring import deployment_from
from dagc.plan.second_look import EVERY

deployment = deployment_from(os.environ)
spare_what_is_there()


@metrics.log_metrics
def handle(event: Mapping[str, Any], context: LambdaContext) -> dict[str, list[dict[str, str]]]:
    """Compiles what the records can have touched; returns from which of them to go on, if not all
    could be done ("Reporting batch item failures": Lambda goes back to the lowest number).
    """
    if event.get("take") == "second looks":
        take_second_looks(context)
        return {"batchItemFailures": []}
    followed = follow_records(event["Records"], deployment, partial(has_time, context))
    log_results(followed.outcomes, followed.failures)
    measure(followed.outcomes)
    records = {outcome.after.dag_id: outcome.after for outcome in followed.outcomes}
    count_states(records.values())
    count("HandedBack", len(followed.failures))  # no error of Lambda's
    logger.info(
        "followed",
        edits=len(event["Records"]),
        dags=len(followed.outcomes),
        failed=len(followed.failures),
        not_reached=followed.unreached,
        unfinished=len(followed.unfinished),
    )
    again = followed.resume_at
    return {"batchItemFailures": [{"itemIdentifier": again}] if again else []}


def take_second_looks(context: LambdaContext) -> None:
    """Compiles the DAGs that have to be looked at once more; for no longer than until the rule
    starts the next invocation. What is left, that one does.
    """
    taken = look_again(deployment, time_for(context, EVERY - 60))
    log_results(taken.outcomes, taken.failures)
    measure(taken.outcomes)
    if taken.outcomes or taken.failures or taken.unreached:
        logger.info(
            "looked again",
            dags=len(taken.outcomes),
            failed=len(taken.failures),
            not_reached=len(taken.unreached),
        )
