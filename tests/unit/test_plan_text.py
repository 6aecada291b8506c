"""A plan as people read it: with and without a terminal, small and large."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from dagc.changes.dag_change import DagChange, DagSide, Effect, Way
from dagc.changes.plan import Drift, Plan
from dagc.changes.plan_summary import summary
from dagc.changes.row_change import RowChange
from dagc.cli.plan_text.plan_as_text import print_plan
from dagc.compiler import RowKey
from dagc.plan.record import State
from tests.unit.example_plans import NOW, Tables, plan_of, row_of

EXPECTED = Path(__file__).with_name("plan_text.txt")
ROW = RowKey("mwaa_task", (("task_id", "5"),))


def _text(plan: Plan, *, full: bool = False) -> str:
    stream = io.StringIO()
    console = Console(file=stream, width=100, highlight=False)
    print_plan(console, plan, now=NOW, full=full, place_of=lambda _: "rows/mwaa_job.yaml:7:3")
    return stream.getvalue()


def _many_edits(tables: Tables) -> None:
    task = row_of(tables, "mwaa_task", "301")["task_params"]
    task["sql"] = [text.replace("ds, -2", "ds, -7") for text in task["sql"]]
    row_of(tables, "mwaa_job", "20")["job_task_configs"]["303"] = {"retries": 5}
    row_of(tables, "mwaa_job", "21")["job_name"] = "mart_customer"
    row_of(tables, "mwaa_job", "22")["job_task_configs"] = {"320": {"retires": 5}}
    row_of(tables, "mwaa_task", "101")["comment"] = "Since 2019."
    row_of(tables, "mwaa_scheduler", "2")["schedule_params"]["schedule_interval"] = "0 5 * * *"
    tables["mwaa_job"] = [row for row in tables["mwaa_job"] if row["job_id"] != "41"]
    tables["mwaa_task"].append({"task_id": "999", "task_name": "news", "task_type": "EMPTY"})
    news = {"job_type": "core", "job_id": "99", "job_name": "news", "task_list": "999"}
    tables["mwaa_job"].append(news)


def test_a_plan_of_many_kinds_of_edits() -> None:
    """After a change that is meant: write what it prints to the file, and read it."""
    plan = plan_of(_many_edits)._replace(
        toolchain=("Here the templates are others than in the stack: deploy first.",),
        kept=(ROW,),
        drift=(Drift("job-core_sales", "its file was changed by hand"),),
        waiting=("job-core_dimensions",),
    )
    assert _text(plan) == EXPECTED.read_text("utf-8")


def test_nothing_to_do() -> None:
    assert _text(plan_of(lambda _: None)) == "Nothing to do: no row differs.\n"


def test_the_summary() -> None:
    assert summary(plan_of(_many_edits)) == (
        "9 rows: 2 new, 6 changed, 1 deleted. 8 DAGs: 2 created, 2 changed, 2 removed, "
        "2 become invalid; 1 stays as it is. 2 errors, 1 warning."
    )


def test_full_shows_whole_files() -> None:
    text = _text(plan_of(_many_edits), full=True)
    assert "--full" not in text
    assert '-    dag_id="job-export_marketing",' in text
    assert '+    news = EmptyOperator(task_id="news")' in text


def _rows(count: int) -> Tables:
    numbers = [str(number) for number in range(count)]
    return {
        "mwaa_task": [
            {"task_id": id_, "task_name": f"t{id_}", "task_type": "BASH",
             "task_params": {"bash_command": f"./run {id_}"}}
            for id_ in numbers
        ],
        "mwaa_job": [
            {"job_type": "a", "job_id": id_, "job_name": f"j{id_}", "task_list": id_}
            for id_ in numbers
        ],
        "mwaa_scheduler": [],
    }  # fmt: skip


def _alike(tables: Tables) -> None:
    for row in tables["mwaa_task"]:
        row["task_params"]["cwd"] = "/tmp"


def _not_alike(tables: Tables) -> None:
    for row in tables["mwaa_task"]:
        row["task_params"]["bash_command"] += f"\n./again {row['task_id']}"


def _wrong(tables: Tables) -> None:
    for row in tables["mwaa_task"]:
        row["task_params"]["cmd"] = "x"


def _gone(tables: Tables) -> None:
    tables["mwaa_job"].clear()
    tables["mwaa_task"].clear()


@pytest.mark.parametrize("edit", [_alike, _not_alike, _wrong, _gone])
def test_many_rows_stay_readable(edit: Callable[[Tables], None]) -> None:
    text = _text(plan_of(edit, _rows(200)))
    assert text.count("\n") < 250
    assert max(map(len, text.splitlines())) <= 100


def test_dags_that_change_alike_are_told_once() -> None:
    text = _text(plan_of(_alike, _rows(30)))
    assert "~ 30 rows (task 0, task 1, task 10 and 27 more) are changed alike\n" in text
    assert "~ 30 DAGs (job-j0, job-j1, job-j10 and 27 more) are changed: behaviour\n" in text
    assert '    behaviour  tasks: cwd (not set) → "/tmp"\n' in text


def test_nothing_of_a_row_commands_the_terminal() -> None:
    hostile = "\x1b[31mred\x07\x1b]0;title\x07\u202e\r"

    def edit(tables: Tables) -> None:
        row = tables["mwaa_task"][0]
        row["task_params"] = {"bash_command": f"{hostile}\n{hostile}", hostile: [hostile]}
        row[f"x{hostile}"] = f"{hostile}\nb"
        tables["mwaa_job"][0]["job_params"] = {"description": hostile, "doc_md": hostile}
        tables["mwaa_task"].append({"task_id": hostile, "task_name": hostile})

    plan = plan_of(edit, _rows(2))
    plan = plan._replace(drift=(Drift(hostile, hostile),), toolchain=(hostile,))
    for full in (False, True):
        assert all(line.isprintable() for line in _text(plan, full=full).split("\n"))
    stream = io.StringIO()
    console = Console(file=stream, width=80, force_terminal=True, color_system="256")
    print_plan(console, plan, now=NOW, full=True)
    shown = re.sub(r"\x1b\[[\d;]*m", "", stream.getvalue())
    assert shown != stream.getvalue()
    assert all(line.isprintable() for line in shown.split("\n"))
    assert "\x1b[31mred" not in stream.getvalue()


def _of(effect: Effect, before: DagSide, after: DagSide) -> Plan:
    way = Way(ROW, ("job-a", "schedule-a"))
    change = DagChange("schedule-a", effect, before, after, (way,))
    return Plan((RowChange(ROW, {"x": 1}, {"x": 2}),), (), (change,), {})


@pytest.mark.parametrize(
    ("effect", "before", "after", "said"),
    [
        (
            Effect.INVALID,
            DagSide(State.PUBLISHED, "x = 1\n"),
            DagSide(State.INVALID),
            "! schedule-a becomes invalid: its last good file stays\n",
        ),
        (Effect.STILL_INVALID, DagSide(State.INVALID), DagSide(State.INVALID), "stays invalid\n"),
        (Effect.BLOCKED, DagSide(None), DagSide(State.BLOCKED, "x = 1\n"), "is blocked\n"),
        (
            Effect.VALID_AGAIN,
            DagSide(State.INVALID),
            DagSide(State.PUBLISHED, "x = 1\n"),
            "~ schedule-a is valid again\n",
        ),
        (
            Effect.VALID_AGAIN,
            DagSide(State.INVALID, "x()\n"),
            DagSide(State.PUBLISHED, "y()\n"),
            "~ schedule-a is valid again: behaviour\n",
        ),
        (
            Effect.REMOVED,
            DagSide(State.PUBLISHED, 'a = Op(task_id="a")\n'),
            DagSide(None),
            "- schedule-a is removed, with 1 task\n",
        ),
        (
            Effect.UNCHANGED,
            DagSide(State.PUBLISHED, "x = 1\n"),
            DagSide(State.PUBLISHED, "x = 1\n"),
            "= 1 DAG stays as it is, though it reads a row that changes:\n    task 5: schedule-a\n",
        ),
    ],
)
def test_what_becomes_of_a_dag(effect: Effect, before: DagSide, after: DagSide, said: str) -> None:
    text = _text(_of(effect, before, after))
    assert said in text
    if effect is not Effect.UNCHANGED:
        assert "    task 5 → job-a → schedule-a\n" in text
