"""What the table of run history says of a run."""

from typing import Any, NamedTuple

from boto3.dynamodb.conditions import Key

from demo.airflow.stage import AirflowStage
from demo.waiting import wait_until

Item = dict[str, Any]


class History(NamedTuple):
    """The item of a run, and those of the last try of each of its tasks."""

    run: Item
    tasks: dict[str, Item]


def recorded(stage: AirflowStage, dag_id: str, run_id: str) -> History:
    """Both, once the end of the run is told: Airflow's API tells it a moment earlier."""
    return wait_until(
        lambda: _history(stage, dag_id, run_id),
        lambda found: "ended_at" in found.run,
        f"mwaa_run to tell how {run_id} of {dag_id} ended",
        every=0.5,
    )


def _history(stage: AirflowStage, dag_id: str, run_id: str) -> History:
    table = stage.stack.dynamodb.Table(stage.stack.tables["run"])
    found = table.query(
        KeyConditionExpression=Key("dag_id").eq(dag_id) & Key("run").begins_with(run_id),
        ConsistentRead=True,
    )["Items"]
    items: list[Item] = [dict(item) for item in found]
    run = next((item for item in items if item["run"] == run_id), {})
    tries = [item for item in items if item["run"].startswith(f"{run_id}#")]
    last = {
        item["task_id"]: item for item in sorted(tries, key=lambda attempt: attempt["try_number"])
    }
    return History(run, last)
