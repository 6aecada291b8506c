"""A plan warns of what its DAGs wait for in vain, as `dagc validate` does of all rows."""

from collections.abc import Callable, Iterable

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


def test_of_no_other_dag() -> None:
    def edit(tables: Tables) -> None:
        row_of(tables, "mwaa_job", "21")["job_name"] = "mart_customer"

    assert not _waits(edit, [Code.EXTERNAL_WAIT, Code.NEVER_RUNS])
