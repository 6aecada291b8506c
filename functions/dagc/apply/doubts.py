"""Asks for second looks at DAGs of which a call may still come (`plan/second_look.py`)."""

from collections.abc import Sequence

from dagc.apply.deployment import Deployment
from dagc.apply.results import Failure, Outcome
from dagc.aws import INFRASTRUCTURE
from dagc.aws.batches import WRITE_SIZE, chunks
from dagc.plan.request import Again
from dagc.plan.second_look import Look


def ask_for_looks(
    results: Sequence[Outcome | Failure | Again], deployment: Deployment
) -> list[Outcome | Failure | Again]:
    """Asks for a second look at each DAG that is in doubt. Returns `results`, with a failure for
    those of which that could not be stored: they may not end.
    """
    asked_at = int(deployment.now().timestamp())
    looks = [
        Look(result.after.dag_id, result.after.revision, asked_at)
        for result in results
        if isinstance(result, Outcome) and result.in_doubt
    ]

    def ask(batch: Sequence[Look]) -> dict[str, Failure]:
        try:
            deployment.dependencies.ask_for(batch)
        except INFRASTRUCTURE as error:
            return {look.dag_id: Failure(look.dag_id, error) for look in batch}
        return {}

    failed: dict[str, Failure] = {}
    for failures in deployment.in_parallel(ask, chunks(looks, WRITE_SIZE)):
        failed |= failures
    return [
        failed.get(result.after.dag_id, result) if isinstance(result, Outcome) else result
        for result in results
    ]
