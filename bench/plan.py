"""A plan of one edit, beside a hundred DAGs and beside a thousand: calls, CPU, seconds, memory.

All rows and records are read, whatever is edited; what is compiled depends on the edit alone.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from bench import workload
from bench.account import Account
from bench.measure import Comparison, Series
from bench.place import Place
from bench.tables import warehouse

_FEW, _MANY = 100, 1_000
_ROUNDS = 5


def measure(place: Place) -> Iterator[Comparison]:
    """The comparisons of few DAGs with many."""
    row, tasks = workload.job("planned", 20)
    file = place.aws.folder / "planned.json"
    file.write_text(json.dumps(tasks[7] | {"task_name": "renamed"}), encoding="utf-8")
    accounts = [warehouse(place, dags).account for dags in (_FEW, _MANY)]
    for account in accounts:
        account.put("task", tasks)
        account.put("job", [row])
    name = f"mwaa_task/{tasks[7]['task_id']}"
    units = {"cpu": "s", "wall": "s", "calls": "calls", "memory": "MiB"}
    sides = [{key: Series(unit) for key, unit in units.items()} for _ in accounts]
    for _ in range(place.rounds(_ROUNDS)):
        for account, series in zip(accounts, sides, strict=True):
            found = _planned(account, name, str(file))
            for key, values in series.items():
                values.values.append(found[key])
        place.step("plans of one edit")
    few, many = sides
    words = {"cpu": "CPU", "wall": "time", "calls": "AWS calls", "memory": "peak memory"}
    for key, what in words.items():
        title = f"plan of one edit beside {_MANY:,} DAGs: {what}"
        yield Comparison(title, many[key], f"beside {_FEW}", few[key])


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
