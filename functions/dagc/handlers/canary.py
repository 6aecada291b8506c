"""The handler of the canary: on a schedule, rows of its own go all the way through the stack.

It fails where they do not come through, and the alarm `canary-failed` sounds.
"""

import os
import time
from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from dagc.aws.clients import IN_FUNCTIONS, make_client
from dagc.aws.clock import Clock
from dagc.aws.dag_table import DagTable
from dagc.canary.canary_stages import Latencies
from dagc.canary.run_canary import Places, run_canary
from dagc.handlers.telemetry import logger
from dagc.handlers.time_left import has_time
from dagc.handlers.wiring import bucket_from, tables_from

SECONDS = 120
"""For each step: all of them and the removal of what was left have time in one invocation."""


def places_from(environment: Mapping[str, str]) -> Places:
    """What the canary writes and looks at. It compiles nothing, and needs no templates."""
    dynamodb = make_client("dynamodb", IN_FUNCTIONS)
    dags = DagTable(dynamodb, environment["DAG_TABLE"])
    return Places(tables_from(environment, dynamodb), dags, bucket_from(environment))


places = places_from(os.environ)


def handle(_event: Mapping[str, Any], context: LambdaContext) -> dict[str, dict[str, float]]:
    """Runs the canary; returns the seconds that each step took. Raises where one did not lead to
    what it must, or where the time is over; the rows are removed in any case.
    """
    steps: dict[str, dict[str, float]] = {}

    def told(what: str, took: Latencies) -> None:
        steps[what] = took._asdict()
        logger.info("canary", step=what, seconds=steps[what])

    def pause(seconds: float) -> bool:
        time.sleep(seconds)
        return not has_time(context)

    run_canary(places, seconds=SECONDS, clock=Clock(time.monotonic, pause), told=told)
    return steps
