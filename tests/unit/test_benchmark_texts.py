"""The three sides of the benchmark do the same work: what the project prints now, they print."""

import pytest

from bench import floor, naive, ours, workload
from bench.fairness import check_texts


@pytest.mark.parametrize("size", [5, 8, 20])
def test_floor_and_naive_print_what_the_project_prints(size: int) -> None:
    job, tasks = workload.job(f"size{size}", size)
    (mine,) = ours.compile_jobs(tasks, [job], ours.toolchain())
    check_texts(mine, *floor.compile_jobs(tasks, [job]), *naive.compile_jobs(tasks, [job]))
