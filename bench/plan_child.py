"""The process behind `bench.plan`: makes one plan, and says what it took."""

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

from bench.peak_memory import peak_memory
from dagc.aws.bucket import Bucket
from dagc.aws.clients import make_client
from dagc.aws.dag_table import DagTable
from dagc.aws.dependency_table import DependencyTable
from dagc.aws.row_tables import RowTables, TableNames
from dagc.aws.stack import Stack
from dagc.cli.deployed_stack import DeployedStack
from dagc.cli.planning import plan_against_stack
from dagc.cli.proposal import proposed_rows

_PARAMETERS = {
    "AirflowVersion": "AIRFLOW_TARGET",
    "Environment": "DAGC_ENVIRONMENT",
    "PublishesRuntime": "PUBLISHES_RUNTIME",
    "MaxRemovedPercent": "MAX_REMOVED_PERCENT",
}
"""What a stack says, by the functions' variable."""


def main(row: str, file: str) -> None:
    """Plans that `row` is as in `file`."""
    stack = _stack(os.environ)
    calls: Counter[str] = Counter()
    for client in (stack.dynamodb, stack.bucket.client):
        client.meta.events.register(
            "before-send", lambda event_name, **_: calls.update([event_name.split(".")[2]])
        )
    cpu, wall = time.process_time(), time.perf_counter()
    plan = plan_against_stack(
        stack, proposed_rows(None, [(row, file)], []), None, delete_missing=False
    ).plan
    found = {
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "calls": calls.total(),
        "dags": len(plan.dags),
        "memory": peak_memory(),
    }
    sys.stdout.write(json.dumps(found))


def _stack(variables: Mapping[str, str]) -> DeployedStack:
    dynamodb: Any = make_client("dynamodb")
    names = TableNames(*(variables[f"{kind.upper()}_TABLE"] for kind in TableNames._fields))
    parameters = {name: variables[variable] for name, variable in _PARAMETERS.items()}
    return DeployedStack(
        Stack("bench", parameters, {}),
        RowTables(dynamodb, names),
        DagTable(dynamodb, variables["DAG_TABLE"]),
        DependencyTable(dynamodb, variables["DEPENDENCY_TABLE"]),
        Bucket(make_client("s3"), variables["DAG_BUCKET"], variables["DAG_PREFIX"]),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
