"""A task that many jobs share: one edit of it, beside an edit of each job's own.

With latencies like those of AWS before each call; the local AWS's own time is in both.
"""

from collections.abc import Iterator

from bench import workload
from bench.edits import LIKE_AWS, invoked
from bench.invocation import STREAM, process
from bench.measure import Comparison, Series
from bench.place import Place
from bench.tables import rebuilt
from bench.workload import Warehouse

JOBS = 1_000
ALONE = 20
"""Edits one by one that are measured for each of the shared: JOBS of them would take minutes."""
_TASKS = 8


def measure(place: Place) -> Iterator[Comparison]:
    """The comparisons: seconds for each DAG, and CPU."""
    jobs = JOBS // 20 if place.quick else JOBS
    rows, shared, own = _rows(jobs)
    table = rebuilt(place, "shared", rows)
    together, alone, cpu = Series("ms"), Series("ms"), Series("ms")
    with process(STREAM, place.package, table.account.variables, latency_ms=LIKE_AWS) as function:
        for number in range(place.rounds(3)):
            name = {"task_name": f"shared_{number}"}
            done = invoked(table, function, "task", [shared | name])
            together.values.append(done.wall * 1000 / jobs)
            cpu.values.append(done.cpu * 1000 / jobs)
            place.step(f"an edit that {jobs:,} DAGs read")
            seconds = Series("ms")
            for task in own[:ALONE]:
                name = {"task_name": f"{task['task_id']}_{number}"}
                done = invoked(table, function, "task", [task | name])
                seconds.values.append(done.wall * 1000)
            alone.values.append(seconds.median)
            place.step(f"{ALONE} edits, one by one")
    whole = jobs == JOBS
    title = f"task shared by {jobs:,} jobs, for each DAG"
    target = "shared-speedup" if whole else ""
    yield Comparison(f"{title}: time", together, "one by one", alone, speedup=True, target=target)
    yield Comparison(f"{title}: CPU", cpu, target="shared-cpu" if whole else "")


def _rows(jobs: int) -> tuple[Warehouse, workload.Item, list[workload.Item]]:
    """The rows; the task that all share, and one of each job's own."""
    shared = workload.job("shared", _TASKS).tasks[3]
    made = [workload.job(f"s{number:05}", _TASKS, shared) for number in range(jobs)]
    own = [job.tasks[6] for job in made]
    tasks = [shared, *(task for job in made for task in job.tasks if task is not shared)]
    return Warehouse(tasks, [job.job for job in made], []), shared, own
