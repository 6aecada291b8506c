"""The rows of the tests' own; their DAGs in Airflow, and the runs that schedulers start."""

from pathlib import Path
from typing import Any

import yaml

from demo.airflow.stage import AirflowStage
from demo.rows import KINDS, Row
from demo.waiting import wait_until


def rows_of(name: str) -> dict[str, list[Row]]:
    """The rows in a file of this folder, by kind."""
    read = yaml.safe_load((Path(__file__).parent / name).read_text(encoding="utf-8"))
    return {kind: read[kind] for kind in KINDS}


ROWS = rows_of("rows.yaml")


def child_run(scheduler: str, run_id: str) -> str:
    """The id of the run that each job of a scheduler's run has."""
    return f"{scheduler}__{run_id}"


def known(stage: AirflowStage, *dag_ids: str) -> None:
    """Wait until Airflow has read these DAGs."""
    rest = stage.airflow.rest
    wait_until(
        lambda: set(rest.dags()),
        lambda found: found.issuperset(dag_ids),
        f"Airflow to know {dag_ids}",
        lambda found: f"{sorted(found)}; {rest.import_errors()}",
        every=0.5,
    )


def ended_runs(stage: AirflowStage, dag_id: str, count: int) -> list[dict[str, Any]]:
    """The runs of a DAG, when so many have begun, and all these have ended."""
    rest = stage.airflow.rest
    found = wait_until(
        lambda: rest.runs(dag_id),
        lambda seen: len(seen) >= count,
        f"{count} runs of {dag_id}",
        every=0.5,
    )
    for run in found:
        rest.wait_for(dag_id, run["dag_run_id"])
    return rest.runs(dag_id)


def parsed(stage: AirflowStage, dag_id: str) -> str:
    """When Airflow read the file of a DAG last."""
    return str(stage.airflow.rest.dags()[dag_id]["last_parsed_time"])


def parsed_since(stage: AirflowStage, dag_id: str, before: str) -> None:
    """Wait until Airflow has read it again."""
    wait_until(
        lambda: parsed(stage, dag_id),
        lambda found: found != before,
        f"Airflow to read {dag_id} again",
        every=0.5,
    )
