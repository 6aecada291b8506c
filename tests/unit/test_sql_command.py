"""`dagc validate` looks at the SQL, `--no-sql` does not; no command fails for what it finds."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dagc.cli.main import app

EXAMPLES = Path(__file__).parents[2] / "examples"
FOUND_BY_SQL = {"unparsed-sql", "missing-dependency", "stale-read"}


def _dagc(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    """A job whose SQL has a slip, and a dependency too few."""
    texts = {"1": "INSERT INTO m.a SELECT 1", "2": "SELECT * FROM m.a", "3": "SELECT (1"}
    tasks = [
        {
            "task_id": id_,
            "task_name": f"t{id_}",
            "task_type": "SQL",
            "task_params": {"conn_id": "redshift", "sql": text},
        }
        for id_, text in texts.items()
    ]
    job = {"job_type": "j", "job_id": "1", "job_name": "j", "task_list": "1,2,3"}
    (tmp_path / "mwaa_task.json").write_text(json.dumps(tasks), encoding="utf-8")
    (tmp_path / "mwaa_job.json").write_text(json.dumps([job]), encoding="utf-8")
    return tmp_path


def test_what_is_found(rows: Path) -> None:
    result = _dagc("validate", "--rows", rows)
    assert result.exit_code == 0, result.output
    assert "suggestion[missing-dependency] mwaa_job" in result.output
    assert "warning[unparsed-sql] mwaa_task[task_id='3'].task_params $.sql" in result.output
    assert "SQL: 2 statements of 3 tasks read; 1 passed over.\n1 DAG valid." in result.output


def test_for_programs(rows: Path) -> None:
    result = _dagc("validate", "--rows", rows, "--format", "json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    assert report["sql"] == {"statements": 2, "tasks": 3, "passed_over": 1}
    found = {it["code"]: (it["severity"], it["dags"]) for it in report["diagnostics"]}
    assert found == {
        "missing-dependency": ("suggestion", ["job-j"]),
        "unparsed-sql": ("warning", ["job-j"]),
    }


def test_the_place_in_the_file(tmp_path: Path) -> None:
    task = "- task_id: '1'\n  task_name: t\n  task_type: ATHENA-SQL\n  task_params:\n"
    query = "    database: d\n    query: |\n      SELECT a\n      FORM t\n"
    (tmp_path / "mwaa_task.yaml").write_text(task + query, encoding="utf-8")
    job = {"job_type": "j", "job_id": "1", "job_name": "j", "task_list": "1"}
    (tmp_path / "mwaa_job.json").write_text(json.dumps([job]), encoding="utf-8")
    result = _dagc("validate", "--rows", tmp_path, "--format", "json")
    [found] = json.loads(result.stdout)["diagnostics"]
    assert (Path(found["file"]).name, found["line"], found["column"]) == ("mwaa_task.yaml", 8, 7)
    assert found["message"].startswith("line 2, column 1 of the SQL: 'FORM'")


def test_no_sql(rows: Path) -> None:
    result = _dagc("validate", "--rows", rows, "--no-sql")
    assert result.output == "1 DAG valid.\n"
    as_json = _dagc("validate", "--rows", rows, "--no-sql", "--format", "json")
    assert json.loads(as_json.stdout).keys() == {"dags", "diagnostics"}


def test_nothing_is_found_in_the_examples() -> None:
    result = _dagc("validate", "--team", EXAMPLES, "--format", "json")
    report = json.loads(result.stdout)
    assert not FOUND_BY_SQL & {diagnostic["code"] for diagnostic in report["diagnostics"]}
    assert report["sql"]["passed_over"] < report["sql"]["statements"] / 10


def test_a_plan_looks_at_the_dags_that_it_concerns(rows: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    (old / "mwaa_task.json").write_text("[]", encoding="utf-8")
    options: list[str | Path] = ["plan", "--against", old, "--rows", rows, "--format", "json"]
    result = _dagc(*options)
    assert result.exit_code == 2, result.output
    plan = json.loads(result.stdout)
    assert plan["sql"] == {"statements": 2, "tasks": 3, "passed_over": 1}
    codes = [diagnostic["code"] for diagnostic in plan["diagnostics"]]
    assert codes == ["unparsed-sql", "missing-dependency"]
    assert json.loads(_dagc(*options, "--no-sql").stdout)["sql"] is None
    text = _dagc("plan", "--against", old, "--rows", rows).output
    assert "SQL: 2 statements of 3 tasks read; 1 passed over." in text
    nothing = _dagc("plan", "--against", rows, "--rows", rows)
    assert nothing.exit_code == 0
    assert "SQL" not in nothing.output


@pytest.mark.parametrize("command", [["--help"], ["validate", "--no-sql", "--team", EXAMPLES]])
def test_sqlglot_is_imported_where_it_is_needed(command: list[str | Path]) -> None:
    program = """
import sys
from dagc.cli.main import main
try:
    main()
finally:
    assert "sqlglot" not in sys.modules
"""
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, command)],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
