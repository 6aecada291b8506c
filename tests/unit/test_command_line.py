"""`dagc`: exit codes, formats, options; valid files are written although other rows are wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from dagc import __version__
from dagc.cli.main import app

EXAMPLES = Path(__file__).parents[2] / "examples"
TASK = {"task_id": "1", "task_name": "t", "task_type": "EMPTY"}
JOB = {"job_type": "a", "job_id": "1", "job_name": "j", "task_list": "1"}
BAD = {"job_type": "a", "job_id": "2", "job_name": "bad", "task_list": "404"}
DISABLED = {"job_type": "a", "job_id": "3", "job_name": "off", "task_list": "1", "status": 0}


def _dagc(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """A folder with one good job, one bad and one disabled."""
    folder = tmp_path / "rows"
    folder.mkdir()
    (folder / "mwaa_task.json").write_text(json.dumps([TASK]), encoding="utf-8")
    (folder / "mwaa_job.json").write_text(json.dumps([JOB, BAD, DISABLED]), encoding="utf-8")
    return folder


def test_the_examples_are_without_error(tmp_path: Path) -> None:
    result = _dagc("compile", "--team", EXAMPLES, "--out", tmp_path / "a" / "b")
    assert result.exit_code == 0, result.output
    names = {path.name for path in (tmp_path / "a" / "b").iterdir()}
    assert {"job-mart_sales.py", "schedule-warehouse_nightly.py"} <= names
    assert "schedule-black_friday_hourly.py" not in names
    assert f"{len(names)} DAGs written to" in result.output.replace("\n", "")


def test_a_bad_row_keeps_no_other_from_being_written(rows: Path, tmp_path: Path) -> None:
    result = _dagc("compile", "--rows", rows, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["job-j.py"]
    assert "error[missing-task] mwaa_job[job_type='a', job_id='2'].task_list" in result.output
    assert "affects: job-bad" in result.output
    assert "1 invalid and not written, 1 disabled." in result.output


def test_the_last_good_file_stays(rows: Path, tmp_path: Path) -> None:
    (tmp_path / "job-bad.py").write_text("good", encoding="utf-8")
    result = _dagc("compile", "--rows", rows, "--out", tmp_path)
    assert result.exit_code == 1
    assert "1 invalid (its last good file stays)" in result.output
    assert (tmp_path / "job-bad.py").read_text(encoding="utf-8") == "good"


def test_json_for_programs(rows: Path, tmp_path: Path) -> None:
    result = _dagc("compile", "--rows", rows, "--out", tmp_path, "--format", "json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert {dag["dag_id"]: dag["state"] for dag in report["dags"]} == {
        "job-bad": "invalid", "job-j": "compiled", "job-off": "disabled",
    }  # fmt: skip
    files = {dag["dag_id"]: dag["file"] for dag in report["dags"]}
    assert files == {"job-bad": None, "job-j": str(tmp_path / "job-j.py"), "job-off": None}
    [diagnostic] = report["diagnostics"]
    assert diagnostic["code"] == "missing-task"
    assert diagnostic["key"] == {"job_type": "a", "job_id": "2"}
    assert diagnostic["dags"] == ["job-bad"]


def test_each_diagnostic_says_where_it_stands(rows: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(rows.parent)
    result = _dagc("validate", "--rows", "rows", "--format", "json")
    [diagnostic] = json.loads(result.stdout)["diagnostics"]
    column = json.dumps([JOB, BAD]).rindex('"task_list"') + 1
    assert (diagnostic["file"], diagnostic["line"], diagnostic["column"]) == (
        "rows/mwaa_job.json", 1, column,
    )  # fmt: skip
    for folder in ("rows", rows):
        text = _dagc("validate", "--rows", folder).stdout
        assert f"task_list\n  at rows/mwaa_job.json:1:{column}\n  there is no task" in text


def test_out_is_a_folder_that_can_be_written(rows: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    for out in (tmp_path / "taken", tmp_path / "taken" / "below"):
        result = _dagc("compile", "--rows", rows, "--out", out)
        assert result.exit_code == 2
        assert "Errno" not in result.output
        assert "Name a folder" in result.output


def test_validate_writes_nothing(rows: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    result = _dagc("validate", "--rows", rows, "--format", "json")
    assert result.exit_code == 1
    assert [dag["file"] for dag in json.loads(result.stdout)["dags"]] == [None] * 3
    assert sorted(tmp_path.rglob("*")) == before
    (rows / "mwaa_job.json").write_text(json.dumps([JOB]), encoding="utf-8")
    assert _dagc("validate", "--rows", rows).exit_code == 0


def test_a_warning_is_no_error(rows: Path) -> None:
    edges = [{"task_id": "1", "pid": "1"}]
    job = JOB | {"job_task_dependencies": edges}
    (rows / "mwaa_job.json").write_text(json.dumps([job]), encoding="utf-8")
    result = _dagc("validate", "--rows", rows)
    assert result.exit_code == 0
    assert "warning[self-dependency]" in result.output


WRONG_USAGE: dict[str, tuple[str | Path, ...]] = {
    "nothing": ("validate",),
    "both sources": ("validate", "--rows", EXAMPLES / "rows", "--from-aws"),
    "no such folder": ("validate", "--rows", "nowhere"),
    "no rows in it": ("validate", "--rows", Path(__file__).parent),
    "no such target": ("validate", "--team", EXAMPLES, "--airflow", "1.10"),
    "no such environment": ("validate", "--team", EXAMPLES, "--env", "prd"),
    "no team": ("validate", "--team", "nowhere"),
    "no such format": ("validate", "--team", EXAMPLES, "--format", "xml"),
    "no such option": ("validate", "--row", EXAMPLES),
    "no out": ("compile", "--team", EXAMPLES),
}


@pytest.mark.parametrize("about", WRONG_USAGE)
def test_wrong_usage(about: str) -> None:
    result = _dagc(*WRONG_USAGE[about])
    assert result.exit_code == 2, result.output
    assert result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize("name", ["2", "3", "2.10", "2.11", "3.0", "3.1", "3.2", "3.3"])
def test_targets(rows: Path, tmp_path: Path, name: str) -> None:
    _dagc("compile", "--rows", rows, "--out", tmp_path, "--airflow", name)
    text = (tmp_path / "job-j.py").read_text(encoding="utf-8")
    assert ("from airflow.sdk import DAG" in text) is name.startswith("3")


@pytest.mark.parametrize("name", ["dev", "uat", "prod"])
def test_environments(rows: Path, tmp_path: Path, name: str) -> None:
    task = TASK | {"task_type": "S3-SENSOR", "task_params": {"bucket_key": "k"}}
    (rows / "mwaa_task.json").write_text(json.dumps([task]), encoding="utf-8")
    _dagc("compile", "--rows", rows, "--out", tmp_path, "--env", name, "--team", EXAMPLES)
    text = (tmp_path / "job-j.py").read_text(encoding="utf-8")
    suffix = "" if name == "prod" else f"-{name}"
    assert f'bucket_name="example-retail-landing{suffix}"' in text


HOSTILE: list[dict[str, Any]] = [
    {"job_name": "\ud800"},
    {"job_params": '{"\ud800": 1}'},
    {"task_list": "\ud800,\x1b[31m"},
    {"job_task_dependencies": [{"task_id": i, "pid": p} for i, p in ("\ud800x", "x\ud800")]},
    {"job_params": {"owner": "\ud800"}},
    {"job_task_configs": {"\ud800": {"\ud801": 1}}},
    {"job_id": "\ud800"},
]  # fmt: skip


@pytest.mark.parametrize("wrong", HOSTILE, ids=lambda wrong: next(iter(wrong)))
def test_what_no_terminal_can_show_is_told_all_the_same(rows: Path, wrong: Any) -> None:
    (rows / "mwaa_job.json").write_text(json.dumps([JOB | wrong]), encoding="utf-8")
    for format_ in ("text", "json"):
        result = _dagc("validate", "--rows", rows, "--format", format_)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert result.exit_code in (0, 1)
        assert "\x1b" not in result.output


def test_the_installed_program(rows: Path, tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("dagc")
    result = subprocess.run(
        [program, "compile", "--rows", rows, "--out", tmp_path / "out"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert "error[missing-task]" in result.stdout
    assert result.stderr == ""
    assert (tmp_path / "out" / "job-j.py").is_file()


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_an_encoding_that_lacks_a_character(encoding: str) -> None:
    program = Path(sys.executable).with_name("dagc")
    result = subprocess.run(
        [program, "plan", "--against", EXAMPLES / "rows", "--delete", "mwaa_job/mart/20"],
        env={**os.environ, "PYTHONIOENCODING": encoding},
        cwd=EXAMPLES,
        capture_output=True,
        check=False,
    )
    assert b"Traceback" not in result.stderr
    assert b"job mart/20" in result.stdout


def test_a_full_disk() -> None:
    program = Path(sys.executable).with_name("dagc")
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        result = subprocess.run(
            [program, "validate", "--no-sql"],
            cwd=EXAMPLES,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert result.returncode == 1
    assert result.stderr == "The output cannot be written: No space left on device.\n"


def test_the_version() -> None:
    assert _dagc("--version").output == f"{__version__}\n"


@pytest.mark.parametrize("command", ["compile", "validate", "deploy", "rebuild", "redrive", "runs"])
def test_help_says_in_words_what_an_option_takes(command: str) -> None:
    text = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"}).output
    assert "<str>" not in text
    assert "<path>" not in text


def test_rows_that_are_not_read_are_said(tmp_path: Path) -> None:
    (tmp_path / "mwaa_task").mkdir()
    (tmp_path / "mwaa_task" / "1.yaml").write_text('{task_id: "1", task_name: a, task_type: EMPTY}')
    (tmp_path / "mwaa_task" / "2.txt").write_text('{task_id: "2"}')
    (tmp_path / "all.yaml").write_text('{task_id: "3"}')
    for command in (["validate"], ["plan", "--against", str(tmp_path)]):
        result = CliRunner().invoke(app, [*command, "--rows", str(tmp_path)])
        assert result.exit_code == 0, result.output
        assert f"Not read in {tmp_path}: all.yaml, mwaa_task/2.txt. Rows are" in result.stderr
        assert "Not read" not in result.stdout
