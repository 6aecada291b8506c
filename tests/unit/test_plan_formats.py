"""A plan as Markdown, SARIF, JUnit and JSON: what is in them, and that others can read them."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from dagc.changes.dag_change import DagChange, DagSide, Effect
from dagc.changes.plan import Plan
from dagc.cli.main import app
from dagc.cli.plan_formats.diagnostic_help import first_sentence, sections
from dagc.cli.plan_formats.plan_json import as_json
from dagc.cli.plan_formats.plan_junit import as_junit
from dagc.cli.plan_formats.plan_markdown import as_markdown, marker
from dagc.cli.plan_formats.plan_report import PlanReport
from dagc.cli.plan_formats.plan_sarif import as_sarif
from dagc.compiler import Code, Diagnostic, Severity
from dagc.plan.record import State
from dagc.row_files.reading.placed_text import Location
from tests.properties.example_rows import FOLDER as EXAMPLES
from tests.unit.example_plans import Tables, plan_of, row_of
from tests.unit.plan_reports import report_of

DOCS = EXAMPLES.parent / "docs"
PLACES = {"mwaa_job": Location(Path("/repository/rows/mwaa job.yaml"), 12, 5)}


@pytest.fixture(scope="module")
def report() -> PlanReport:
    """A task's SQL is changed, a job gets a setting that does not exist, a scheduler a new hour."""
    plan = plan_of(_edit)
    return report_of(plan, lambda diagnostic: PLACES.get(diagnostic.table))


def _edit(tables: Tables) -> None:
    params = row_of(tables, "mwaa_task", "301")["task_params"]
    params["sql"] = [text.replace("-2)", "-7)") for text in params["sql"]]
    row_of(tables, "mwaa_job", "20")["job_task_configs"] = {"303": {"retires": 5}}
    schedule = '{"schedule_interval": "0 5 * * *"}'
    row_of(tables, "mwaa_scheduler", "1")["schedule_params"] = schedule


def test_markdown(report: PlanReport) -> None:
    page = as_markdown(report)
    assert page.startswith(f"{marker('dev')}\n\n### dagc plan\n\n3 rows: 3 changed. 2 DAGs: ")
    assert page.index("error[unknown-key]") < page.index("warning[") < page.index("| DAG |")
    assert "  rows/mwaa job.yaml:12:5\n" in page
    assert "| `job-mart_sales` | becomes invalid | `job mart/20; 1 row more` |" in page
    assert "- schedule: `schedule: 0 3 * * * → 0 5 * * *`" in page
    assert '\n-    schedule=CronDataIntervalTimetable("0 3 * * *", timezone="UTC"),\n' in page


def test_markdown_names_the_dags_that_wait(report: PlanReport) -> None:
    plan = report.plan._replace(waiting=("job-other",))
    page = as_markdown(report_of(plan))
    assert "an edit is on its way, or a rebuild is due (1)" in page
    assert "- `job-other`" in page


def test_sarif(report: PlanReport) -> None:
    log = json.loads(as_sarif(report))
    Draft202012Validator(SARIF).validate(log)
    [run] = log["runs"]
    error, warning = run["results"]
    assert (error["ruleId"], error["level"]) == ("unknown-key", "error")
    assert error["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "rows/mwaa%20job.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 12, "startColumn": 5},
    }
    assert warning["level"] == "warning"
    rule = run["tool"]["driver"]["rules"][error["ruleIndex"]]
    assert (rule["id"], rule["name"]) == ("unknown-key", "UnknownKey")
    assert rule.keys() == {"id", "name", "shortDescription", "fullDescription", "help"}
    assert rule["shortDescription"]["text"].startswith("A key inside a listed attribute's JSON")


def test_what_is_a_suggestion_is_a_note_in_sarif() -> None:
    suggestions = [it for it in Severity if it not in (Severity.ERROR, Severity.WARNING)]
    plan = Plan((), (), (), {_diagnostic(severity=it): () for it in suggestions})
    [run] = json.loads(as_sarif(report_of(plan)))["runs"]
    assert [result["level"] for result in run["results"]] == ["note"] * len(suggestions)


def test_each_code_has_a_rule_with_help() -> None:
    assert sections().keys() == set(Code)
    for section in sections().values():
        assert 10 < len(first_sentence(section)) < 300
        assert "](" not in section


def test_junit(report: PlanReport) -> None:
    suites = ET.fromstring(as_junit(report))
    assert {"tests": "2", "failures": "1"}.items() <= suites.attrib.items()
    job, scheduler = suites.iter("testcase")
    assert job.attrib == {
        "name": "job-mart_sales", "classname": "dagc.job", "file": "rows/mwaa job.yaml"
    }  # fmt: skip
    failure = job.find("failure")
    assert failure is not None
    assert "hint: Did you mean 'retries'?" in (failure.text or "")
    assert "changed (schedule, " in (scheduler.findtext("system-out") or "")


def test_a_mistake_that_affects_no_dag_is_a_case_of_its_own_in_junit() -> None:
    suites = ET.fromstring(as_junit(report_of(Plan((), (), (), {_diagnostic(): ()}))))
    assert [case.attrib["name"] for case in suites.iter("testcase")] == ["rows"]
    assert suites.attrib["failures"] == "1"


def test_json(report: PlanReport) -> None:
    plan = json.loads(as_json(report))
    _plan_schema().validate(plan)
    assert [row["change"] for row in plan["rows"]] == ["changed"] * 3
    assert plan["rows"][0]["after"]["job_id"] == {"S": "20"}
    effects = {dag["dag_id"]: dag["effect"] for dag in plan["dags"]}
    assert effects == {
        "job-mart_sales": "becomes invalid", "schedule-warehouse_nightly": "changed"
    }  # fmt: skip
    found = plan["diagnostics"][0]
    assert found["location"] == {"file": "rows/mwaa job.yaml", "line": 12, "column": 5}
    assert [len(plan["dags"][1]["next_runs"][side]) for side in ("before", "after")] == [5, 5]
    assert found["proposal"] == {"key": "retries"}


def test_the_schema_of_json_knows_what_there_is() -> None:
    schema = _plan_schema().schema
    assert isinstance(schema, Mapping)
    Draft202012Validator.check_schema(schema)
    properties = schema["properties"]
    dag = properties["dags"]["items"]["properties"]
    assert dag["effect"]["enum"] == [str(effect) for effect in Effect]
    states = schema["$defs"]["side"]["properties"]["state"]["enum"]
    assert states == [*(str(state) for state in State), None]
    severities = properties["diagnostics"]["items"]["properties"]["severity"]["enum"]
    assert {*severities} >= {str(severity) for severity in Severity}


@pytest.mark.parametrize("kind", ["yaml", "jsonl", "folder"])
def test_results_stand_at_the_rows_in_files(tmp_path: Path, kind: str) -> None:
    rows, old = tmp_path / "team" / "rows", tmp_path / "old"
    (rows / "mwaa_task").mkdir(parents=True)
    old.mkdir()
    (tmp_path / ".git").mkdir()
    (old / "mwaa_task.yaml").write_text("[]", encoding="utf-8")
    task = {"task_id": "1", "task_name": "t", "task_type": "BASH", "task_params": {"comand": "a"}}
    other = json.dumps({"task_id": "0", "task_name": "t", "task_type": "EMPTY"})
    file, text, line = {
        "yaml": ("mwaa_task.yaml", f"- {other}\n-\n  {json.dumps(task)}\n", 3),
        "jsonl": ("mwaa_task.jsonl", f"{other}\n{json.dumps(task)}\n", 2),
        "folder": ("mwaa_task/1.yaml", json.dumps(task, indent=1), 6),
    }[kind]
    (rows / file).write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path / "team")
        words = ["plan", "--rows", "rows", "--against", str(old), "--format", "sarif"]
        result = CliRunner().invoke(app, words)
    assert result.exit_code == 1, result.output
    [run] = json.loads(result.stdout)["runs"]
    physical = run["results"][0]["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == f"team/rows/{file}"
    column = text.splitlines()[line - 1].index('"comand"') + 1
    assert physical["region"] == {"startLine": line, "startColumn": column}


def test_the_page_shows_a_comment_as_it_is(report: PlanReport) -> None:
    text = (DOCS / "pull-requests.md").read_text("utf-8")
    shown = text.partition("````markdown\n")[2].partition("\n````")[0]
    lines = as_markdown(report._replace(name="rows")).replace("mwaa job", "mwaa_job").splitlines()
    assert len(shown.splitlines()) > 15
    assert [line for line in shown.splitlines() if line not in lines] == []


FORMATS: list[Callable[[PlanReport], str]] = [as_markdown, as_sarif, as_junit, as_json]


@pytest.mark.parametrize("show", FORMATS)
def test_no_text_breaks_a_document(show: Callable[[PlanReport], str]) -> None:
    text = "\0\x1b[31m\ud800]]>&<\u2028\ufffe{{ ds }}`|\n"
    side = DagSide(State.PUBLISHED, text)
    dag = DagChange(f"mwaa_job {text}", Effect.CREATED, DagSide(None), side, ())
    plan = Plan((), (), (dag,), {_diagnostic(text): (dag.dag_id,), _diagnostic(): ()})
    place = Location(Path(f"/repository/a\x1b#?{'é'}.yaml"), 1, 1)
    document = show(report_of(plan, lambda _: place, text))
    document.encode()
    if show is as_junit:
        ET.fromstring(document)
    elif show is not as_markdown:
        json.loads(document)
    assert "\x1b" not in document


@pytest.mark.parametrize("show", FORMATS)
def test_a_plan_without_anything(show: Callable[[PlanReport], str]) -> None:
    document = show(report_of(Plan((), (), (), {})))
    if show is as_json:
        _plan_schema().validate(json.loads(document))
    if show is as_sarif:
        Draft202012Validator(SARIF).validate(json.loads(document))


def _diagnostic(message: str = "wrong", severity: Severity = Severity.ERROR) -> Diagnostic:
    key = (("task_id", message),)
    return Diagnostic("mwaa_task", key, "sql", "", Code.BAD_TEXT, severity, message, "Mend it.")


def _plan_schema() -> Draft202012Validator:
    return Draft202012Validator(json.loads((DOCS / "plan.schema.json").read_text("utf-8")))


def _object(required: Mapping[str, Any], **optional: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


_TEXT = {"type": "string", "minLength": 1}
_MESSAGE = _object({"text": _TEXT})
_ARTIFACT = _object({"uri": {"type": "string", "pattern": "^[!-~]+$"}}, uriBaseId=_TEXT)
_COUNT = {"type": "integer", "minimum": 1}
_PLACE = _object(
    {"artifactLocation": _ARTIFACT}, region=_object({"startLine": _COUNT}, startColumn=_COUNT)
)
SARIF = _object(
    {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": _object(
                {
                    "tool": _object(
                        {
                            "driver": _object(
                                {"name": _TEXT},
                                version=_TEXT,
                                rules={
                                    "type": "array",
                                    "uniqueItems": True,
                                    "items": _object(
                                        {"id": _TEXT},
                                        name=_TEXT,
                                        shortDescription=_MESSAGE,
                                        fullDescription=_MESSAGE,
                                        help=_object({"text": _TEXT}, markdown=_TEXT),
                                    ),
                                },
                            )
                        }
                    )
                },
                results={
                    "type": "array",
                    "items": _object(
                        {"message": _MESSAGE},
                        ruleId=_TEXT,
                        ruleIndex={"type": "integer", "minimum": 0},
                        level={"enum": ["none", "note", "warning", "error"]},
                        locations={
                            "type": "array",
                            "items": _object(
                                {},
                                physicalLocation=_PLACE,
                                logicalLocations={
                                    "type": "array",
                                    "items": _object({}, fullyQualifiedName=_TEXT),
                                },
                            ),
                        },
                        partialFingerprints={"type": "object", "additionalProperties": _TEXT},
                    ),
                },
                columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                automationDetails=_object({}, id=_TEXT),
                originalUriBaseIds={
                    "type": "object",
                    "additionalProperties": _object({}, uri=_TEXT, description=_MESSAGE),
                },
            ),
        },
    },
    **{"$schema": _TEXT},
)
"""What the standard's own schema says of the members that are there (SARIF 2.1.0, 3.13 and on)."""
