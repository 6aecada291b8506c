"""Takes the second looks at DAGs that compiles in doubt have asked for (`plan/second_look.py`)."""

from collections.abc import Callable

from dagc.apply.compile_dags import Compiled, compile_dags
from dagc.apply.deployment import Deployment
from dagc.aws.batches import WRITE_SIZE, chunks
from dagc.plan.second_look import requests_of


def look_again(deployment: Deployment, has_time: Callable[[], bool] = lambda: True) -> Compiled:
    """Compiles the DAGs whose second look is due, as long as there is time, and forgets those looks
    that were the last. What AWS fails at, or no time is left for, is due until it is done.
    """
    now = deployment.now().timestamp()
    due = [look for look in deployment.dependencies.looks() if look.is_due(now)]
    compiled = compile_dags(requests_of(due), deployment, has_time)
    left = {failure.what for failure in compiled.failures} | compiled.unreached
    over = [look for look in due if look.is_last(now) and look.dag_id not in left]
    deployment.in_parallel(deployment.dependencies.delete_looks, chunks(over, WRITE_SIZE))
    return compiled
