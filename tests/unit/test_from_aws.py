"""`dagc compile --from-aws`: the rows of the live tables, all pages of them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dagc.aws import clients
from dagc.cli.main import app
from tests.emulator.aws import Aws

TASK = {"task_id": "1", "task_name": "t", "task_type": "EMPTY"}
JOB = {"job_type": "a", "job_id": "1", "job_name": "one", "task_list": "1"}
SCHEDULER = {"schedule_id": "1", "schedule_name": "s", "job_list": "1"}

pytestmark = pytest.mark.usefixtures("lean_catalog")


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Aws:
    """The account that is found."""
    aws = Aws()
    monkeypatch.setattr(clients, "make_client", {"dynamodb": aws.dynamodb}.__getitem__)
    return aws


def _compile(out: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["compile", "--from-aws", "--out", str(out), *options])


def test_all_three_tables_are_read(aws: Aws, tmp_path: Path) -> None:
    for table, row in [("mwaa_task", TASK), ("mwaa_job", JOB), ("mwaa_scheduler", SCHEDULER)]:
        aws.put(table, row)
    result = _compile(tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"job-one.py", "schedule-s.py"}


def test_all_pages_are_read(aws: Aws, tmp_path: Path) -> None:
    aws.put("mwaa_task", TASK)
    for number in range(12):
        row = {"job_id": f"{number}", "job_name": f"job_{number}", "comment": "x" * 200_000}
        aws.put("mwaa_job", JOB | row)
    result = _compile(tmp_path / "out")
    assert result.exit_code == 0, result.output
    assert len(list((tmp_path / "out").iterdir())) == 12
    assert aws.calls["dynamodb.Scan"] > 3
    assert not aws.eventual_reads


def test_what_is_wrong_is_in_no_file(aws: Aws) -> None:
    aws.put("mwaa_job", JOB)
    result = CliRunner().invoke(app, ["validate", "--from-aws", "--format", "json"])
    [diagnostic] = json.loads(result.stdout)["diagnostics"]
    assert (diagnostic["file"], diagnostic["line"], diagnostic["column"]) == (None, None, None)


@pytest.mark.usefixtures("aws")
def test_tables_that_are_not_there(tmp_path: Path) -> None:
    result = _compile(tmp_path, "--table-prefix", "none_")
    assert result.exit_code == 2
    assert "Cannot read the tables none_task, none_job, none_scheduler" in result.stderr
