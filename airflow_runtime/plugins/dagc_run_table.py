"""The table of run history: what is written of a DAG run or of a task's try, and writing it.

Nothing here knows Airflow. The upper half is pure: an event in, a request to DynamoDB out. Requests
are conditional, so that events may come twice and in any order: one item for each try of a task,
one for each DAG run.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

RUNNING = "running"
FAILED = ("failed", "up_for_retry")
MAX_ERROR = 2000
"""Characters of an error that are kept: the log has the rest."""
DROPPED = "#dropped"
"""In the place of a DAG's id, which never has this sign: items about events that are not there."""

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


def drop_update(table: str, trouble: Mapping[str, Any], host: str, days: int) -> dict[str, Any]:
    """The UpdateItem that tells how many events of a machine were not recorded since a moment.

    It may come twice: it is refused where as many were told of the same moment.
    """
    since = datetime.fromisoformat(trouble["since"])
    values = {
        "kind": "dropped",
        "dropped": trouble["dropped"],
        "started_at": timestamp(since),
        "ended_at": trouble["until"],
        "error": trouble["error"],
        "host": host,
        "expires_at": int(since.timestamp()) + days * 86400,
    }
    return {
        "TableName": table,
        "Key": {"dag_id": {"S": DROPPED}, "run": {"S": f"{timestamp(since)}#{host}"}},
        "UpdateExpression": "SET " + ", ".join(f"#{name} = :{name}" for name in values),
        "ConditionExpression": "attribute_not_exists(#dropped) OR #dropped < :dropped",
        "ExpressionAttributeNames": {f"#{name}": name for name in values},
        "ExpressionAttributeValues": {f":{name}": _dynamodb(v) for name, v in values.items()},
    }


class RunTable:
    """The table in AWS. Each request raises what botocore raises, and may take long."""

    def __init__(self, name: str, days: int) -> None:
        self.name = name
        self.days = days
        self._client: Any = None

    def record(self, event: Event) -> None:
        """Records an event, unless the table has a later one."""
        answer = self._updated(update(self.name, event, self.days))
        started_at = answer and answer["Attributes"]["started_at"]["S"]
        if started_at and started_at != timestamp(event.started_at):
            # Where only the first process of a try knew when it began.
            self.record(replace(event, started_at=datetime.fromisoformat(started_at)))

    def tell_dropped(self, trouble: Mapping[str, Any], host: str) -> None:
        """Records how many events of this machine were not recorded."""
        self._updated(drop_update(self.name, trouble, host, self.days))

    def recorded_tries(self, dag_id: str, run_id: str) -> dict[str, datetime | None]:
        """The recorded tries of a run, by sort key: since when each runs, None if it ended."""
        # One page, some thousands of tries: more would keep the scheduler too long.
        answer = self._connected().query(
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

    def _updated(self, request: dict[str, Any]) -> Any:
        """The answer to an UpdateItem, None if its condition does not hold."""
        client = self._connected()
        try:
            return client.update_item(**request)
        except client.exceptions.ConditionalCheckFailedException:
            return None

    def _connected(self) -> Any:
        if self._client is None:
            self._client = _client()
        return self._client


def _client() -> Any:
    """Made when it is needed: Airflow imports plugins everywhere."""
    import botocore.session

    session = botocore.session.get_session()
    return session.create_client("dynamodb", config=short_config(tries=2))


def short_config(tries: int) -> Any:
    """The configuration of a client that gives up soon."""
    from botocore.config import Config

    return Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": tries})
