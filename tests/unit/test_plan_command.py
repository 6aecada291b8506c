"""`dagc plan` between two folders: what it takes, what it refuses, how it ends."""

from pathlib import Path
from shutil import copytree

import pytest
from typer.testing import CliRunner, Result

from dagc.cli.main import app

EXAMPLES = Path(__file__).parents[2] / "examples"
OLD = EXAMPLES / "rows"


def _plan(*arguments: str | Path, typed: str = "") -> Result:
    words = ["plan", "--no-sql", "--team", EXAMPLES, *arguments]
    return CliRunner().invoke(app, [str(word) for word in words], input=typed)


@pytest.fixture
def new(tmp_path: Path) -> Path:
    """The example's rows, to be changed."""
    return copytree(OLD, tmp_path / "new")


def _replace(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_nothing_to_do(new: Path) -> None:
    result = _plan("--against", OLD, "--rows", new)
    assert result.exit_code == 0, result.output


def test_a_change_and_the_dag_that_stays_though_it_reads_the_row(new: Path) -> None:
    _replace(new / "mwaa_job.yaml", '"101": {retries: 0}', '"101": {retries: 3}')
    result = _plan("--against", OLD, "--rows", new)
    assert result.exit_code == 2, result.output
    assert "job-ingest_shop" in result.output
    assert "schedule-warehouse_nightly" in result.output
    assert _plan("--against", OLD, "--rows", new, "--exit-zero").exit_code == 0


def test_an_error_ends_with_1(new: Path) -> None:
    _replace(new / "mwaa_job.yaml", '"101": {retries: 0}', '"101": {retires: 3}')
    assert _plan("--against", OLD, "--rows", new).exit_code == 1
    assert _plan("--against", OLD, "--rows", new, "--exit-zero").exit_code == 0


def test_single_rows() -> None:
    row = "task_id: '301'\ntask_name: rebuild\ntask_type: EMPTY\n"
    result = _plan("--against", OLD, "--set", "mwaa_task/301", "-", typed=row)
    assert result.exit_code == 2, result.output
    assert "job-mart_sales" in result.output
    result = _plan("--against", OLD, "--delete", "mwaa_job/mart/20")
    assert result.exit_code == 1, result.output


def test_a_mistake_stands_in_the_rows_as_they_are_where_no_others_are_given() -> None:
    result = _plan("--against", OLD, "--delete", "mwaa_task/301")
    assert result.exit_code == 1, result.output
    assert "mwaa_job.yaml:" in result.output


def test_rows_that_swap_their_names_swap_their_histories(new: Path) -> None:
    file = new / "mwaa_job.yaml"
    for old, name in (
        ("ingest_shop", "TMP"),
        ("ingest_clickstream", "ingest_shop"),
        ("TMP", "ingest_clickstream"),
    ):
        _replace(file, f"job_name: {old}\n", f"job_name: {name}\n")
    result = _plan("--against", OLD, "--rows", new)
    assert "job-ingest_shop is changed: identity" in result.output
    assert "made of job ingest/3 from now on, until now of job ingest/1" in result.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "--stack NAME, or --against FOLDER"),
        (["--against", OLD, "--stack", "dagc-dev"], "Say one of both: --stack NAME, or --against"),
        (["--against", OLD / "no"], "is no folder"),
        (["--against", OLD, "--rows", EXAMPLES / "airflow"], "holds none of mwaa_task"),
        (["--against", OLD, "--set", "task/301", "-"], "names no table"),
        (["--against", OLD, "--set", "mwaa_job/20", "-"], "Write mwaa_job/JOB_TYPE/JOB_ID"),
        (["--against", OLD, "--set", "mwaa_task/301"], "the file is missing"),
        (
            ["--against", OLD, "--set", "mwaa_task/301", "no.yaml"],
            "no such file or directory.",
        ),
        (["--against", OLD, *2 * ["--set", "mwaa_task/301", "no.yaml"]], "no.yaml: no such file"),
        (["--against", OLD, "--delete", "mwaa_task/ü%2Fö%25"], "no row mwaa_task/ü%2Fö%25."),
        (["--against", OLD, "--no-such-option"], "No such option"),
        (["--against", OLD, "--format", "html"], "'html' is not one of"),
        (["--against", OLD, "--delete", "mwaa_task/no"], "there is no row mwaa_task/no"),
        (["--stack", "dagc-dev", "--airflow", "2.11"], "leave them out"),
    ],
)
def test_wrong_usage(words: list[str | Path], said: str) -> None:
    result = _plan(*words)
    assert result.exit_code == 1
    assert said in result.stderr.replace("\n", " ")
    assert ".." not in result.stderr.replace(str(OLD.parent), "")
    assert "Traceback" not in result.output


def test_set_takes_the_row_that_the_file_holds() -> None:
    row = "task_id: '302'\ntask_name: rebuild\ntask_type: EMPTY\n"
    result = _plan("--against", OLD, "--set", "mwaa_task/301", "-", typed=row)
    assert result.exit_code == 1
    assert "standard input holds mwaa_task/302, not mwaa_task/301" in result.stderr


def test_a_mistake_on_standard_input_names_it() -> None:
    result = _plan("--against", OLD, "--set", "mwaa_task/301", "-", typed="a: 1\na: 2\n")
    assert result.exit_code == 1
    assert result.stderr.startswith("standard input, line 2: the key 'a' stands twice")
    assert result.stderr.endswith("Keep one of them.\n")


def test_a_row_is_named_once() -> None:
    row = "task_id: '301'\ntask_name: rebuild\ntask_type: EMPTY\n"
    twice = ["--set", "mwaa_task/301", "-"] * 2
    result = _plan("--against", OLD, *twice, typed=row)
    assert (result.exit_code, result.stderr.count("named twice")) == (1, 1)


@pytest.mark.parametrize("format_", ["text", "markdown", "sarif", "junit", "json"])
@pytest.mark.parametrize(
    ("value", "code"),
    [('"half \\ud800"', "bad-text"), ("1e400", "bad-number"), ("x" * 500_000, "too-large")],
)
def test_what_dynamodb_would_not_take_is_an_error_at_its_line(
    new: Path, format_: str, value: str, code: str
) -> None:
    (new / "mwaa_task").mkdir()
    file = new / "mwaa_task" / "999.yaml"
    file.write_text(
        f"task_id: '999'\ntask_name: t\ntask_type: EMPTY\nnote: {value}\n", encoding="utf-8"
    )
    result = _plan("--against", OLD, "--rows", new, "--format", format_)
    assert result.exit_code == 1, result.output
    assert code in result.stdout
    assert "999.yaml" in result.stdout


def test_a_value_without_end_is_refused(new: Path) -> None:
    (new / "mwaa_task").mkdir()
    (new / "mwaa_task" / "999.yaml").write_text(
        "task_id: '999'\ntask_name: t\ntask_params: &a\n  self: [*a]\n", encoding="utf-8"
    )
    said = "999.yaml, line 3: an alias (*) within what it stands for"
    for words in (["validate"], ["compile"], ["plan", "--against", OLD]):
        out = ["--out", new / "out"] if words == ["compile"] else []
        line = [*words, "--team", EXAMPLES, "--rows", new, *out]
        result = CliRunner().invoke(app, [str(word) for word in line])
        assert result.exit_code in (1, 2)
        assert said in result.stderr
        assert len(result.stderr.splitlines()) == 1


def test_the_first_rows_are_planned_against_an_empty_folder(tmp_path: Path) -> None:
    result = _plan("--against", tmp_path, "--rows", OLD)
    assert result.exit_code == 2, result.output
    assert "job-mart_sales" in result.stdout
