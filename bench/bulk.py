"""The DAGs of 10,000 jobs, each time in a new process."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.measure import Comparison, Series
from bench.package import ROOT, environment
from bench.place import Place

JOBS = 10_000
SAMPLE = 200
"""Jobs that Jinja + black compiles; its time is multiplied. All of them would take minutes."""
ROUNDS = 3


def measure(place: Place) -> Iterator[Comparison]:
    """The comparisons, with the code of the built package."""
    seconds = {side: Series("s") for side in ("ours", "floor", "naive")}
    memory = {side: Series("MiB") for side in ("ours", "floor")}
    for _ in range(place.rounds(ROUNDS)):
        digests = set()
        for side in ("ours", "floor"):
            found = _run(place.package, side, JOBS)
            seconds[side].values.append(found["cpu"])
            memory[side].values.append(found["memory"])
            digests.add(found["digest"])
            place.step(f"{JOBS:,} DAGs, {side}")
        if len(digests) != 1:
            raise AssertionError("the floor prints other texts than the project")
        # The first DAG pays the imports alone: they are not multiplied.
        once, all_ = (_run(place.package, "naive", jobs)["cpu"] for jobs in (1, SAMPLE + 1))
        seconds["naive"].values.append(once + (all_ - once) / SAMPLE * (JOBS - 1))
        place.step(f"{SAMPLE} DAGs, naive")
    title = f"{JOBS:,} DAGs, cold"
    ours = seconds["ours"]
    yield Comparison(title, ours, "f-strings + compile()", seconds["floor"], target="compile-all")
    extrapolated = f"Jinja + black, from {SAMPLE}"
    yield Comparison(title, ours, extrapolated, seconds["naive"], speedup=True)
    yield Comparison(f"{title}: peak memory", memory["ours"], target="compile-memory")


def _run(package: Path, side: str, jobs: int) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603  the command is ours
        [sys.executable, "-S", "-m", "bench.bulk_child", side, str(jobs)],
        cwd=ROOT,
        env=environment(package, ROOT),
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found
