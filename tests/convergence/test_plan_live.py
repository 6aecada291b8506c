"""A plan against a live stack: what is apart from the change, and what has to be read for it."""

import json
from pathlib import Path

import pytest

from dagc.apply.rebuild import rebuild
from dagc.aws.stack import Stack
from dagc.changes.dag_change import Effect
from dagc.changes.plan import Plan
from dagc.cli.deployed_stack import DeployedStack
from dagc.cli.planning import plan_against_stack
from dagc.cli.proposal import proposed_rows
from dagc.compiler import Target, load_toolchain
from tests.convergence.deployed import PREFIX, Follower, job, scheduler, task
from tests.convergence.world import Row
from tests.emulator.aws import BUCKET

_PARAMETERS = {
    "AirflowVersion": "3.0",
    "Environment": "",
    "PublishesRuntime": "true",
    "MaxRemovedPercent": "20",
}


@pytest.fixture
def live(deployed: Follower) -> Follower:
    """A task, its job, its scheduler, compiled; and a rebuild since."""
    for table, row in (
        ("mwaa_task", task("1")),
        ("mwaa_job", job("1", "load")),
        ("mwaa_job", job("2", "other")),
        ("mwaa_scheduler", scheduler("1", "daily")),
    ):
        deployed.aws.put(table, row)
    deployed.follow()
    rebuild(deployed.deployment)
    return deployed


def _plan(
    live: Follower, folder: Path, *rows: tuple[str, Row], delete: tuple[str, ...] = ()
) -> Plan:
    it = live.deployment
    stack = DeployedStack(
        Stack("dagc-test", _PARAMETERS, {}), it.tables, it.dags, it.dependencies, it.bucket
    )
    words = []
    for number, (name, row) in enumerate(rows):
        file = folder / f"{number}.json"
        file.write_text(json.dumps(row), encoding="utf-8")
        words.append((name, str(file)))
    wanted = proposed_rows(None, words, delete)
    return plan_against_stack(stack, wanted, None, delete_missing=False).plan


def _effects(plan: Plan) -> dict[str, Effect]:
    return {dag.dag_id: dag.effect for dag in plan.dags}


def test_nothing_to_do(live: Follower, tmp_path: Path) -> None:
    plan = _plan(live, tmp_path, ("mwaa_task/1", task("1")))
    assert plan == Plan((), (), (), {})


def test_a_task_changes_the_dags_that_read_it(live: Follower, tmp_path: Path) -> None:
    plan = _plan(live, tmp_path, ("mwaa_task/1", task("1", "date")))
    assert _effects(plan) == {"job-load": Effect.CHANGED, "job-other": Effect.CHANGED}
    load = plan.dags[0]
    assert load.before.text == live.aws.objects()[f"{PREFIX}job-load.py"]
    assert load.after.text is not None
    assert "date" in load.after.text
    assert (plan.drift, plan.waiting, plan.toolchain) == ((), (), ())


def test_a_plan_writes_nothing(live: Follower, tmp_path: Path) -> None:
    live.aws.calls.clear()
    _plan(live, tmp_path, ("mwaa_task/1", task("1", "date")), delete=("mwaa_job/a/2",))
    assert live.aws.calls.keys() == {"dynamodb.Scan", "s3.ListObjectsV2"}


def test_the_last_good_file_is_read_where_it_is_replaced(live: Follower, tmp_path: Path) -> None:
    good = live.aws.objects()[f"{PREFIX}job-load.py"]
    live.aws.put("mwaa_job", job("1", "load", "1,404"))
    live.follow()
    plan = _plan(live, tmp_path, ("mwaa_job/a/1", job("1", "load", retries=3)))
    assert _effects(plan)["job-load"] is Effect.VALID_AGAIN
    assert plan.dags[0].before.text == plan.dags[0].after.text == good
    plan = _plan(live, tmp_path, ("mwaa_job/a/1", job("1", "load", job_params={"retries": 3})))
    assert plan.dags[0].before.text == good != plan.dags[0].after.text


def test_what_was_there_before_is_told_apart(live: Follower, tmp_path: Path) -> None:
    aws = live.aws
    with aws.unobserved():
        aws.s3.put_object(Bucket=BUCKET, Key=f"{PREFIX}job-load.py", Body=b"# by hand")
        aws.s3.delete_object(Bucket=BUCKET, Key=f"{PREFIX}schedule-daily.py")
        aws.s3.put_object(Bucket=BUCKET, Key=f"{PREFIX}job-new.py", Body=b"# somebody's")
    aws.put("mwaa_job", job("2", "other", job_params={"retries": 9}))  # not delivered yet
    plan = _plan(live, tmp_path, ("mwaa_job/a/3", job("3", "new")))
    assert _effects(plan) == {"job-new": Effect.BLOCKED}
    assert [(it.dag_id, it.what.split(";")[0]) for it in plan.drift] == [
        ("job-load", "another object is in the place of its file, and stays"),
        ("job-new", "an object that the compiler did not write is in its place, and stays"),
        ("schedule-daily", "its file is gone"),
    ]
    assert plan.waiting == ("job-other",)


def test_another_toolchain_is_told(live: Follower, tmp_path: Path) -> None:
    deployed = live.deployment.toolchain.fingerprint
    other = " ".join(
        "templates=0" if part.startswith("templates=") else part for part in deployed.split()
    )
    live.deployment.dependencies.put_toolchain(other, since=2**60)
    plan = _plan(live, tmp_path, ("mwaa_task/1", task("1")))
    [said] = plan.toolchain
    assert said.startswith("Here the templates or the task types are others than in the stack")
    with live.aws.unobserved():
        live.aws.delete("mwaa_dag_dependency", {"input": "toolchain", "dag_id": "*"})
    [said] = _plan(live, tmp_path, ("mwaa_task/1", task("1"))).toolchain
    assert said.startswith("It is not known with which templates")


def test_what_only_the_toolchain_here_takes_for_wrong_is_not_called_invalid_now(
    live: Follower, tmp_path: Path
) -> None:
    """The stack was deployed with defaults, which the plan is made without."""
    team = tmp_path / "team"
    team.mkdir()
    defaults = 'default: {job_params: {task_params: {BASH: {bash_command: "true"}}}}\n'
    (team / "defaults.yaml").write_text(defaults, encoding="utf-8")
    tools, _ = load_toolchain(Target(3, 0), "", team)
    assert tools is not None
    live.deployment = live.deployment._replace(toolchain=tools)
    bare = {"task_id": "1", "task_name": "t", "task_type": "BASH"}
    live.aws.put("mwaa_task", bare)
    live.follow()
    rebuild(live.deployment)

    plan = _plan(live, tmp_path, ("mwaa_task/1", bare | {"note": "n", "task_name": "u"}))
    assert _effects(plan)["job-load"] is Effect.INVALID
    defaults_differ, why = plan.toolchain
    assert defaults_differ == (
        "Here defaults.yaml is another than in the stack: no team's folder was named or found. "
        "Add --team FOLDER, with what it was deployed with."
    )
    assert why.startswith("2 DAGs that are published in the stack would be in error with the")

    plan = _plan(live, tmp_path, ("mwaa_task/1", task("1", "date")))
    assert _effects(plan)["job-load"] is Effect.CHANGED
    assert plan.dags[0].before.text == live.aws.objects()[f"{PREFIX}job-load.py"]
