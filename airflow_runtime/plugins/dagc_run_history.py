"""Airflow plugin: records each DAG run and each try of a task in a DynamoDB table.

A listener for Airflow 2.10 to 3.3, which differ in what hooks are given. In 3.x those of tasks run
without the metadata database. docs/run-history.md explains the table.
"""

import importlib
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from typing import Any
from urllib.parse import quote

from airflow.configuration import conf
from airflow.listeners import hookimpl
from airflow.plugins_manager import AirflowPlugin
from airflow.version import version as airflow_version
from dagc_run_table import (
    RUNNING,
    Deadline,
    Event,
    RunTable,
    log,
    rows_affected,
    shortened,
    timestamp,
)

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
MOST_SECONDS = 3.0
"""How long Airflow waits at most for the requests of one hook; what is not recorded then is not."""
MOST_SECONDS_OF_ROWS = 1.0
"""How long of these for the number of rows that a statement changed."""
MOST_TRIES = 25
"""Tries that one end of a DAG run ends, so that the scheduler is not kept long."""
_PAGES = "webserver" if airflow_version.startswith("2.") else "api"
"""The section of the configuration that knows where Airflow's pages are."""
_NO_END = (
    "Airflow reported no end of this try: its process was killed, its worker was lost, or its "
    "state was set by hand."
)


class RunHistory:
    """The listener. In Airflow 2 an error of a hook would fail the task: none leaves here."""

    @hookimpl
    def on_task_instance_running(self, previous_state: Any, task_instance: Any) -> None:
        """A try begins, or goes on after it waited."""
        del previous_state
        _record_try(task_instance, RUNNING)

    @hookimpl
    def on_task_instance_success(self, previous_state: Any, task_instance: Any) -> None:
        """A try succeeded; or a person says so, and then there was no state before."""
        _record_try(task_instance, "success", ran=previous_state is not None)

    @hookimpl
    def on_task_instance_skipped(self, previous_state: Any, task_instance: Any) -> None:
        """A task skipped itself; 2.x and 3.0 do not report it."""
        del previous_state
        _record_try(task_instance, "skipped")

    @hookimpl
    def on_task_instance_failed(self, previous_state: Any, task_instance: Any, error: Any) -> None:
        """A try failed, for good or to be retried."""
        again = _text(task_instance.state) == "up_for_retry"
        state = "up_for_retry" if again else "failed"
        _record_try(task_instance, state, error, ran=previous_state is not None)

    @hookimpl
    def on_dag_run_running(self, dag_run: Any, msg: str) -> None:
        """A DAG run begins, for the first time or cleared."""
        del msg
        _record_dag_run(dag_run, RUNNING)

    @hookimpl
    def on_dag_run_success(self, dag_run: Any, msg: str) -> None:
        """A DAG run succeeded."""
        _record_dag_run(dag_run, "success", msg)

    @hookimpl
    def on_dag_run_failed(self, dag_run: Any, msg: str) -> None:
        """A DAG run failed."""
        _record_dag_run(dag_run, "failed", msg)


class RunHistoryPlugin(AirflowPlugin):  # type: ignore[misc]
    """What Airflow looks for in the folder of plugins."""

    name = "dagc_run_history"
    listeners = [RunHistory()]  # noqa: RUF012 - as Airflow declares it


@cache
def _table() -> RunTable:
    name = conf.get("dagc", "run_table", fallback="mwaa_run")
    return RunTable(name, conf.getint("dagc", "run_table_days", fallback=90))


def _record_dag_run(dag_run: Any, state: str, reason: str = "") -> None:
    deadline = Deadline(MOST_SECONDS)
    _record(_dag_run_events(dag_run, state, reason, deadline), deadline)


def _record_try(ti: Any, state: str, error: Any = None, *, ran: bool = False) -> None:
    _record(_task_events(ti, state, error, ran=ran), Deadline(MOST_SECONDS))


def _record(events: Iterator[Event], deadline: Deadline) -> None:
    """Records the events, as far as there is time; they are made here, one at a time."""
    try:
        for event in events:
            _table().record(event, deadline)
            if deadline.is_over:
                break
    except Exception:  # noqa: BLE001 - whatever it is: no task may fail of it
        log.warning("Run history: not recorded. This is a bug; no task fails of it", exc_info=True)


def _task_events(ti: Any, state: str, error: Any = None, *, ran: bool = False) -> Iterator[Event]:
    """The event of a task instance; `ran`: it did not get its state from a person.

    An error that is a mere text is by the scheduler, or by who looks after the task's process.
    """
    now = datetime.now(UTC)
    ended_at = None if state == RUNNING else ti.end_date or now
    task = getattr(ti, "task", None)
    operator = getattr(ti, "operator", None) or (type(task).__name__ if task else None)
    results = _results(ti, task, state) if ran and operator in QUERY_IDS else {}
    yield Event(
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
            **results,
        },
    )


def _dag_run_events(dag_run: Any, state: str, reason: str, deadline: Deadline) -> Iterator[Event]:
    """The event of a DAG run; at its end also those of the tries whose end nobody reported."""
    now = datetime.now(UTC)
    parent = _BY_AIRFLOW.fullmatch(dag_run.run_id) or _BY_SOMEBODY.fullmatch(dag_run.run_id)
    logical_date = getattr(dag_run, "logical_date", None)
    ended_at = None if state == RUNNING else dag_run.end_date or now
    yield Event(
        dag_run.dag_id,
        dag_run.run_id,
        state,
        started_at=dag_run.start_date or ended_at or now,
        ended_at=ended_at,
        details={
            "run_type": _text(dag_run.run_type),
            "logical_date": logical_date and timestamp(logical_date),
            "scheduler_dag_id": parent and parent[1],
            "scheduler_run_id": parent and parent[2],
            "reason": reason if state == "failed" and reason else None,
            "url": _run_url(dag_run.dag_id, dag_run.run_id),
        },
    )
    if ended_at:
        yield from islice(_unreported_tries(dag_run, state, deadline), MOST_TRIES)


def _unreported_tries(dag_run: Any, run_state: str, deadline: Deadline) -> Iterator[Event]:
    """The tries whose end nobody reported, and the failures that did not even begin.

    A killed process reports nothing, and 2.x and 3.0 do not report skipped tasks. The scheduler
    knows; it is asked through its own session, and nothing is written or committed there.
    """
    from sqlalchemy.orm import object_session

    recorded = _table().recorded_tries(dag_run.dag_id, dag_run.run_id, deadline)
    if recorded is None:
        return
    running = {key: since for key, since in recorded.items() if since}
    session = object_session(dag_run) if running or run_state == "failed" else None
    if session is None:
        return
    with session.no_autoflush:
        task_instances = dag_run.get_task_instances(session=session)
    for ti in task_instances:
        state = _text(ti.state)
        for event in _task_events(ti, state, _NO_END if state == "failed" else None):
            since = running.pop(event.sort_key, None)
            unreported = since and state in {"success", "failed", "skipped", "upstream_failed"}
            if unreported or (state == "failed" and event.sort_key not in recorded):
                yield replace(event, assumed=True, started_at=since or event.started_at)
    for key, since in running.items():
        task_id, map_index, try_number = key.removeprefix(f"{dag_run.run_id}#").rsplit("#", 2)
        yield Event(
            dag_run.dag_id,
            dag_run.run_id,
            "up_for_retry",
            since,
            task_id=task_id,
            map_index=int(map_index),
            try_number=int(try_number),
            assumed=True,
            details={"error": _NO_END},
        )


def _results(ti: Any, task: Any, state: str) -> dict[str, Any]:
    """The ids of what an operator started, and how many rows that changed."""
    try:
        attribute = QUERY_IDS[type(task).__name__]
        found = getattr(task, attribute, None) if attribute else None
        if not found and state == "success":
            # It was deferred, and this is another instance than the one that started it.
            found = ti.xcom_pull(task_ids=ti.task_id, map_indexes=ti.map_index)
        ids = [found] if isinstance(found, str) else found or []
        if not all(isinstance(query_id, str) for query_id in ids):
            return {}  # it returned the rows
        if attribute != "statement_id" or not ids:
            return {"query_ids": ids or None}
        # The parts of a batch are <id>:1, <id>:2 …
        batch = ids[0].partition(":")[0]
        rows = None
        if state == "success":
            rows = _rows_affected(task.hook, batch)
    except Exception as error:  # noqa: BLE001 - the end of the try is worth more than this
        log.info("Run history: no query ids, no rows affected: %s: %s", type(error).__name__, error)
        return {}
    return {"query_ids": [batch], "rows_affected": rows}


def _rows_affected(hook: Any, statement_id: str) -> int | None:
    _ = hook.conn_config  # from Airflow, which the thread below must not ask
    describe = Deadline(MOST_SECONDS_OF_ROWS).run
    return rows_affected(describe(lambda: hook.conn.describe_statement(Id=statement_id)))


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


def _text(value: Any) -> str:
    """The value of an enumeration's member, or what it is anyway."""
    return str(getattr(value, "value", value))
