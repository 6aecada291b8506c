"""A plan of one edit, beside a hundred DAGs and beside many: calls, CPU, seconds, memory.

All rows and records are read, whatever is edited; what is compiled depends on the edit alone.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

from bench import workload
from bench.account import Account
from bench.measure import Bound, Comparison, Series
from demo.local_aws import LocalAws

FEW = 100
_ROUNDS = 5


def measure(
    aws: LocalAws, few: Account, many: Account, dags: int, step: Callable[[str], None]
) -> Iterator[Comparison]:
    """The comparisons of an account of FEW DAGs with one of `dags`, both rebuilt."""
    row, tasks = workload.job("planned", 20)
    file = aws.folder / "planned.json"
    file.write_text(json.dumps(tasks[7] | {"task_name": "renamed"}), encoding="utf-8")
    for account in (few, many):
        account.put("task", tasks)
        account.put("job", [row])
    name = f"mwaa_task/{tasks[7]['task_id']}"
    units = {"cpu": "s", "wall": "s", "calls": "calls", "memory": "MiB"}
    sides = [{key: Series(unit) for key, unit in units.items()} for _ in (few, many)]
    for _ in range(_ROUNDS):
        for account, series in zip((few, many), sides, strict=True):
            found = _planned(account, name, str(file))
            for key, values in series.items():
                values.values.append(found[key])
        step("plans of one edit")
    title = f"plan of one edit beside {dags:,} DAGs"
    words = {"cpu": "CPU", "wall": "time", "calls": "AWS calls", "memory": "peak memory"}
    for key, what in words.items():
        bound = Bound(512) if key == "memory" and dags > 1_000 else None
        other = None if bound else sides[0][key]
        yield Comparison(
            f"{title}: {what}", sides[1][key], "" if bound else f"beside {FEW}", other, bound=bound
        )


def _planned(account: Account, row: str, file: str) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603  the command is ours
        [sys.executable, "-m", "bench.plan_child", row, file],
        env={**os.environ, **account.variables},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found
