"""The table of run history: what is written of a DAG run or of a task's try, and writing it.

Nothing here knows Airflow. The upper half is pure: an event in, a request to DynamoDB out. Requests
are conditional, so that events may come twice and in any order: one item for each try of a task,
one for each DAG run.
"""

import logging
import os
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from threading import Thread
from typing import Any, TypeVar

log = logging.getLogger(__name__)
T = TypeVar("T")

RUNNING = "running"
FAILED = ("failed", "up_for_retry")
MAX_ERROR = 2000
"""Characters of an error that are kept: the log has the rest."""

_OPTIONAL = (
    *("ended_at", "duration", "error", "reason", "query_ids", "rows_affected"),
    *("latest", "assumed"),
)
"""Those of these that an event does not have are removed: they are of an earlier event."""

_TRY_BEGINS = "attribute_not_exists(#state)"
_RUN_BEGINS = "attribute_not_exists(#started_at) OR #started_at < :started_at"
"""For the first time, or anew: it was cleared."""
_ENDS = "(attribute_not_exists(#ended_at) OR #ended_at <= :ended_at OR attribute_exists(#assumed))"
"""No later end is recorded. An end may be reported twice, and changed by hand."""
_NOT_BEGUN_ANEW = "(attribute_not_exists(#started_at) OR #started_at <= :started_at)"
_NO_END = "attribute_not_exists(#state) OR #state = :running OR attribute_exists(#assumed)"
"""No end is recorded, or an assumed one."""


@dataclass(frozen=True)
class Event:
    """What a DAG run, or (with a `task_id`) a try of a task, has come to."""

    dag_id: str
    run_id: str
    state: str
    started_at: datetime
    ended_at: datetime | None = None
    task_id: str | None = None
    map_index: int = -1
    try_number: int = 0
    assumed: bool = False
    """Reported by another process than the one that ran: holds unless that one reports an end."""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sort_key(self) -> str:
        """The table's sort key, `run`."""
        if self.task_id is None:
            return self.run_id
        return f"{self.run_id}#{self.task_id}#{self.map_index}#{self.try_number}"


def timestamp(moment: datetime) -> str:
    """As text, in UTC: texts have the order of the moments."""
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def shortened(error: str) -> str:
    """An error that fits: its begin and its end, where some operators put what matters."""
    if len(error) <= MAX_ERROR:
        return error
    return f"{error[: MAX_ERROR // 2 - 2]} … {error[-MAX_ERROR // 2 + 1 :]}"


def attributes(event: Event, days: int) -> dict[str, Any]:
    """The item of an event, without its key. What is None is not stored."""
    failed = event.state in FAILED
    of_task = {
        "task_id": event.task_id,
        "map_index": event.map_index,
        "try_number": event.try_number,
    }
    day = event.started_at.astimezone(UTC).date().isoformat()
    listed = event.task_id is None or failed
    return {
        **dict.fromkeys(_OPTIONAL),
        **({"kind": "dag_run"} if event.task_id is None else {"kind": "task_try", **of_task}),
        "run_id": event.run_id,
        "state": event.state,
        "started_at": timestamp(event.started_at),
        **_end(event),
        # The index holds what has it: DAG runs, and tries that failed.
        "latest": f"{day}/{'failed' if failed else 'other'}" if listed else None,
        "assumed": 1 if event.assumed else None,
        "expires_at": int(event.started_at.timestamp()) + days * 86400,
        **event.details,
    }


def _end(event: Event) -> dict[str, Any]:
    if event.ended_at is None:
        return {}
    seconds = max(0.0, (event.ended_at - event.started_at).total_seconds())
    return {"ended_at": timestamp(event.ended_at), "duration": round(seconds, 3)}


def update(table: str, event: Event, days: int) -> dict[str, Any]:
    """The UpdateItem that records an event: refused where the table has a later one."""
    values = attributes(event, days)
    kept = {name: value for name, value in values.items() if value is not None}
    sets = {name: f":{name}" for name in kept}
    if event.task_id is not None:
        # A try that waited (deferred, rescheduled) may only know when it went on.
        sets["started_at"] = "if_not_exists(#started_at, :started_at)"
    if event.assumed:
        condition = _NO_END
        kept["running"] = RUNNING
    elif event.task_id is not None:
        condition = _TRY_BEGINS if event.state == RUNNING else _ENDS
    else:
        condition = _RUN_BEGINS if event.state == RUNNING else f"{_ENDS} AND {_NOT_BEGUN_ANEW}"
    gone = [f"#{name}" for name, value in values.items() if value is None]
    return {
        "TableName": table,
        "Key": {"dag_id": {"S": event.dag_id}, "run": {"S": event.sort_key}},
        "UpdateExpression": f"SET {', '.join(f'#{name} = {text}' for name, text in sets.items())}"
        + (f" REMOVE {', '.join(gone)}" if gone else ""),
        "ConditionExpression": condition,
        "ExpressionAttributeNames": {f"#{name}": name for name in values},
        "ExpressionAttributeValues": {f":{name}": _dynamodb(v) for name, v in kept.items()},
        "ReturnValues": "ALL_NEW",
    }


def _dynamodb(value: str | float | Iterable[str]) -> dict[str, Any]:
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, int | float):
        return {"N": str(value)}
    return {"L": [{"S": text} for text in value]}


def rows_affected(statement: Mapping[str, Any]) -> int | None:
    """The rows that a statement of the Redshift Data API changed, or those of a batch together.

    Of a query ResultRows counts what it returned; of other statements it can be -1, unknown.
    """
    changes = [
        part["ResultRows"]
        for part in statement.get("SubStatements") or [statement]
        if not part.get("HasResultSet") and part.get("ResultRows", -1) >= 0
    ]
    return sum(changes) if changes else None


FAILURES = 3
"""In a row, after which the table is left alone for a while: a scheduler runs for weeks."""
PAUSE_SECONDS = 300.0


class Deadline:
    """The moment from which on nobody waits for AWS any more.

    The timeouts of a request bound its connection and each read, not the whole: a search for
    credentials, or an answer that comes byte by byte, takes far longer (9 to 18 s measured).
    """

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def is_over(self) -> bool:
        """Whether it has passed."""
        return time.monotonic() >= self._end

    def run(self, request: Callable[[], T]) -> T:
        """What `request` returns or raises. Raises TimeoutError if it does neither in time.

        It is run in a thread, which is then left to end by itself, and never keeps a process from
        ending. So it must use nothing that its caller goes on with, like Airflow's connection to
        the process that supervises a task.
        """
        outcome: Future[T] = Future()
        Thread(target=_fulfil, args=(outcome, request), daemon=True).start()
        return outcome.result(timeout=max(0.0, self._end - time.monotonic()))


def _fulfil(outcome: "Future[T]", request: Callable[[], T]) -> None:
    try:
        outcome.set_result(request())
    except Exception as error:  # noqa: BLE001 - raised where it is waited for
        outcome.set_exception(error)


class RunTable:
    """The table in AWS. Nothing here raises, or takes longer than until a deadline."""

    def __init__(self, name: str, days: int) -> None:
        self.name = name
        self.days = days
        self._failures = 0
        self._paused_until = 0.0

    def record(self, event: Event, deadline: Deadline) -> None:
        """Records an event."""
        about = f"{event.dag_id} {event.sort_key}"
        started_at = self._tried(about, lambda: self._update(event), deadline)
        if started_at and started_at != timestamp(event.started_at):
            # Where only the first process of a try knew when it began.
            event = replace(event, started_at=datetime.fromisoformat(started_at))
            self.record(event, deadline)

    def recorded_tries(
        self, dag_id: str, run_id: str, deadline: Deadline
    ) -> dict[str, datetime | None] | None:
        """The recorded tries of a run, by sort key: since when each runs, None if it ended.

        None in all if the table does not answer.
        """
        return self._tried(f"{dag_id} {run_id}", lambda: self._query(dag_id, run_id), deadline)

    def _update(self, event: Event) -> str | None:
        client = _client(os.getpid())
        try:
            answer = client.update_item(**update(self.name, event, self.days))
        except client.exceptions.ConditionalCheckFailedException:
            return None
        return str(answer["Attributes"]["started_at"]["S"])

    def _query(self, dag_id: str, run_id: str) -> dict[str, datetime | None]:
        # One page, some thousands of tries: more would keep the scheduler too long.
        answer = _client(os.getpid()).query(
            TableName=self.name,
            KeyConditionExpression="dag_id = :dag_id AND begins_with(#run, :run)",
            ProjectionExpression="#run, #state, started_at",
            ExpressionAttributeNames={"#run": "run", "#state": "state"},
            ExpressionAttributeValues={":dag_id": {"S": dag_id}, ":run": {"S": f"{run_id}#"}},
        )
        return {
            item["run"]["S"]: datetime.fromisoformat(item["started_at"]["S"])
            if item["state"]["S"] == RUNNING
            else None
            for item in answer["Items"]
        }

    def _tried(self, about: str, request: Callable[[], T], deadline: Deadline) -> T | None:
        if not self.name or time.monotonic() < self._paused_until:
            return None
        try:
            answer = deadline.run(request)
        except Exception as error:  # noqa: BLE001 - whatever it is: no task may fail of it
            self._failures += 1
            if self._failures % FAILURES == 0:
                self._paused_until = time.monotonic() + PAUSE_SECONDS
            log.warning(
                "Run history: %s was not recorded in the table %r: %s: %s. Check that the table is "
                "there, that Airflow's role may dynamodb:UpdateItem and dynamodb:Query on it, and "
                "its name in Airflow's configuration ([dagc] run_table). The task is not affected.",
                about, self.name, type(error).__name__, str(error) or "no answer in time",
            )  # fmt: skip
            return None
        self._failures = 0
        return answer


@cache
def _client(process: int) -> Any:  # noqa: ARG001 - a process that was forked gets its own
    """A client with short timeouts. Made when it is needed: Airflow imports plugins everywhere."""
    import botocore.session
    from botocore.config import Config

    config = Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 2})
    return botocore.session.get_session().create_client("dynamodb", config=config)
