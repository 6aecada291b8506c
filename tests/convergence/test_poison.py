"""What fails, fails alone: a bad row, a bad template, a bug of the compiler, an object in S3."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dagc.apply.rebuild import rebuild
from dagc.compiler import compilation, snapshot
from dagc.compiler.analysis.job_analysis import analyse_job as analyse_job_rightly
from dagc.compiler.catalog.load_toolchain import load_toolchain
from dagc.compiler.rows.attributes import Item
from dagc.compiler.rows.job_row import JobRow
from dagc.compiler.rows.job_row import read_job as read_job_rightly
from dagc.compiler.targets import Target
from dagc.compiler.task_types import TaskType
from tests.convergence.deployed import (
    Follower,
    deployment_on,
    failing,
    files,
    job,
    records,
    states,
    task,
)
from tests.emulator.aws import Aws

pytestmark = pytest.mark.usefixtures("lean_catalog")

POISON: dict[str, dict[str, Any]] = {
    "bad-json": {"job_params": '{"owner": "me"'},
    "bad-name": {"job_name": '"""; import os; """'},
    "bad-number": {"job_params": '{"retries": NaN}'},
    "bad-template": {"task_list": "own"},
    "bad-text": {"job_params": {"owner": "a\0b"}},
    "bad-type": {"job_task_dependencies": {"1": "2"}},
    "cycle": {
        "task_list": "1,2",
        "job_task_dependencies": '[{"task_id":"1","pid":"2"},{"task_id":"2","pid":"1"}]',
    },
    "missing-attribute": {"job_name": ""},
    "missing-task": {"task_list": "404"},
    "too-large": {"task_list": ",".join(map(str, range(6000)))},
}
"""What is wrong with each bad job, by the code of its diagnostic."""


@pytest.fixture
def deployed(aws: Aws, tmp_path: Path) -> Follower:
    """With a team's own task type, whose template fails in its second line."""
    folder = tmp_path / "own" / "templates" / "tasks"
    folder.mkdir(parents=True)
    (folder / "own.yaml").write_text("type: OWN\n")
    (folder / "own.py.jinja").write_text("{{ variable }} = f(\n    a={{ 1 / 0 }},\n)\n")
    tools, diagnostics = load_toolchain(Target(3, 0), "", tmp_path / "own")
    assert tools, diagnostics
    follower = Follower(aws, deployment_on(aws, tools=tools))
    for task_id, task_type in [("1", "EMPTY"), ("2", "EMPTY"), ("own", "OWN")]:
        aws.put("mwaa_task", task(task_id, task_type=task_type, task_params=""))
    follower.follow()
    return follower


def test_ten_bad_rows_in_a_batch_of_a_thousand(deployed: Follower) -> None:
    for number in range(990):
        deployed.aws.put("mwaa_job", job(str(number), f"good_{number}"))
        if number % 99 == 0:
            code, wrong = sorted(POISON.items())[number // 99]
            deployed.aws.put("mwaa_job", job(code, code) | wrong)
    followed = deployed.follow()
    assert followed.resume_at is None
    assert files(deployed.aws).keys() == {f"job-good_{number}" for number in range(990)}
    assert {
        row["diagnostics"][0]["key"]["job_id"]: [
            diagnostic["code"] for diagnostic in row["diagnostics"]
        ]
        for row in deployed.aws.rows("mwaa_dag")
        if row["state"] == "invalid"
    } == {code: [code] for code in POISON}


def test_a_template_that_fails_is_told_with_its_line(deployed: Follower) -> None:
    for number, tasks in enumerate(["1", "own", "2"]):
        deployed.aws.put("mwaa_job", job(str(number), f"job_{number}", tasks))
    followed = deployed.follow()
    assert followed.resume_at is None
    assert files(deployed.aws).keys() == {"job-job_0", "job-job_2"}
    [diagnostic] = records(deployed.aws)["job-job_1"]["diagnostics"]
    assert diagnostic["code"] == "bad-template"
    assert "tasks/own.py.jinja:2" in diagnostic["message"]


def test_a_bug_of_the_compiler(deployed: Follower, monkeypatch: pytest.MonkeyPatch) -> None:
    def analyse_job(row: JobRow, *others: Any, **named: Any) -> Any:
        if row.name == "unlucky":
            raise ZeroDivisionError("by accident")
        return analyse_job_rightly(row, *others, **named)

    monkeypatch.setattr(compilation, "analyse_job", analyse_job)
    for number, name in enumerate(["first", "unlucky", "last"]):
        deployed.aws.put("mwaa_job", job(str(number), name))
    followed = deployed.follow()
    assert followed.resume_at is None
    assert files(deployed.aws).keys() == {"job-first", "job-last"}
    bugs = {outcome.after.dag_id: outcome.bug for outcome in followed.outcomes if outcome.bug}
    assert {dag_id: type(bug) for dag_id, bug in bugs.items()} == {"job-unlucky": ZeroDivisionError}
    [diagnostic] = records(deployed.aws)["job-unlucky"]["diagnostics"]
    assert diagnostic["code"] == "compiler-bug"
    assert "ZeroDivisionError: by accident" in diagnostic["message"]

    monkeypatch.undo()
    deployed.aws.put("mwaa_job", job("1", "unlucky", "2"))
    deployed.follow()
    assert states(deployed.aws)["job-unlucky"] == "published"


def test_an_object_that_s3_fails_at(deployed: Follower) -> None:
    names = ["first", "unlucky", "last"]
    for number, name in enumerate(names):
        deployed.aws.put("mwaa_job", job(str(number), name))
    deployed.aws.put("mwaa_job", job("1", "unlucky", comment="edited once more"))
    numbers = [record["dynamodb"]["SequenceNumber"] for record in deployed.aws.stream("mwaa_job")]

    deployed.aws.around.append(failing("s3.PutObject", "job-unlucky"))
    followed = deployed.follow()
    assert [failure.what for failure in followed.failures] == ["job-unlucky"]
    assert [edit.sequence for edit in followed.unfinished] == [numbers[1], numbers[3]]
    assert followed.resume_at == numbers[1]
    assert files(deployed.aws).keys() == {"job-first", "job-last"}


def test_a_bug_in_reading_a_row(deployed: Follower, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_job(item: Item, types: Mapping[str, TaskType]) -> JobRow:
        if item["job_name"] == "unlucky":
            raise ZeroDivisionError("by accident")
        return read_job_rightly(item, types)

    monkeypatch.setattr(snapshot, "read_job", read_job)
    for number, name in enumerate(["first", "unlucky", "last"]):
        deployed.aws.put("mwaa_job", job(str(number), name))
    assert deployed.follow().resume_at is None
    assert files(deployed.aws).keys() == {"job-first", "job-last"}


def test_a_failure_that_does_not_come_again(
    deployed: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as a lack of memory: the next rebuild compiles the DAG, though nothing has changed."""

    def analyse_job(*_: Any) -> Any:
        raise MemoryError

    monkeypatch.setattr(compilation, "analyse_job", analyse_job)
    deployed.aws.put("mwaa_job", job("1", "one"))
    deployed.follow()
    monkeypatch.undo()
    rebuild(deployed.deployment)
    assert states(deployed.aws) == {"job-one": "published"}
