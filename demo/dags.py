"""What became of each DAG, as the functions keep it for people: the rows of `mwaa_dag`."""

from collections.abc import Callable
from typing import Any

from demo.stack import Stack
from demo.waiting import wait_until

Dag = dict[str, Any]


def read(stack: Stack, dag_id: str) -> Dag:
    """The row of a DAG; nothing in it, if there is none."""
    table = stack.dynamodb.Table(stack.tables["dag"])
    return table.get_item(Key={"dag_id": dag_id}, ConsistentRead=True).get("Item", {})


def states(stack: Stack) -> dict[str, str]:
    """The state of every DAG that there is an account of."""
    rows = stack.dynamodb.Table(stack.tables["dag"]).scan(ConsistentRead=True)["Items"]
    return {str(row["dag_id"]): str(row.get("state", "")) for row in rows}


def wait_for(stack: Stack, dag_id: str, expected: str, holds: Callable[[Dag], bool]) -> Dag:
    """The row of a DAG, when it tells what is expected."""
    return wait_until(
        lambda: read(stack, dag_id),
        lambda dag: bool(dag) and holds(dag),
        f"mwaa_dag to say that {dag_id} is {expected}",
        lambda dag: f"it says {dag.get('state', 'nothing')}",
    )
