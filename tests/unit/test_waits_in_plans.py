"""A plan warns of what its DAGs wait for in vain, as `dagc validate` does of all rows."""

from collections.abc import Callable, Iterable
from typing import Any

from dagc.compiler import Code
from tests.unit.example_plans import Tables, plan_of, row_of


def _waits(edit: Callable[[Tables], None], codes: Iterable[Code]) -> dict[str, tuple[str, ...]]:
    plan = plan_of(edit)
    return {it.message: dags for it, dags in plan.diagnostics.items() if it.code in codes}


def test_of_a_task_that_waits_for_another_dag() -> None:
    def edit(tables: Tables) -> None:
        job = row_of(tables, "mwaa_job", "20")
        job["task_list"] += ",999"
        waits = {"external_dag_id": "job-core_slaes"}
        tables["mwaa_task"].append(
            {"task_id": "999", "task_name": "wait", "task_type": "EXTERNAL-TASK"}
            | {"task_params": waits}
        )

    [(message, dags)] = _waits(edit, [Code.EXTERNAL_WAIT]).items()
    assert message == "no row makes the DAG 'job-core_slaes'"
    assert len(dags) == 1


def test_of_a_scheduler_that_a_job_starts() -> None:
    def edit(tables: Tables) -> None:
        params = row_of(tables, "mwaa_scheduler", "2")["schedule_params"]
        row_of(tables, "mwaa_job", "20")["job_params"]["asset"] = False
        params["assets"] = {"any": [{"job": "no_job"}, {"job": 20}]}

    assert list(_waits(edit, [Code.NEVER_RUNS])) == [
        "there is no job 'no_job': it never starts this",
        "the job '20' is no asset: it never starts this",
    ]


def test_of_a_circle_of_schedulers() -> None:
    """Of one that an edited row is in: here that of a job, whose asset closes it."""

    def edit(tables: Tables) -> None:
        row_of(tables, "mwaa_job", "a")["job_params"] = {"asset": "s3://lake/a"}

    plan = plan_of(edit, _two_schedulers())
    found = {it.message: dags for it, dags in plan.diagnostics.items() if it.code is Code.CYCLE}
    assert found == {
        "a circle: schedule-a → job-a (s3://lake/a) → schedule-b → job-b (x-job://b) → schedule-a: "
        "each run would be followed by another one, as long as these assets are updated": (
            "schedule-a",
        )
    }


def test_of_no_circle_of_others() -> None:
    rows = _two_schedulers()
    row_of(rows, "mwaa_job", "a")["job_params"] = {"asset": "s3://lake/a"}
    other = {"job_type": "etl", "job_id": "c", "job_name": "c", "task_list": "1"}
    plan = plan_of(lambda tables: tables["mwaa_job"].append(other), rows)
    assert [dag.dag_id for dag in plan.dags] == ["job-c"]
    assert not [it for it in plan.diagnostics if it.code is Code.CYCLE]


def _two_schedulers() -> Tables:
    """The asset of the job b starts the scheduler of a; "s3://lake/a" that of b."""
    load = {"task_id": "1", "task_name": "load", "task_type": "BASH"}
    jobs: list[dict[str, Any]] = [
        {"job_type": "etl", "job_id": name, "job_name": name, "task_list": "1"} for name in "ab"
    ]
    jobs[1]["job_params"] = {"asset": True}
    starts = {"a": {"job": "b"}, "b": "s3://lake/a"}
    schedulers = [
        {"schedule_id": name, "schedule_name": name, "job_list": name}
        | {"schedule_params": {"assets": [starts[name]]}}
        for name in "ab"
    ]
    return {
        "mwaa_task": [{**load, "task_params": {"bash_command": "load"}}],
        "mwaa_job": jobs,
        "mwaa_scheduler": schedulers,
    }


def test_of_no_other_dag() -> None:
    def edit(tables: Tables) -> None:
        row_of(tables, "mwaa_job", "21")["job_name"] = "mart_customer"

    assert not _waits(edit, [Code.EXTERNAL_WAIT, Code.NEVER_RUNS])
