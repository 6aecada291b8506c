"""The table `mwaa_run`, and the plugin module that writes it, from where Airflow finds it."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[2] / "airflow_runtime/plugins/dagc_run_table.py"
TABLE = "mwaa_run"


def load() -> Any:
    """The module `dagc_run_table`."""
    if FILE.stem not in sys.modules:
        spec = importlib.util.spec_from_file_location(FILE.stem, FILE)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[FILE.stem] = module  # dataclasses look there
        spec.loader.exec_module(module)
    return sys.modules[FILE.stem]


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
