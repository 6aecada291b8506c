"""The compiler on the emulated account, as `wiring.py` puts it together on a real one."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from botocore.exceptions import ClientError

from dagc.apply.deployment import Deployment
from dagc.apply.edits import Followed, follow_records
from dagc.aws.bucket import Bucket
from dagc.aws.dag_table import DagTable
from dagc.aws.dependency_table import JOB_ROWS, SECOND_LOOKS, DependencyTable
from dagc.aws.dynamodb_json import plain_item
from dagc.aws.event_bus import EventBus
from dagc.aws.row_tables import RowTables, TableNames
from dagc.aws.threads import InParallel
from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.compilation import Dag, compile_rows, read_rows
from dagc.compiler.targets import Target
from dagc.compiler.toolchain import Toolchain
from tests.emulator.aws import BUCKET, EDITED, Answer, Around, Aws

PREFIX = "dags/generated/"
T = TypeVar("T")
R = TypeVar("R")


def one_by_one(function: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """An `InParallel` without threads."""
    return [function(item) for item in items]


def toolchain() -> Toolchain:
    """The built-in templates for Airflow 3.0, without defaults."""
    return tools_for(Target(3, 0))


def tools_for(target: Target) -> Toolchain:
    """The built-in templates for a target, without defaults."""
    tools, _ = load_toolchain(target, "")
    assert tools is not None
    return tools


def deployment_on(
    aws: Aws, in_parallel: InParallel = one_by_one, tools: Toolchain | None = None
) -> Deployment:
    """The compiler, working on `aws`."""
    return Deployment(
        tables=RowTables(aws.dynamodb, TableNames()),
        dags=DagTable(aws.dynamodb, "mwaa_dag"),
        dependencies=DependencyTable(aws.dynamodb, "mwaa_dag_dependency"),
        bucket=Bucket(aws.s3, BUCKET, PREFIX),
        bus=EventBus(aws.events, "default", "dagc-test"),
        toolchain=tools or toolchain(),
        in_parallel=in_parallel,
        now=lambda: datetime.now(UTC),
        pause=lambda _: None,
    )


class Follower:
    """Delivers what the streams hold, once, in the order of the tables, and counts the calls."""

    def __init__(self, aws: Aws, deployment: Deployment) -> None:
        self.aws = aws
        self.deployment = deployment
        self._seen = dict.fromkeys(EDITED, 0)

    def follow(self) -> Followed:
        """Delivers all that is new."""
        records = self.records()
        self.aws.calls.clear()
        return follow_records(records, self.deployment)

    def records(self) -> list[dict[str, Any]]:
        """The records that were not delivered yet, which now count as delivered."""
        new: list[dict[str, Any]] = []
        for table, seen in self._seen.items():
            records: Sequence[dict[str, Any]] = self.aws.stream(table)
            new += records[seen:]
            self._seen[table] = len(records)
        return new


def compiled(aws: Aws, tools: Toolchain) -> dict[str, Dag]:
    """What a compile of all rows at once makes of them, by DAG id."""
    tasks, jobs, schedulers = (list(map(plain_item, aws.items(table))) for table in EDITED)
    return {
        dag.dag_id: dag for dag in compile_rows(read_rows(tasks, jobs, schedulers, tools), tools)
    }


def files(aws: Aws) -> dict[str, str]:
    """The text of each file, by DAG id."""
    return {
        key.removeprefix(PREFIX).removesuffix(".py"): text
        for key, text in aws.objects().items()
        if key.startswith(PREFIX)
    }


def states(aws: Aws) -> dict[str, str]:
    """The state of each DAG, as `mwaa_dag` tells it."""
    return {row["dag_id"]: row["state"] for row in aws.rows("mwaa_dag")}


def failing(operation: str, key: str = "") -> Around:
    """AWS answers 500 to an operation that is about an object or item with `key` in its key."""

    def around(called: str, parameters: Answer, execute: Callable[[], Answer]) -> Answer:
        if called == operation and key in str(parameters.get("Key", "")):
            raise ClientError({"Error": {"Code": "500", "Message": "injected"}}, called)
        return execute()

    return around


def records(aws: Aws) -> dict[str, dict[str, Any]]:
    """The row of each DAG in `mwaa_dag`."""
    return {row["dag_id"]: row for row in aws.rows("mwaa_dag")}


def dependencies(aws: Aws) -> set[tuple[str, str]]:
    """Which input each DAG reads, as `mwaa_dag_dependency` tells it."""
    rows = aws.rows("mwaa_dag_dependency")
    return {
        (row["input"], row["dag_id"])
        for row in rows
        if row["dag_id"] != JOB_ROWS and row["input"] != SECOND_LOOKS
    }


def task(task_id: str, command: str = "true", **more: Any) -> dict[str, Any]:
    """A task that is right."""
    return {
        "task_id": task_id,
        "task_name": f"task_{task_id}",
        "task_type": "BASH",
        "task_params": {"bash_command": command},
        **more,
    }


def job(job_id: str, name: str, tasks: str = "1", **more: Any) -> dict[str, Any]:
    """A job that is right, where its tasks are."""
    return {"job_type": "a", "job_id": job_id, "job_name": name, "task_list": tasks, **more}


def scheduler(schedule_id: str, name: str, jobs: str = "1", **more: Any) -> dict[str, Any]:
    """A scheduler that is right, where its jobs are."""
    return {
        "schedule_id": schedule_id,
        "schedule_name": name,
        "job_list": jobs,
        "schedule_params": {"schedule_interval": "@daily"},
        **more,
    }
