"""A broken SQL fails its run, which sends messages; its row is repaired: the next run is green."""

from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from rich.console import Console

from demo import rows
from demo.airflow.stage import AirflowStage
from tests.live.history import recorded
from tests.live.jobs import ROWS, child_run, known, parsed, parsed_since
from tests.live.topics import Message, listen, published

TOPIC = "pipeline-failures"
JOB, SCHEDULER = "job-live_edited", "schedule-live_edited"
TRIGGER = "trigger_live_edited"
MESSAGES = 3
"""About a failure: of a task, of its job's run, of the scheduler's run."""


class Story(NamedTuple):
    """What happened, in this order."""

    stage: AirflowStage
    broken: str
    messages: list[Message]
    versions: list[list[int]]
    repaired: str


@pytest.fixture(scope="session")
def story(stage: AirflowStage) -> Story:
    """A run of a broken job; its file touched, not changed; another run; the edit; a last run."""
    rest = stage.airflow.rest
    queue = listen(stage, TOPIC)
    rows.load(stage.stack, ROWS, Console(quiet=True))
    known(stage, JOB, SCHEDULER)
    rest.pause(SCHEDULER, paused=False)

    broken = rest.trigger(SCHEDULER, logical_date=datetime.now(UTC))
    assert rest.wait_for(SCHEDULER, broken) == "failed"
    messages = published(stage, queue, about=broken, count=MESSAGES)
    versions = [_versions(stage)]
    _touch(stage)
    again = rest.trigger(SCHEDULER, logical_date=datetime.now(UTC))
    rest.wait_for(SCHEDULER, again)
    # In 3.0, a file that is changed just before a callback of it runs is not seen to have changed.
    published(stage, queue, about=again, count=MESSAGES)
    versions.append(_versions(stage))
    _repair(stage)
    repaired = rest.trigger(SCHEDULER, logical_date=datetime.now(UTC))
    assert rest.wait_for(SCHEDULER, repaired) == "success"
    versions.append(_versions(stage))
    return Story(stage, broken, messages, versions, repaired)


def test_a_failed_job_makes_its_run_and_the_scheduler_s_red(story: Story) -> None:
    rest = story.stage.airflow.rest
    run = child_run(SCHEDULER, story.broken)
    assert rest.run(JOB, run)["state"] == "failed"
    states = {name: task["state"] for name, task in rest.tasks(JOB, run).items()}
    # Without `end`, what cleans up behind the failure would make the run a success.
    assert states == {"count_orders": "failed", "clean_up": "success", "end": "upstream_failed"}
    states = {name: task["state"] for name, task in rest.tasks(SCHEDULER, story.broken).items()}
    assert states == {"start": "success", TRIGGER: "failed", "end": "upstream_failed"}


def test_the_failure_is_reported_with_its_place_and_its_log(story: Story) -> None:
    run = child_run(SCHEDULER, story.broken)
    (of_task,) = [message for message in story.messages if f"{JOB}.count_orders" in message.subject]
    assert run in of_task.text
    assert "no_such_table" in of_task.text
    assert story.stage.airflow.url in of_task.text
    of_runs = {message.subject.split()[0] for message in story.messages if message is not of_task}
    assert of_runs == {JOB, SCHEDULER}
    assert len(story.messages) == MESSAGES


def test_the_history_has_the_error(story: Story) -> None:
    history = recorded(story.stage, JOB, child_run(SCHEDULER, story.broken))
    assert history.run["state"] == "failed"
    tried = history.tasks["count_orders"]
    assert tried["state"] == "failed"
    assert "no_such_table" in tried["error"]


def test_the_next_run_uses_the_edited_row(story: Story) -> None:
    history = recorded(story.stage, JOB, child_run(SCHEDULER, story.repaired))
    tried = history.tasks["count_orders"]
    assert tried["state"] == "success"
    assert tried["query_ids"]


def test_an_edit_is_one_dag_version_and_a_touched_file_none(story: Story) -> None:
    if story.stage.airflow.rest.is_three:
        assert story.versions == [[1], [1], [1, 2]]
    else:
        assert story.versions == [[], [], []]  # Airflow 2 keeps none


def _versions(stage: AirflowStage) -> list[int]:
    return stage.airflow.rest.versions(JOB) if stage.airflow.rest.is_three else []


def _touch(stage: AirflowStage) -> None:
    before = parsed(stage, JOB)
    (stage.airflow.dags / "generated" / f"{JOB}.py").touch()
    parsed_since(stage, JOB, before)


def _repair(stage: AirflowStage) -> None:
    """Edit the row, and wait until Airflow has read the file that came of it."""
    before = parsed(stage, JOB)
    row = rows.find(ROWS, "task", task_id="live-1")
    repaired = {**row, "task_params": {**row["task_params"], "sql": "SELECT 42"}}
    rows.put(stage.stack, "task", repaired)
    parsed_since(stage, JOB, before)
