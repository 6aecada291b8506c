"""The table `mwaa_run`, and the modules of the plugin that writes it, where Airflow finds them."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

PLUGINS = Path(__file__).parents[2] / "airflow_runtime/plugins"
TABLE = "mwaa_run"


def load(name: str = "dagc_run_table") -> Any:
    """A module of the plugin, one that needs no Airflow."""
    if str(PLUGINS) not in sys.path:
        sys.path.append(str(PLUGINS))
    return import_module(name)


def create_table(client: Any) -> None:
    """The table as the stack makes it."""
    keys = ("dag_id", "run", "latest", "started_at")
    client.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        KeySchema=_keys("dag_id", "run"),
        GlobalSecondaryIndexes=[
            {
                "IndexName": "latest",
                "KeySchema": _keys("latest", "started_at"),
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )


def _keys(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]
