"""What each shape of a job, and each way to start a scheduler, does in each real Airflow."""

import urllib.error
from datetime import datetime

import pytest

from demo.airflow.stage import AirflowStage
from tests.live.jobs import child_run
from tests.live.shapes import BUCKET, CRONS, NOT_WAITING, TOPIC, Outcome, Shapes, begun
from tests.live.topics import listen, published

OUTCOMES = {
    # A branch is taken, or the other one.
    "taken": Outcome(
        "success", {"choose": "success", "a": "success", "b": "skipped", "join": "success"}
    ),
    "not_taken": Outcome(
        "success", {"choose": "success", "a": "skipped", "b": "success", "join": "success"}
    ),
    "by_sql": Outcome("success", {"query": "success", "a": "skipped", "b": "success"}),
    # A failure beside a task that has been skipped shows.
    "by_function": Outcome(
        "failed",
        {
            "pick": "success",
            "a": "skipped",
            "b": "success",
            "fail_late": "failed",
            "join": "skipped",
            "end": "upstream_failed",
        },
    ),
    "given_up": Outcome(
        "failed",
        {"give_up": "skipped", "fail_late": "failed", "join": "skipped", "end": "upstream_failed"},
    ),
    "let_through": Outcome(
        "success", {"gate": "success", "a": "success", "b": "success", "end": "success"}
    ),
    "cut_short": Outcome(
        "success", {"gate": "success", "a": "skipped", "b": "skipped", "end": "skipped"}
    ),
    # A teardown runs whatever happens, and its success hides no failure.
    "torn_down": Outcome(
        "failed",
        {"set_up": "success", "fail": "failed", "a": "upstream_failed", "tear_down": "success"},
    ),
    "torn_down_after_a_branch": Outcome(
        "success",
        {
            "set_up": "success",
            "choose": "success",
            "a": "skipped",
            "b": "success",
            "tear_down": "success",
        },
    ),
    # `check` reads what the task in the group has returned, by its whole id.
    "grouped": Outcome("success", {"load.eu.orders": "success", "check": "success"}),
    "waiting": Outcome("success", {"wait": "success", "a": "success"}),
    "told": Outcome("success", {"flaky": "success", "skips_itself": "skipped"}),
    "operators": Outcome("success", {"put": "success"}),
    "fills": Outcome("success", {"a": "success"}),
}


@pytest.fixture(scope="session")
def queue(stage: AirflowStage) -> str:
    """Where the messages of runs arrive."""
    return listen(stage, TOPIC)


@pytest.fixture(scope="session")
def shapes(stage: AirflowStage, queue: str) -> Shapes:  # noqa: ARG001 - listens from the start
    """All runs, just started."""
    return begun(stage)


def test_a_trigger_that_does_not_wait(shapes: Shapes) -> None:
    assert shapes.outcome(NOT_WAITING).run == "success"
    scheduler, run_id = shapes.runs[NOT_WAITING]
    child = "job-shape_held", child_run(scheduler, run_id)
    rest = shapes.stage.airflow.rest
    assert rest.run(*child)["state"] in {"queued", "running"}
    shapes.release(child[1])
    assert rest.wait_for(*child) == "success"


def test_a_run_with_a_wrong_param_is_refused(shapes: Shapes) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        shapes.stage.airflow.rest.trigger("job-shape_branched", conf={"full": "often"})
    assert refused.value.code == 400


@pytest.mark.parametrize("name", OUTCOMES)
def test_what_becomes_of_a_run(shapes: Shapes, name: str) -> None:
    assert shapes.outcome(name) == OUTCOMES[name]


def test_a_task_waits_until_the_run_of_the_other_dag_has_ended(shapes: Shapes) -> None:
    shapes.outcome("waiting")
    rest = shapes.stage.airflow.rest
    awaited = rest.run(*shapes.runs["grouped"])
    goes_on = shapes.tasks("waiting")["wait"]
    assert _moment(awaited["end_date"]) <= _moment(goes_on["end_date"])


def test_an_operator_of_a_row_has_done_what_it_does(shapes: Shapes) -> None:
    shapes.outcome("operators")
    put = shapes.stage.stack.s3.get_object(Bucket=BUCKET, Key="of/job-shape_operators")
    assert put["Body"].read() == b"hello"


def test_a_retry_a_skip_and_a_success_are_told(shapes: Shapes, queue: str) -> None:
    shapes.outcome("told")
    _, run_id = shapes.runs["told"]
    found = published(shapes.stage, queue, about=run_id, count=3)
    assert sorted(message.subject.partition(":")[0] for message in found) == [
        "job-shape_told succeeded",
        "job-shape_told.flaky will retry",
        "job-shape_told.skips_itself skipped",
    ]


def test_functions_of_the_team_are_called(shapes: Shapes) -> None:
    shapes.outcome("told")
    assert shapes.calls("told", count=3) == [
        ("skipped", "skips_itself"),
        ("succeeded", "run"),
        ("tried_again", "flaky"),
    ]
    shapes.outcome("torn_down")
    assert shapes.calls("torn_down", count=2) == [("failed", "fail"), ("failed", "run")]


def test_an_asset_starts_a_scheduler(shapes: Shapes) -> None:
    shapes.outcome("fills")
    (run,) = shapes.unasked("schedule-shape_asset", count=1)
    assert (run["state"], run["run_type"]) == ("success", _by_asset(shapes))


def test_an_asset_or_a_cron_starts_a_scheduler(shapes: Shapes) -> None:
    found = shapes.unasked("schedule-shape_asset_or_cron", count=2)
    assert {run["run_type"] for run in found} == {"scheduled", _by_asset(shapes)}
    assert [run["state"] for run in found] == ["success"] * 2


def test_each_of_several_crons_starts_a_scheduler(shapes: Shapes) -> None:
    rest = shapes.stage.airflow.rest
    if not rest.is_three:
        assert CRONS not in rest.dags()
        return
    found = shapes.unasked(CRONS, count=2)
    assert [run["state"] for run in found] == ["success"] * 2
    dates = {_moment(run["logical_date"]).strftime("%a %H:%M") for run in found}
    assert dates == {"Sat 05:00", "Sun 07:30"}


def _by_asset(shapes: Shapes) -> str:
    return "asset_triggered" if shapes.stage.airflow.rest.is_three else "dataset_triggered"


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
