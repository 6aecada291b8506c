"""`dagc export`: the live rows as files, into folders that are empty, and that people work in."""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError
from typer.testing import CliRunner, Result

from dagc.aws import clients
from dagc.cli.main import app
from dagc.row_files.export import new_rows
from tests.emulator.aws import Aws

TASK: dict[str, Any] = {
    "task_id": "301",
    "task_type": "REDSHIFT-SQL",
    "task_name": "load",
    "task_params": '{"sql": ["DELETE FROM x", "SELECT 1\\nFROM x"], "database": "dev", '
    '"workgroup_name": "retail"}',
}
OTHER: dict[str, Any] = {"task_id": "9", "task_name": "nine", "task_type": "EMPTY"}
JOB: dict[str, Any] = {
    "job_type": "mart", "job_id": "20", "job_name": "one", "task_list": "301",
    "job_task_dependencies": [{"pid": "9", "task_id": "301"}],
}  # fmt: skip
ROW = """\
task_id: "301"
task_name: load
task_type: REDSHIFT-SQL
task_params: !json
  sql:
    - DELETE FROM x
    - |-
      SELECT 1
      FROM x
  database: dev
  workgroup_name: retail
"""
JOB_ROW = """\
job_type: mart
job_id: "20"
job_name: one
task_list: "301"
job_task_dependencies:
  - {task_id: "301", pid: "9"}
"""


@pytest.fixture(scope="module")
def account() -> Aws:
    """The account of all tests."""
    return Aws()


@pytest.fixture
def aws(account: Aws, monkeypatch: pytest.MonkeyPatch) -> Aws:
    """The account that is found, with three rows."""
    aws = account
    aws.around.clear()
    aws.reset()
    monkeypatch.setattr(clients, "make_client", {"dynamodb": aws.dynamodb}.__getitem__)
    for table, row in [("mwaa_task", TASK), ("mwaa_task", OTHER), ("mwaa_job", JOB)]:
        aws.put(table, row)
    return aws


def _export(out: Path, *options: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, ["export", "--out", str(out), *options])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result


def _files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_bytes().decode()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.usefixtures("aws")
def test_a_file_for_each_row(tmp_path: Path) -> None:
    result = _export(tmp_path / "new" / "rows")
    assert "3 rows in" in result.stdout
    assert "3 new, 0 changed, 0 as before." in result.stdout
    assert _files(tmp_path / "new" / "rows") == {
        "mwaa_task/301.yaml": ROW,
        "mwaa_task/9.yaml": 'task_id: "9"\ntask_name: nine\ntask_type: EMPTY\n',
        "mwaa_job/mart/20.yaml": JOB_ROW,
    }


@pytest.mark.usefixtures("aws")
def test_a_file_for_each_table(tmp_path: Path) -> None:
    _export(tmp_path, "--layout", "tables")
    nine = '- task_id: "9"\n  task_name: nine\n  task_type: EMPTY\n'
    job = "- " + JOB_ROW.replace("\n", "\n  ").rstrip(" ")
    row = "- " + ROW.replace("\n", "\n  ").rstrip(" ")
    assert _files(tmp_path) == {"mwaa_task.yaml": f"{nine}\n{row}", "mwaa_job.yaml": job}


@pytest.mark.usefixtures("aws")
def test_sql_in_files_of_its_own(tmp_path: Path) -> None:
    _export(tmp_path / "a", "--sql", "files")
    files = _files(tmp_path / "a")
    assert files["mwaa_task/301.1.sql"] == "DELETE FROM x\n"
    assert files["mwaa_task/301.2.sql"] == "SELECT 1\nFROM x\n"
    assert "  sql:\n    - !file 301.1.sql\n    - !file 301.2.sql\n" in files["mwaa_task/301.yaml"]
    _export(tmp_path / "b", "--sql", "files", "--layout", "tables")
    files = _files(tmp_path / "b")
    assert files["mwaa_task/301.1.sql"] == "DELETE FROM x\n"
    assert "    - !file mwaa_task/301.1.sql\n" in files["mwaa_task.yaml"]


def test_a_second_export_writes_what_differs(aws: Aws, tmp_path: Path) -> None:
    _export(tmp_path, "--sql", "files")
    row = tmp_path / "mwaa_task" / "301.yaml"
    row.write_text(f"# Ours.\n{row.read_text()}".replace("load", "'load'  # its name"))
    before = _files(tmp_path)
    assert "0 new, 0 changed, 3 as before." in _export(tmp_path).stdout
    assert _files(tmp_path) == before
    aws.put(
        "mwaa_task",
        TASK | {"task_params": '{"sql":["x","y\\n"],"database":"prod","workgroup_name":"retail"}'},
    )
    assert "0 new, 1 changed, 2 as before." in _export(tmp_path).stdout
    files = _files(tmp_path)
    text = before["mwaa_task/301.yaml"].replace("dev", "prod")
    assert files["mwaa_task/301.yaml"] == text
    assert files["mwaa_task/301.1.sql"] == "x\n"
    assert files["mwaa_task/301.2.sql"] == "y\n\n"
    aws.put(
        "mwaa_task",
        TASK | {"task_params": '{"sql":["x"],"database":"prod","workgroup_name":"retail"}'},
    )
    _export(tmp_path)
    assert "mwaa_task/301.2.sql" not in _files(tmp_path)


def test_rows_that_are_gone(aws: Aws, tmp_path: Path) -> None:
    _export(tmp_path, "--sql", "files")
    (tmp_path / "mwaa_task" / "notes.md").write_text("ours")
    (tmp_path / "mwaa_task" / "302.sql").write_text("ours")
    before = _files(tmp_path)
    aws.delete("mwaa_task", TASK)
    aws.delete("mwaa_job", JOB)
    told = _export(tmp_path).stdout
    assert "301.yaml: no longer live. --prune removes it." in told
    assert _files(tmp_path) == before
    assert "301.yaml: no longer live: removed." in _export(tmp_path, "--prune").stdout
    assert _files(tmp_path).keys() == {
        "mwaa_task/9.yaml", "mwaa_task/notes.md", "mwaa_task/302.sql",
    }  # fmt: skip
    assert not (tmp_path / "mwaa_job").exists()


def test_sql_that_several_rows_name(aws: Aws, tmp_path: Path) -> None:
    _export(tmp_path, "--sql", "files")
    folder = tmp_path / "mwaa_task"
    text = (folder / "301.yaml").read_text().replace("301", "302").replace("302.1.sql", "301.1.sql")
    (folder / "302.yaml").write_text(text)
    (folder / "301.2.sql").rename(folder / "302.2.sql")
    (folder / "301.yaml").write_text((folder / "301.yaml").read_text().replace("301.2", "302.2"))
    aws.put("mwaa_task", TASK | {"task_id": "302"})
    _export(tmp_path)
    before = _files(tmp_path)
    changed = TASK["task_params"].replace("DELETE FROM x", "DELETE FROM y")
    aws.put("mwaa_task", TASK | {"task_params": changed})
    assert "0 new, 1 changed, 3 as before." in _export(tmp_path).stdout
    row = before["mwaa_task/301.yaml"].replace("!file 301.1.sql", "DELETE FROM y")
    assert _files(tmp_path) == {**before, "mwaa_task/301.yaml": row}
    aws.delete("mwaa_task", {"task_id": "302"})
    _export(tmp_path, "--prune")
    assert _files(tmp_path).keys() == before.keys() - {"mwaa_task/302.yaml"}


def test_a_row_of_a_list_that_is_gone(aws: Aws, tmp_path: Path) -> None:
    _export(tmp_path, "--layout", "tables")
    aws.delete("mwaa_task", OTHER)
    _export(tmp_path, "--prune")
    assert _files(tmp_path)["mwaa_task.yaml"].startswith('\n- task_id: "301"\n')


def test_rows_stay_where_people_put_them(aws: Aws, tmp_path: Path) -> None:
    path = tmp_path / "mwaa_task" / "marts" / "sales.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("- {task_id: 301, note: x}\n- task_id: 9\n  # why\n  task_name: nine\n")
    _export(tmp_path, "--layout", "tables")
    assert _files(tmp_path).keys() == {"mwaa_task/marts/sales.yaml", "mwaa_job.yaml"}
    text = path.read_text()
    assert "- task_id: 9\n  # why\n  task_name: nine\n  task_type: EMPTY\n" in text
    aws.put("mwaa_task", {"task_id": "10"})
    _export(tmp_path, "--layout", "tables")
    assert _files(tmp_path)["mwaa_task.yaml"] == '- task_id: "10"\n'
    aws.put("mwaa_task", {"task_id": "11"})
    _export(tmp_path, "--layout", "tables")
    assert _files(tmp_path)["mwaa_task.yaml"] == '- task_id: "10"\n\n- task_id: "11"\n'


@pytest.mark.usefixtures("aws")
def test_names_that_are_taken(tmp_path: Path) -> None:
    folder = tmp_path / "mwaa_task"
    folder.mkdir()
    (folder / "9.YAML").write_text("# no row")
    (folder / "none.yaml").write_text("# no row")
    (folder / "301.1.sql").write_text("ours")
    _export(tmp_path, "--sql", "files")
    files = _files(tmp_path)
    assert files["mwaa_task/9.YAML"] == "# no row"
    assert files["mwaa_task/301.1.sql"] == "ours"
    assert any(name.startswith("mwaa_task/9~") for name in files)
    assert "!file 301.1~" not in files["mwaa_task/301.yaml"]
    assert "3 as before." in _export(tmp_path).stdout


@pytest.mark.usefixtures("aws")
def test_the_schema_is_named_where_there_is_one(tmp_path: Path) -> None:
    (tmp_path / ".schema").mkdir()
    for table in ("mwaa_task", "mwaa_job"):
        (tmp_path / ".schema" / f"{table}.json").write_text("{}")
    _export(tmp_path)
    files = _files(tmp_path)
    line = "# yaml-language-server: $schema="
    assert files["mwaa_task/301.yaml"] == f"{line}../.schema/mwaa_task.json\n{ROW}"
    assert files["mwaa_job/mart/20.yaml"].startswith(f"{line}../../.schema/mwaa_job.json\n")


def test_a_row_that_yaml_does_not_hold(
    aws: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:  # for there is none that is known
        patched.setattr(new_rows, "yaml_text", lambda _: "task_id: 9\n")
        told = _export(tmp_path).stdout
    assert "mwaa_task/9 in" in told
    assert "9.json: in DynamoDB's own JSON, for YAML does not hold it." in told
    path = tmp_path / "mwaa_task" / "9.json"
    assert json.loads(path.read_text())["task_name"] == {"S": "nine"}
    assert "0 new, 0 changed, 3 as before." in _export(tmp_path).stdout
    aws.put("mwaa_task", OTHER | {"set": {"b", "a"}, "binary": b"x"})
    assert "0 new, 1 changed, 2 as before." in _export(tmp_path).stdout
    assert json.loads(path.read_text())["set"] == {"SS": ["a", "b"]}


def test_a_row_in_a_file_that_is_not_changed(aws: Aws, tmp_path: Path) -> None:
    path = tmp_path / "mwaa_task.json"
    path.write_text('[{"task_id": "9", "task_name": "old"}]')
    told = _export(tmp_path, code=1).stdout
    assert "mwaa_task/9 in" in told
    assert "Change it by hand" in told
    assert path.read_text() == '[{"task_id": "9", "task_name": "old"}]'
    aws.put("mwaa_task", {"task_id": "9", "task_name": "old"})
    _export(tmp_path)


@pytest.mark.usefixtures("aws")
def test_the_export_is_what_is_live_for_every_command(tmp_path: Path) -> None:
    _export(tmp_path / "rows", "--sql", "files")
    sources = {"live": ["--from-aws"], "exported": ["--rows", str(tmp_path / "rows")]}
    for out, source in sources.items():
        command = ["compile", *source, "--out", str(tmp_path / out)]
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 0, result.output
    assert _files(tmp_path / "live") == _files(tmp_path / "exported")


def _error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": f"{code}."}}, "Scan")


ERRORS: dict[str, tuple[Exception, str]] = {
    "no credentials": (NoCredentialsError(), "Log in"),
    "no table": (_error("ResourceNotFoundException"), "Check the name, the account and the region"),
    "access denied": (_error("AccessDeniedException"), "Have it allowed to you"),
    "expired": (_error("ExpiredTokenException"), "Log in again."),
    "no network": (EndpointConnectionError(endpoint_url="x"), "Check the region"),
    "else": (_error("Odd"), "Check the name, the credentials and the region"),
}


@pytest.mark.parametrize("about", ERRORS)
def test_what_aws_refuses(aws: Aws, tmp_path: Path, about: str) -> None:
    error, words = ERRORS[about]

    def refused(*_: Any) -> Any:
        raise error

    aws.around.append(refused)
    told = _export(tmp_path, code=2).stderr
    assert told.startswith("Cannot read the tables mwaa_task, mwaa_job, mwaa_scheduler: ")
    assert words in told
    assert told.count("\n") == 1


@pytest.mark.usefixtures("aws")
def test_folders_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file", tmp_path / "file" / "below"):
        told = _export(out, code=2).stderr
        assert told.startswith("--out: ")
        assert "Name a folder" in told
        assert told.count("\n") == 1
    (tmp_path / "rows").mkdir()
    (tmp_path / "rows" / "mwaa_task").write_text("")
    assert "cannot write" in _export(tmp_path / "rows", code=2).stderr


@pytest.mark.parametrize("text", ["- {", "- {task_id: 1}\n- {task_id: 1}\n", "- {a: 1}\n"])
@pytest.mark.usefixtures("aws")
def test_a_folder_that_cannot_be_read(tmp_path: Path, text: str) -> None:
    (tmp_path / "mwaa_task.yaml").write_text(text)
    told = _export(tmp_path, code=2).stderr
    assert told.count("\n") == 1
    assert "Repair the file, or name another folder." in told
    assert (tmp_path / "mwaa_task.yaml").read_text() == text
