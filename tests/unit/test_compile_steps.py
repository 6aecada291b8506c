"""What a compile does for each task of a job. Calls of functions are counted, and no time: so a
shape that few jobs have cannot become slow for all of them unseen.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench import ours, workload

CALLS_OF_A_TASK = 295
"""Those of Python's functions, with Python 3.11, for which a comprehension is one as well."""


@contextmanager
def _counted(calls: list[str]) -> Iterator[None]:
    sys.setprofile(lambda _, event, __: calls.append(event) if event == "call" else None)
    try:
        yield
    finally:
        sys.setprofile(None)


def _calls(size: int) -> int:
    toolchain = ours.toolchain()
    for token in ("first", "other"):  # of which the first makes the skeletons
        calls: list[str] = []
        job = workload.job(f"{token}{size}", size)
        with _counted(calls):
            assert list(ours.compile_jobs(job.tasks, [job.job], toolchain))
    return len(calls)


def test_a_task_without_further_shapes_takes_few_calls() -> None:
    few, many = _calls(20), _calls(40)
    assert many - few < 20 * CALLS_OF_A_TASK
