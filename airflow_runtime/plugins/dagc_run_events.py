"""What Airflow says of a DAG run or of a task's try, as an event of run history.

Airflow is asked, for its configuration and for what a deferred task returned, but never AWS.
"""

import importlib
import logging
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from airflow.configuration import conf
from airflow.version import version as airflow_version
from dagc_run_table import RUNNING, Event, shortened, timestamp

log = logging.getLogger(__name__)

QUERY_IDS = {
    "AthenaOperator": "query_execution_id",
    "EcsRunTaskOperator": "arn",
    "EmrAddStepsOperator": "",
    "EmrServerlessStartJobOperator": "job_id",
    "GlueJobOperator": "_job_run_id",
    "RedshiftDataOperator": "statement_id",
}
"""The attribute of an operator that has the id of what it started. What it returned has it, too."""

_BY_AIRFLOW = re.compile(r"(schedule-.+?)__((?:manual|scheduled|backfill|\w+_triggered)__.+)")
_BY_SOMEBODY = re.compile(r"(schedule-.+?)__(.+)")
_PAGES = "webserver" if airflow_version.startswith("2.") else "api"
"""The section of the configuration that knows where Airflow's pages are."""


def task_event(ti: Any, state: str, error: Any = None, *, ran: bool = False) -> Event:
    """The event of a task instance; `ran`: it did not get its state from a person.

    An error that is a mere text is by the scheduler, or by who looks after the task's process.
    """
    now = datetime.now(UTC)
    ended_at = None if state == RUNNING else ti.end_date or now
    task = getattr(ti, "task", None)
    operator = getattr(ti, "operator", None) or (type(task).__name__ if task else None)
    return Event(
        ti.dag_id,
        ti.run_id,
        state,
        started_at=ti.start_date or ended_at or now,
        ended_at=ended_at,
        task_id=ti.task_id,
        map_index=-1 if ti.map_index is None else ti.map_index,
        try_number=ti.try_number,
        assumed=ran and isinstance(error, str),
        details={
            "operator": operator,
            "url": _try_url(ti),
            "error": shortened(_masked(error)) or None,
            "query_ids": _query_ids(ti, task, state) if ran and operator in QUERY_IDS else None,
        },
    )


def dag_run_event(dag_run: Any, state: str, reason: str) -> Event:
    """The event of a DAG run."""
    now = datetime.now(UTC)
    parent = _BY_AIRFLOW.fullmatch(dag_run.run_id) or _BY_SOMEBODY.fullmatch(dag_run.run_id)
    logical_date = getattr(dag_run, "logical_date", None)
    ended_at = None if state == RUNNING else dag_run.end_date or now
    return Event(
        dag_run.dag_id,
        dag_run.run_id,
        state,
        started_at=dag_run.start_date or ended_at or now,
        ended_at=ended_at,
        details={
            "run_type": value_text(dag_run.run_type),
            "logical_date": logical_date and timestamp(logical_date),
            "scheduler_dag_id": parent and parent[1],
            "scheduler_run_id": parent and parent[2],
            "reason": reason if state == "failed" and reason else None,
            "url": _run_url(dag_run.dag_id, dag_run.run_id),
        },
    )


def _query_ids(ti: Any, task: Any, state: str) -> list[str] | None:
    """The ids of what an operator started in AWS."""
    try:
        attribute = QUERY_IDS[type(task).__name__]
        found = getattr(task, attribute, None) if attribute else None
        if not found and state == "success":
            # It was deferred, and this is another instance than the one that started it.
            found = ti.xcom_pull(task_ids=ti.task_id, map_indexes=ti.map_index)
    except Exception as error:  # noqa: BLE001 - the end of the try is worth more than this
        log.info("Run history: no query ids: %s: %s", type(error).__name__, error)
        return None
    ids = [found] if isinstance(found, str) else found
    if not isinstance(ids, list | tuple) or not all(isinstance(one, str) for one in ids):
        return None  # it returned the rows
    if attribute == "statement_id":
        # The parts of a batch are <id>:1, <id>:2 …
        return [ids[0].partition(":")[0]] if ids else None
    return list(ids) or None


def _masked(error: Any) -> str:
    """An error's text without the secrets that Airflow would mask in its log."""
    if error is None:
        return ""
    text = f"{type(error).__name__}: {error}" if isinstance(error, BaseException) else str(error)
    for module in (
        "airflow.sdk.log",  # from 3.1
        "airflow.sdk.execution_time.secrets_masker",
        "airflow.utils.log.secrets_masker",  # 2.x
    ):
        try:
            return str(importlib.import_module(module).redact(text))
        except (ImportError, AttributeError):
            continue
    return type(error).__name__


def _run_url(dag_id: str, run_id: str) -> str | None:
    base = conf.get(_PAGES, "base_url", fallback="").rstrip("/")
    if not base:
        return None
    return f"{base}/dags/{dag_id}/" + (
        f"grid?dag_run_id={quote(run_id)}" if _PAGES == "webserver" else f"runs/{quote(run_id)}"
    )


def _try_url(ti: Any) -> str | None:
    run = _run_url(ti.dag_id, ti.run_id)
    mapped = ti.map_index is not None and ti.map_index >= 0
    if run is None:
        return None
    if _PAGES == "webserver":
        index = f"&map_index={ti.map_index}" if mapped else ""
        return f"{run}&task_id={ti.task_id}{index}&tab=logs"
    index = f"/mapped/{ti.map_index}" if mapped else ""
    return f"{run}/tasks/{ti.task_id}{index}?try_number={ti.try_number}"


def value_text(value: Any) -> str:
    """The value of an enumeration's member, or what it is anyway."""
    return str(getattr(value, "value", value))
