"""What the tasks of `mapping.yaml` call. It lies in the DAG folder."""

import json
import os
from pathlib import Path
from typing import Any


def five() -> list[dict[str, int]]:
    """What `each` is mapped over."""
    return [{"value": number} for number in range(5)]


def nothing() -> list[int]:
    """What `never` is mapped over."""
    return []


def pair() -> dict[str, Any]:
    """A result for each of two keys."""
    return {"left": 1, "right": [2, 3]}


def note(value: Any, ti: Any, run_id: str) -> Any:
    """Note what the task was given, a line of a file."""
    value = value if isinstance(value, int | str) else list(value)
    noted = {"run": run_id, "task": ti.task_id, "index": ti.map_index, "value": value}
    with Path(os.environ["AIRFLOW_HOME"], "mapped").open("a") as file:
        file.write(json.dumps(noted) + "\n")
    return value
