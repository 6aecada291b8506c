"""One DAG in a warm process: imports and templates are loaded, the rows have never been seen."""

import gc
import time
from collections.abc import Callable, Iterator

from bench import floor, naive, ours, workload
from bench.fairness import check_texts
from bench.measure import Comparison, Series
from bench.place import Place
from bench.workload import Job

ROUNDS = {5: 61, 20: 61, 100: 15, 500: 5}
"""By the number of tasks."""

_WARM_UP = 3

Compile = Callable[[Job], str]


def measure(place: Place) -> Iterator[Comparison]:
    """The comparisons of each size."""
    compilers = _compilers()
    fresh = workload.tokens("w")
    for size, rounds in ROUNDS.items():
        targets = ("compile-floor", "compile-black") if size == 20 else ("", "")
        job = workload.job(next(fresh), size)
        check_texts(*(compiler(job) for compiler in compilers.values()))
        for _ in range(_WARM_UP if size < 100 else 0):
            for compiler in compilers.values():
                compiler(workload.job(next(fresh), size))
        series = {name: Series("ms") for name in compilers}
        for _ in range(place.rounds(rounds)):
            for name, compiler in compilers.items():
                job = workload.job(next(fresh), size)
                series[name].values.append(_milliseconds(compiler, job))
            place.step(f"one DAG of {size} tasks")
        mine, lowest, usual = series.values()
        title = f"warm compile, {size} tasks"
        yield Comparison(title, mine, "f-strings + compile()", lowest, target=targets[0])
        yield Comparison(title, mine, "Jinja + black", usual, speedup=True, target=targets[1])


def _compilers() -> dict[str, Compile]:
    toolchain = ours.toolchain()
    return {
        "ours": lambda job: next(ours.compile_jobs(job.tasks, [job.job], toolchain)),
        "floor": lambda job: next(floor.compile_jobs(job.tasks, [job.job])),
        "naive": lambda job: next(naive.compile_jobs(job.tasks, [job.job])),
    }


def _milliseconds(compiler: Compile, job: Job) -> float:
    """The CPU time of one compile, from a heap without garbage; the collector is on, as always."""
    gc.collect()
    start = time.process_time()
    compiler(job)
    return (time.process_time() - start) * 1000
