"""`dagc schema`: JSON Schemas of the files of rows, a team's own task types among them."""

import json
import re
import shutil
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner, Result

from dagc.cli.main import app
from dagc.row_files.reading.read_tables import read_tables
from tests.golden.case import FOLDER
from tests.properties.example_rows import FOLDER as EXAMPLES


def _schema(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["schema", *arguments])


def test_a_schema_for_each_table_beside_the_rows_which_are_read_as_before(tmp_path: Path) -> None:
    rows = tmp_path / "rows"
    shutil.copytree(EXAMPLES / "rows", rows)
    before = read_tables(rows).tables
    result = _schema("--out", str(rows / ".schema"), "--team", str(EXAMPLES))
    assert result.exit_code == 0
    written = sorted(path.name for path in (rows / ".schema").iterdir())
    assert written == ["mwaa_job.json", "mwaa_scheduler.json", "mwaa_task.json"]
    assert read_tables(rows).tables == before


def test_a_team_s_own_type() -> None:
    result = _schema("--table", "mwaa_task", "--team", str(FOLDER / "own_type" / "own"))
    validator = Draft202012Validator(json.loads(result.stdout))
    task = {"task_id": 1, "task_name": "t", "task_type": "state_machine"}
    assert validator.is_valid({**task, "task_params": {}})
    assert not validator.is_valid({**task, "task_params": {"nothing": 1}})


def test_what_a_tag_names_is_no_mistake_where_json_belongs() -> None:
    """An editor sees `!file 301.json` as the text `301.json`, and `!json {…}` as the object."""
    validator = Draft202012Validator(json.loads(_schema("--table", "mwaa_task").stdout))
    task = {"task_id": 1, "task_name": "t", "task_type": "BASH"}
    assert validator.is_valid({**task, "task_params": "301.json"})
    assert validator.is_valid({**task, "task_params": {"bash_command": "301.sh"}})
    assert not validator.is_valid({**task, "task_params": "echo"})


def test_an_editor_gets_descriptions_proposals_and_no_links() -> None:
    schema = json.loads(_schema("--table", "mwaa_task").stdout)
    settings = schema["$defs"]["params-SPARK"]
    assert settings["properties"]["entry_point"]["description"]
    assert settings["examples"][0]["entry_point"]
    texts = re.findall(r'"description": "((?:[^"\\]|\\.)*)"', json.dumps(schema))
    assert texts
    assert not any("](" in text for text in texts)
    schedule = json.loads(_schema("--table", "mwaa_scheduler").stdout)
    zones = schedule["$defs"]["row"]["properties"]["schedule_params"]["properties"]["timezone"]
    assert "Europe/Berlin" in zones["enum"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Say what to write"),
        (["--out", "a", "--table", "mwaa_task"], "Say what to write"),
        (["--table", "tasks"], "no table 'tasks'. Write mwaa_task, mwaa_job, mwaa_scheduler."),
        (["--table", "mwaa_job", "--airflow", "4"], "No Airflow '4'"),
        (["--out", "pyproject.toml"], "cannot write pyproject.toml: file exists"),
    ],
)
def test_wrong_usage(arguments: list[str], says: str) -> None:
    result = _schema(*arguments)
    assert result.exit_code == 2
    assert says in result.stderr


def test_what_the_operators_of_the_rows_take(tmp_path: Path) -> None:
    arguments = {"db_identifier": "a", "waiter_delay": 60}
    row = {"task_id": 1, "task_name": "t", "task_type": "operator"}
    row["task_params"] = {"operator": "RdsStartDbOperator", "arguments": arguments}
    (tmp_path / "mwaa_task.json").write_text(json.dumps([row]), "utf-8")
    schema = json.loads(_schema("--table", "mwaa_task", "--rows", str(tmp_path)).stdout)
    names = schema["$defs"]["params-OPERATOR"]["properties"]["operator"]["anyOf"][0]["enum"]
    assert "SqsSensor" in names
    validator = Draft202012Validator(schema)

    def is_valid(operator: str, **others: object) -> bool:
        params = {"operator": operator, "arguments": {**arguments, **others}}
        return validator.is_valid({**row, "task_params": params})

    assert is_valid("RdsStartDbOperator")
    assert is_valid("RdsStartDbOperator", db_identifier={"from": "2"})
    assert not is_valid("RdsStartDbOperator", db_identifer="a")
    assert not is_valid("RdsStartDbOperator", waiter_delay="60")
    assert is_valid("acme.operators.LedgerOperator", anything=1)


def test_rows_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "mwaa_task.json").write_text("[", "utf-8")
    result = _schema("--table", "mwaa_task", "--rows", str(tmp_path))
    assert result.exit_code == 2
    assert "mwaa_task.json" in result.output
