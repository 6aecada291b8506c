"""What a scheduler's trigger does in each real Airflow: docs/airflow.md's table, held to it."""

import os
import signal
from collections.abc import Iterator
from datetime import datetime

import pytest

from demo.airflow.stage import AirflowStage
from demo.process import running
from demo.waiting import wait_until
from tests.live.semantics import BY_HAND, LAST_MOMENT, Semantics, begun, job, scheduler, trigger


@pytest.fixture(scope="session")
def semantics(stage: AirflowStage) -> Iterator[Semantics]:
    """All runs, just started."""
    with begun(stage) as semantics:
        yield semantics


@pytest.fixture(scope="session")
def cleared(semantics: Semantics) -> Semantics:
    """After the triggers of a green run and of a red one were cleared."""
    rest = semantics.stage.airflow.rest
    for name, of in (("chain", "after"), ("once", "once")):
        semantics.run(name)
        rest.clear(scheduler(name), semantics.runs[name], trigger(of))
    return semantics


@pytest.fixture
def new_triggerer(semantics: Semantics) -> Iterator[Semantics]:
    """Another one instead of that which was killed while a trigger waited."""
    semantics.runs["waits"] = semantics.stage.airflow.rest.trigger(
        scheduler("waits"), logical_date=datetime.now().astimezone()
    )
    _wait_until_watched(semantics)
    airflow = semantics.stage.airflow
    old = airflow.processes["triggerer"]
    os.killpg(old.pid, signal.SIGKILL)
    old.wait()
    command = {"triggerer": [str(airflow.version.executable), "triggerer"]}
    with running(command, folder=airflow.home, environment=airflow.environment):
        yield semantics


def test_a_trigger_waits_without_a_worker_slot(semantics: Semantics) -> None:
    _wait_until_watched(semantics)
    assert semantics.states("waits")[trigger("slow")] == "deferred"
    semantics.release("waits")
    assert semantics.run("waits")["state"] == "success"
    assert len(semantics.starts("waits", "slow")) == 1


def test_a_job_has_the_day_and_the_conf_of_its_scheduler(semantics: Semantics) -> None:
    assert semantics.run("chain")["state"] == "success"
    for of in ("note", "after"):
        (start,) = semantics.starts("chain", of)
        assert start["run"] == semantics.child_id("chain")
        assert start["day"] == "2025-02-03"
        assert start["conf"] == {"region": "us"}
        # In Airflow 3, the interval of a triggered run is the moment of the trigger.
        same = start["interval"] == start["day"]
        assert same == (semantics.version == "2.11")


def test_two_schedulers_start_one_job_for_the_same_moment(semantics: Semantics) -> None:
    states = {semantics.run(name)["state"] for name in ("share_a", "share_b")}
    assert states == {"success"}
    children = [*semantics.children("share_a", "shared"), *semantics.children("share_b", "shared")]
    first, second = sorted(children, key=lambda run: _moment(run["start_date"]))
    assert _moment(first["end_date"]) <= _moment(second["start_date"])
    assert first["logical_date"] != second["logical_date"]


def test_a_run_has_the_date_of_the_one_scheduler_that_starts_its_job(semantics: Semantics) -> None:
    assert semantics.run("dated")["state"] == "success"
    (child,) = semantics.children("dated", "dated")
    assert _moment(child["logical_date"]) == LAST_MOMENT


def test_a_dag_written_by_hand_waits_for_a_job_by_its_date(semantics: Semantics) -> None:
    rest = semantics.stage.airflow.rest
    assert rest.wait_for(BY_HAND, semantics.runs[BY_HAND]) == "success"
    states = {
        name: it["state"] for name, it in rest.tasks(BY_HAND, semantics.runs[BY_HAND]).items()
    }
    assert states == {"job": "success", "trigger_of_a_shared_job": "success"}


def test_a_failed_job_stops_what_comes_after_it(semantics: Semantics) -> None:
    assert semantics.run("red")["state"] == "failed"
    assert semantics.states("red") == {
        "start": "success",
        trigger("bad"): "failed",
        trigger("after"): "upstream_failed",
        "end": "upstream_failed",
    }
    assert not semantics.starts("red", "after")


def test_all_done_goes_on_and_the_run_is_red_all_the_same(semantics: Semantics) -> None:
    assert semantics.run("all_done")["state"] == "failed"
    assert semantics.states("all_done") == {
        "start": "success",
        trigger("bad"): "failed",
        trigger("after"): "success",
        "end": "upstream_failed",
    }
    assert len(semantics.starts("all_done", "after")) == 1


def test_a_paused_job(semantics: Semantics) -> None:
    assert semantics.run("paused")["state"] == "failed"
    state = semantics.states("paused")[trigger("asleep")]
    children = semantics.children("paused", "asleep")
    if semantics.version == "3.0":
        # Nothing there tells a task of it: it waits, until the run has had its time.
        assert state == "skipped"
        assert [run["state"] for run in children] == ["queued"]
    else:
        assert state == "failed"
        assert children == []
        assert f"{job('asleep')} is paused" in semantics.log("paused", "asleep")


def test_a_job_whose_file_is_gone(semantics: Semantics) -> None:
    assert semantics.run("gone")["state"] == "failed"
    assert semantics.states("gone")[trigger("gone")] == "failed"
    log = semantics.log("gone", "gone")
    assert f"'{job('gone')}' not found" in log or f"{job('gone')} not found" in log


def test_a_run_without_a_logical_date(semantics: Semantics) -> None:
    run = semantics.run("undated")
    assert run["state"] == "success"
    # Airflow 2 gives it one.
    assert (run["logical_date"] is None) == semantics.stage.airflow.rest.is_three
    (start,) = semantics.starts("undated", "note")
    assert start["day"] == (run["logical_date"] or run["run_after"])[:10]


def test_scheduled_runs(semantics: Semantics) -> None:
    found = semantics.unasked("cron", count=2)
    assert [run["state"] for run in found] == ["success"] * 2
    assert {run["run_type"] for run in found} == {"scheduled"}
    _assert_days(semantics, "cron", {"2025-03-01", "2025-03-02"})


def test_backfilled_runs(semantics: Semantics) -> None:
    found = semantics.unasked("berlin", count=2)
    assert [run["state"] for run in found] == ["success"] * 2
    assert {run["run_type"] for run in found} == {"backfill"}
    _assert_days(semantics, "berlin", {"2025-03-02", "2025-03-03"})


def test_a_job_that_fails_once_and_a_trigger_that_retries(semantics: Semantics) -> None:
    state = semantics.run("once")["state"]
    starts = semantics.starts("once", "once")
    if semantics.version == "3.0":
        # The trigger's second try hears what the first one was told.
        assert (state, len(starts)) == ("failed", 1)
    else:
        assert (state, len(starts)) == ("success", 2)
    assert len(semantics.children("once", "once")) == 1


@pytest.mark.parametrize(("name", "of"), [("chain", "after"), ("once", "once")])
def test_a_cleared_trigger_repeats_the_run_of_its_job(
    cleared: Semantics, name: str, of: str
) -> None:
    assert cleared.run(name)["state"] == "success"
    (run,) = cleared.children(name, of)
    assert run["state"] == "success"
    starts = cleared.starts(name, of)
    retried = name == "once" and cleared.version != "3.0"
    assert len(starts) == (3 if retried else 2)
    # The same run of the job, and it is told again what it was told first.
    assert {start["run"] for start in starts} == {run["dag_run_id"]}
    assert all(start == starts[0] for start in starts)


def test_what_came_before_a_cleared_trigger_is_not_repeated(cleared: Semantics) -> None:
    assert cleared.run("chain")["state"] == "success"
    assert len(cleared.starts("chain", "note")) == 1


def test_a_killed_triggerer_is_made_up_for_by_another(new_triggerer: Semantics) -> None:
    new_triggerer.release("waits")
    assert new_triggerer.run("waits")["state"] == "success"
    runs = [start["run"] for start in new_triggerer.starts("waits", "slow")]
    assert runs.count(new_triggerer.child_id("waits")) == 1


def _wait_until_watched(semantics: Semantics) -> None:
    """Until the triggerer waits in the place of the task."""
    wait_until(
        lambda: semantics.task("waits", "slow").get("trigger") or {},
        lambda trigger: bool(trigger.get("triggerer_id")),
        "the triggerer to have the trigger of the job slow",
        every=0.5,
    )


def _assert_days(semantics: Semantics, name: str, days: set[str]) -> None:
    """Each run of the job has the day that its scheduler's run has."""
    starts = semantics.starts(name, "note")
    assert {(start["day"], start["conf"]["day"]) for start in starts} == {(d, d) for d in days}
    assert len(starts) == len(days)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
