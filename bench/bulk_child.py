"""A process that compiles many jobs: `python -m bench.bulk_child ours|floor|naive JOBS`.

Prints its CPU seconds from its start, those that making the rows took left out; its peak memory in
MiB, the rows included; and a digest of the texts, none of which it keeps.
"""

import hashlib
import json
import sys
import time
from collections.abc import Iterator

from bench import workload
from bench.peak_memory import peak_memory
from bench.workload import Item

TASKS = 8


def main(side: str, jobs: int) -> None:
    """Compiles as `side` does, and prints what it took."""
    start = time.process_time()
    job_items, task_items = workload.table(jobs, TASKS)
    generation = time.process_time() - start
    digest, size = hashlib.sha256(), 0
    for text in _texts(side, task_items, job_items):
        content = text.encode()
        digest.update(content)
        size += len(content)
    result = {
        "cpu": time.process_time() - generation,
        "memory": peak_memory(),
        "digest": digest.hexdigest(),
        "size": size,
    }
    sys.stdout.write(json.dumps(result))


def _texts(side: str, tasks: list[Item], jobs: list[Item]) -> Iterator[str]:
    """Imports only what `side` needs: the process is as cold and as small as it would be alone."""
    if side == "ours":
        from bench import ours

        return ours.compile_jobs(tasks, jobs, ours.toolchain())
    if side == "floor":
        from bench import floor

        return floor.compile_jobs(tasks, jobs)
    from bench import naive

    return naive.compile_jobs(tasks, jobs)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
