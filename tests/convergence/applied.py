"""A stack on the emulated account, to which `dagc plan` and `dagc apply` are applied."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from dagc.apply.rebuild import rebuild
from dagc.aws import clients
from dagc.cli.main import app
from tests.convergence.deployed import PREFIX, Follower, deployment_on, job, scheduler, task
from tests.emulator.aws import BUCKET, EDITED, Answer, Aws

PARAMETERS = {
    "AirflowVersion": "3.0",
    "Environment": "",
    "PublishesRuntime": "true",
    "MaxRemovedPercent": "20",
}
OUTPUTS = {
    "TaskTableName": "mwaa_task",
    "JobTableName": "mwaa_job",
    "SchedulerTableName": "mwaa_scheduler",
    "DagTableName": "mwaa_dag",
    "DependencyTableName": "mwaa_dag_dependency",
    "DagBucketName": BUCKET,
    "DagPrefix": PREFIX,
}
Row = dict[str, Any]


class LiveStack:
    """The stack `dagc-test`: whoever reads `mwaa_dag` finds that the streams have brought all rows
    to the compiler, as long as `has_streams`.
    """

    def __init__(self, aws: Aws, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.aws = aws
        self.follower = Follower(aws, deployment_on(aws))
        self.has_streams = True
        self.calls: Counter[str] = Counter()
        """What the commands asked of AWS."""
        self.rows = folder / "rows"
        self.plan_file = folder / "plan.json"
        self.rows.mkdir()
        described = SimpleNamespace(describe_stacks=self._describe)
        made = {"cloudformation": described, "dynamodb": aws.dynamodb, "s3": aws.s3}
        monkeypatch.setattr(clients, "make_client", made.__getitem__)
        monkeypatch.setattr("dagc.cli.apply_steps.stream_wait.REST", 0.0)
        aws.around.append(self._around)

    def put(self, *rows: tuple[str, Row]) -> None:
        """Rows that are live, and compiled."""
        for table, row in rows:
            self.aws.put(table, row)
        self.follower.follow()
        rebuild(self.follower.deployment)
        self.calls.clear()

    def want(self, *rows: tuple[str, Row]) -> None:
        """The rows in the folder."""
        for table in EDITED:
            items = [row for of, row in rows if of == table]
            path = self.rows / f"{table}.json"
            path.write_text(json.dumps(items), encoding="utf-8")

    def plan(self, *options: str) -> Result:
        """`dagc plan` of the folder, saved."""
        words = ["--stack", "dagc-test", "--rows", self.rows, "--out", self.plan_file]
        return self.run("plan", *words, *options)

    def apply(self, *options: str, typed: str = "") -> Result:
        """`dagc apply` of the plan that is saved."""
        return self.run("apply", self.plan_file, *options, typed=typed)

    def apply_rows(self, *options: str, typed: str = "") -> Result:
        """`dagc apply` of the folder."""
        words = ["--stack", "dagc-test", "--rows", self.rows]
        return self.run("apply", *words, *options, typed=typed)

    def run(self, *words: object, typed: str = "") -> Result:
        """The command line, at which somebody types."""
        return CliRunner().invoke(app, [str(word) for word in words], input=typed)

    def live(self, table: str) -> list[Row]:
        """The rows of a table."""
        return self.aws.rows(table)

    @staticmethod
    def _describe(StackName: str) -> Answer:  # noqa: N803  CloudFormation's
        parameters = [{"ParameterKey": k, "ParameterValue": v} for k, v in PARAMETERS.items()]
        outputs = [{"OutputKey": k, "OutputValue": v} for k, v in OUTPUTS.items()]
        return {"Stacks": [{"Parameters": parameters, "Outputs": outputs, "StackName": StackName}]}

    def _around(self, operation: str, parameters: Answer, execute: Callable[[], Answer]) -> Answer:
        self.calls[operation] += 1
        reads = operation == "dynamodb.BatchGetItem" and "mwaa_dag" in parameters["RequestItems"]
        if reads and self.has_streams:
            with self.aws.unobserved():
                self.follower.follow()
        return execute()


WORLD = (
    ("mwaa_task", task("1")),
    ("mwaa_task", task("2")),
    ("mwaa_job", job("1", "load", "1,2")),
    ("mwaa_job", job("2", "other", "2")),
    ("mwaa_scheduler", scheduler("1", "daily")),
)
"""Rows that are right."""


def replaced(*rows: tuple[str, Row]) -> tuple[tuple[str, Row], ...]:
    """WORLD, with these rows in the place of those with the same keys, or beside them."""
    keys = {_key(table, row) for table, row in rows}
    return (*(entry for entry in WORLD if _key(*entry) not in keys), *rows)


def _key(table: str, row: Row) -> tuple[str, ...]:
    return (table, *(row.get(name, "") for name in EDITED[table]))
