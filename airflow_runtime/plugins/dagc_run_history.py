"""Airflow plugin: records each DAG run and each try of a task in a DynamoDB table.

A listener for Airflow 2.10 to 3.3, which differ in what hooks are given. In 3.x those of tasks run
without the metadata database. docs/run-history.md explains the table.
"""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import Any

from airflow.configuration import conf
from airflow.listeners import hookimpl
from airflow.plugins_manager import AirflowPlugin
from dagc_run_events import dag_run_event, task_event, value_text
from dagc_run_recorder import Recorder
from dagc_run_table import (
    RUNNING,
    Event,
    RunTable,
    rows_affected,
    short_config,
)
from dagc_run_worker import Deadline

log = logging.getLogger(__name__)

MOST_SECONDS = 0.7
"""How long one hook waits for AWS at most: it stays below a second with all that it does itself."""
MOST_TRIES = 25
"""Tries that one end of a DAG run ends, so that the scheduler is not kept long."""
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
        again = value_text(task_instance.state) == "up_for_retry"
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

    @hookimpl
    def before_stopping(self, component: Any) -> None:
        """This process ends: a task's, after the hooks of its end, or that of a part of Airflow."""
        del component
        with _no_error():
            _recorder(os.getpid()).end(Deadline(MOST_SECONDS))


class RunHistoryPlugin(AirflowPlugin):  # type: ignore[misc]
    """What Airflow looks for in the folder of plugins."""

    name = "dagc_run_history"
    listeners = [RunHistory()]  # noqa: RUF012 - as Airflow declares it


@cache
def _recorder(process: int) -> Recorder:  # noqa: ARG001 - a process that was forked gets its own
    name = conf.get("dagc", "run_table", fallback="mwaa_run")
    return Recorder(RunTable(name, conf.getint("dagc", "run_table_days", fallback=90)))


@contextmanager
def _recording() -> Iterator[tuple[Recorder, Deadline]]:
    """Where a hook says what is to be recorded: at its end it waits for that, in bounded time."""
    with _no_error():
        recorder, deadline = _recorder(os.getpid()), Deadline(MOST_SECONDS)
        try:
            yield recorder, deadline
        finally:
            recorder.settle(deadline)


@contextmanager
def _no_error() -> Iterator[None]:
    try:
        yield
    except Exception:
        log.warning("Run history: not recorded. This is a bug; no task fails of it", exc_info=True)


def _record_dag_run(dag_run: Any, state: str, reason: str = "") -> None:
    with _recording() as (recorder, deadline):
        for event in _dag_run_events(dag_run, state, reason, recorder, deadline):
            recorder.record(event)


def _record_try(ti: Any, state: str, error: Any = None, *, ran: bool = False) -> None:
    with _recording() as (recorder, _):
        event = task_event(ti, state, error, ran=ran)
        recorder.record(event)
        if ran and state == "success" and event.details["operator"] == "RedshiftDataOperator":
            _add_rows(event, ti.task, recorder)


def _dag_run_events(
    dag_run: Any, state: str, reason: str, recorder: Recorder, deadline: Deadline
) -> Iterator[Event]:
    """The event of a DAG run; at its end also those of the tries whose end nobody reported."""
    event = dag_run_event(dag_run, state, reason)
    yield event
    if event.ended_at:
        yield from islice(_unreported_tries(dag_run, state, recorder, deadline), MOST_TRIES)


def _unreported_tries(
    dag_run: Any, run_state: str, recorder: Recorder, deadline: Deadline
) -> Iterator[Event]:
    """The tries whose end nobody reported, and the failures that did not even begin.

    A killed process reports nothing, and 2.x and 3.0 do not report skipped tasks. The scheduler
    knows; it is asked through its own session, and nothing is written or committed there.
    """
    from sqlalchemy.orm import object_session

    recorded = recorder.recorded_tries(dag_run.dag_id, dag_run.run_id, deadline)
    if recorded is None:
        return
    running = {key: since for key, since in recorded.items() if since}
    session = object_session(dag_run) if running or run_state == "failed" else None
    if session is None:
        return
    with session.no_autoflush:
        task_instances = dag_run.get_task_instances(session=session)
    for ti in task_instances:
        state = value_text(ti.state)
        event = task_event(ti, state, _NO_END if state == "failed" else None)
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


def _add_rows(event: Event, task: Any, recorder: Recorder) -> None:
    """Has the number of rows recorded that a statement changed, after the end of its task.

    By a client of its own: the operator's would wait and try again as its connection says.
    """
    ids = event.details["query_ids"]
    if not ids:
        return
    try:
        hook = task.hook
        region = hook.region_name  # from Airflow's connection, for which the worker must not ask
    except Exception as error:  # noqa: BLE001 - as above
        log.info("Run history: no rows affected: %s: %s", type(error).__name__, error)
        return

    def with_rows() -> Event | None:
        client = hook.get_client_type(region_name=region, config=short_config(tries=1))
        rows = rows_affected(client.describe_statement(Id=ids[0]))
        if rows is None:
            return None
        return replace(event, details={**event.details, "rows_affected": rows})

    recorder.add(event, with_rows)
