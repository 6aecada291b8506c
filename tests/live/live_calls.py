"""What runs of `shapes.yaml` call when something has happened; it lies beside the DAGs, as a team's
own modules do. Each call is a line of a file: what happened, to which task, or to the run.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

Context = Mapping[str, Any]


def succeeded(context: Context) -> None:
    """Called of a success."""
    _note("succeeded", context)


def tried_again(context: Context) -> None:
    """Called of a failure that is followed by another try."""
    _note("tried_again", context)


def skipped(context: Context) -> None:
    """Called of a task that skipped itself."""
    _note("skipped", context)


def failed(context: Context) -> None:
    """Called of a failure."""
    _note("failed", context)


def _note(what: str, context: Context) -> None:
    of = "run" if "reason" in context else context["ti"].task_id
    with Path(os.environ["AIRFLOW_HOME"], "calls").open("a", encoding="utf-8") as file:
        file.write(json.dumps([context["run_id"], what, of]) + "\n")
