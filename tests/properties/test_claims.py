"""The rows that claim one DAG id make one DAG, in whatever order they come."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dagc.compiler import NO_OTHERS, Snapshot, compile_dag, dag_fingerprint, row_key
from dagc.plan.inputs import inputs_of
from tests.properties.compiling import toolchain

TASKS = [
    {"task_id": "1", "task_name": "first", "task_type": "EMPTY"},
    {"task_id": "2", "task_name": "broken", "task_type": "COBOL"},
]
JOBS = st.lists(
    st.builds(
        lambda key, tasks, owner, status: {
            "job_type": key[0], "job_id": key[1], "job_name": "same", "task_list": tasks,
            "job_params": {"owner": owner}, "status": status,
        },
        key=st.tuples(st.sampled_from("ab"), st.sampled_from("12")),
        tasks=st.lists(st.sampled_from(["1", "2", "404"]), unique=True),
        owner=st.sampled_from(["me", 5]),
        status=st.sampled_from([1, 1, 0]),
    ),
    max_size=4,
    unique_by=lambda row: (row["job_type"], row["job_id"]),
)  # fmt: skip


def _all(jobs: list[dict[str, Any]]) -> tuple[Any, ...]:
    """Everything that is made of rows in this order."""
    tools = toolchain()
    items = {
        row_key(table, row): row
        for table, rows in [("mwaa_task", TASKS), ("mwaa_job", jobs)]
        for row in rows
    }
    snapshot = Snapshot(items, tools.types)
    claimants = snapshot.claimants("job-same", items)
    dag = compile_dag("job-same", claimants, snapshot, tools, NO_OTHERS)
    made_of = dag_fingerprint(tools.fingerprint, claimants, snapshot, snapshot, NO_OTHERS)
    return dag, made_of, inputs_of(claimants)


@given(JOBS, st.randoms())
def test_their_order_does_not_matter(jobs: list[dict[str, Any]], random: Any) -> None:
    shuffled = [dict(random.sample(list(row.items()), len(row))) for row in jobs]
    random.shuffle(shuffled)
    assert _all(shuffled) == _all(jobs)
