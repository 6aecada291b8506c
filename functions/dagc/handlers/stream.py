"""The handler of the three tables' streams: rows changed, so the bucket is made to follow.

Bad rows are a success: they are reported in the log and leave their last good file. Only faults of
the infrastructure raise, so that Lambda delivers the records again.
"""

import os
import time
from typing import Any

from aws_lambda_powertools import Logger

from dagc.aws.tables import read_items
from dagc.convergence import Outcome, converge
from dagc.diagnostics import has_errors
from dagc.wiring import compiler_from

logger = Logger()
compiler = compiler_from(os.environ)


def handle(event: dict[str, Any], _context: object) -> dict[str, list[dict[str, str]]]:
    """Converges the bucket, whatever the records say: they are hints that something changed."""
    outcome = converge(
        lambda: read_items(compiler.dynamodb, compiler.tables),
        compiler.bucket,
        compiler.toolchain,
    )
    _log(outcome, event["Records"])
    return {"batchItemFailures": []}


def _log(outcome: Outcome, records: list[dict[str, Any]]) -> None:
    """One line for each file that changed, each DAG in error, each object in the way."""
    edited = min(
        (record["dynamodb"]["ApproximateCreationDateTime"] for record in records),
        default=time.time(),
    )
    latency = round((time.time() - edited) * 1000)
    for put in outcome.plan.puts:
        logger.info(
            "published",
            dag_id=put.artifact.dag_id,
            key=put.key,
            version=outcome.versions[put.key],
            edit_to_file_ms=latency,
        )
    for delete in outcome.plan.deletes:
        logger.info("removed", key=delete.key, edit_to_file_ms=latency)
    for key in outcome.plan.foreign:
        logger.error(
            "not written: an object that the compiler did not write is in the way",
            key=key,
            hint="Move it out of the compiler's prefix; the next edit of any row writes the file.",
        )
    for artifact in outcome.artifacts:
        if has_errors(artifact.diagnostics):
            logger.warning(
                "invalid",
                dag_id=artifact.dag_id,
                source=str(artifact.source),
                diagnostics=[diagnostic.as_dict() for diagnostic in artifact.diagnostics],
            )
    logger.info(
        "converged",
        records=len(records),
        dags=sum(artifact.text is not None for artifact in outcome.artifacts),
        published=len(outcome.plan.puts),
        removed=len(outcome.plan.deletes),
    )
