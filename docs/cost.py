"""Computes docs/cost.md from counted calls and docs/prices.yaml: `python -m docs.cost` (make docs).

The real handlers run on the emulated account of the tests, and each call counts as AWS would bill
it. Only durations are not counted here: they are those of docs/performance.json, `make bench`'s.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from docs.billed_usage import Usage, measured
from tests.convergence.functions import Functions
from tests.emulator.aws import EDITED, Aws

FOLDER = Path(__file__).parent
PAGE = FOLDER / "cost.md"
PRICES: Mapping[str, Any] = yaml.safe_load((FOLDER / "prices.yaml").read_text("utf-8"))
JOBS, TASKS, JOBS_OF_A_SCHEDULER = 100, 5, 10
MEASURED: Mapping[str, Any] = json.loads((FOLDER / "performance.json").read_text("utf-8"))["more"]
SIZES = (1_000, 10_000)
"""The numbers of DAGs that a month is computed for."""
REBUILDS_A_MONTH = 730
LOOKS_A_MONTH = 12 * 730
"""Invocations for second looks (`SecondLooksRule`); each is taken to last as long as an edit."""
GIGABYTES = 1769 / 1024
"""The memory of the functions, by default."""
TEMPLATE = FOLDER.parent / "template.yaml"
EDITS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "the SQL of a task": ("mwaa_task", {"task_params": {"sql": "SELECT 2", "conn_id": "dwh"}}),
    "a setting of a job": ("mwaa_job", {"job_params": {"retries": 4}}),
    "a scheduler's cron": (
        "mwaa_scheduler",
        {"schedule_params": {"schedule_interval": "5 4 * * *"}},
    ),
    "what no file shows": ("mwaa_task", {"comment": "the team's own"}),
}
"""What is edited in the first row of a table."""


class Durations(NamedTuple):
    """Seconds: of a warm edit with one vCPU, and of a rebuild that changes nothing, by its DAGs."""

    edit: float
    rebuilds: Mapping[int, float]


def durations(more: Mapping[str, Any]) -> Durations:
    """Those of a run of `bench`; what it left out is taken from the run of docs/performance.md."""
    rebuilds = MEASURED.get("rebuilds", {}) | more.get("rebuilds", {})
    edit = more.get("edit") or MEASURED["edit"]
    unchanged = {dags: rebuilds[str(dags)]["nothing changed"]["seconds"] for dags in SIZES}
    return Durations(edit["seconds"], unchanged)


class Counted(NamedTuple):
    """One edit of each kind, a rebuild of so many DAGs that changes nothing, a look at none."""

    edits: Mapping[str, Usage]
    rebuild: Usage
    rebuilt: int
    look: Usage


def count() -> Counted:
    """Runs the handlers, and counts."""
    aws = Aws()
    rows = _rows()
    for table, of_table in rows.items():
        for row in of_table:
            aws.put(table, row)
    # A function sends its metrics by printing them.
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()):
        functions = Functions(aws, patch, log_level="INFO")
        functions.rebuild()
        edits = {name: _edit(aws, functions, rows, *edit) for name, edit in EDITS.items()}
        rebuild = measured(aws, functions, functions.rebuild)
        look = measured(aws, functions, lambda: functions.stream({"take": "second looks"}))
    return Counted(edits, rebuild, len(aws.rows("mwaa_dag")), look)


def _edit(
    aws: Aws,
    functions: Functions,
    rows: Mapping[str, list[dict[str, Any]]],
    table: str,
    change: Mapping[str, Any],
) -> Usage:
    before = len(aws.stream(table))
    row = rows[table][0]
    row |= change
    aws.put(table, row)
    records = aws.stream(table)[before:]
    return measured(aws, functions, lambda: functions.stream({"Records": records}))


def _rows() -> dict[str, list[dict[str, Any]]]:
    """Tables of jobs of five tasks, with rows of about 0.7 kB."""
    sql = {"sql": f"SELECT {'x' * 500}", "conn_id": "dwh"}
    tasks = [
        {"task_id": f"{n}", "task_name": f"task_{n}", "task_type": "SQL", "task_params": sql}
        for n in range(JOBS * TASKS)
    ]
    jobs = [
        {
            "job_type": "mart",
            "job_id": f"{n}",
            "job_name": f"job_{n}",
            "task_list": [f"{TASKS * n + task}" for task in range(TASKS)],
        }
        for n in range(JOBS)
    ]
    schedulers = [
        {
            "schedule_id": f"{n}",
            "schedule_name": f"schedule_{n}",
            "job_list": [f"{n + job}" for job in range(JOBS_OF_A_SCHEDULER)],
            "schedule_params": {"schedule_interval": "@daily"},
        }
        for n in range(0, JOBS, JOBS_OF_A_SCHEDULER)
    ]
    return dict(zip(EDITED, (tasks, jobs, schedulers), strict=True))


def dollars(counted: Counted, taken: Durations) -> tuple[float, float]:
    """A million edits of a task's SQL; a month without edits, of the smallest size."""
    edits = _million(counted.edits["the SQL of a task"], taken)
    return edits, sum(column[0] for column in _month(counted, taken).values())


def page(counted: Counted, taken: Durations) -> str:
    """The page, as Markdown."""
    edit_metrics = len(set().union(*(usage.metrics for usage in counted.edits.values())))
    return (
        (FOLDER / "cost.intro.md")
        .read_text("utf-8")
        .format(
            jobs=JOBS,
            tasks=TASKS,
            region=PRICES["region"],
            date=PRICES["date"],
            edits=_edits_table(counted, taken),
            month=_month_table(counted, taken),
            sizes=" and ".join(f"{dags:,}" for dags in SIZES),
            metric=f"{PRICES['per_month']['metric']:.2f}",
            edit_metrics=f"{edit_metrics * PRICES['per_month']['metric']:.2f}",
            edit_ms=round(taken.edit * 1000),
            rebuild_seconds=" and ".join(f"{taken.rebuilds[dags]:.1f} s" for dags in SIZES),
        )
    )


def _edits_table(counted: Counted, taken: Durations) -> str:
    """A million edits of each kind: what each is made of, in units for one, and dollars."""
    usages = list(counted.edits.values())
    duration = {"gigabyte-seconds": taken.edit * GIGABYTES}
    units = [Counter(usage.units) + Counter(duration) for usage in usages]
    rows = [
        [f"{name}, each", *(_with_price(unit[name], price * unit[name]) for unit in units)]
        for name, price in PRICES["per_million"].items()
        if any(unit[name] for unit in units)
    ]
    logs = [usage.log_bytes * PRICES["per_gigabyte"]["logs"] / 1000 for usage in usages]
    rows.append(
        [
            "bytes of logs",
            *(_with_price(u.log_bytes, cost) for u, cost in zip(usages, logs, strict=True)),
        ]
    )
    rows.append(
        ["**a million of them**", *(f"**{_million(usage, taken):.2f}**" for usage in usages)]
    )
    return _table(["", *counted.edits], rows)


def _month_table(counted: Counted, taken: Durations) -> str:
    """A month without edits, by the number of DAGs."""
    month = _month(counted, taken)
    rows = [[name, *(f"{cost:.2f}" for cost in costs)] for name, costs in month.items()]
    sums = [sum(costs) for costs in zip(*month.values(), strict=True)]
    rows.append(["**a month**", *(f"**{cost:.2f}**" for cost in sums)])
    return _table(["", *(f"{dags:,} DAGs" for dags in SIZES)], rows)


def _month(counted: Counted, taken: Durations) -> Mapping[str, list[float]]:
    """What a month without edits is made of, for each size."""
    resources, prices = _resources(), PRICES["per_month"]
    alike = {
        f"{resources['Alarm']} alarms": resources["Alarm"] * prices["alarm"],
        f"{len(counted.rebuild.metrics)} metrics": len(counted.rebuild.metrics) * prices["metric"],
        f"{resources['Key']} key, for the alarms' topic": resources["Key"] * prices["key"],
        f"{resources['Dashboard']} dashboard (an account has three free)": 0,
    }
    rebuilds = [_month_of_rebuilds(counted, taken, dags) for dags in SIZES]
    looks = LOOKS_A_MONTH * _million(counted.look, taken) / 1_000_000
    return {
        **{name: [cost] * len(SIZES) for name, cost in alike.items()},
        f"{REBUILDS_A_MONTH} rebuilds": rebuilds,
        f"{LOOKS_A_MONTH:,} second looks": [looks] * len(SIZES),
    }


def _month_of_rebuilds(counted: Counted, taken: Durations, dags: int) -> float:
    million = PRICES["per_million"]
    reads = counted.rebuild.units["read units"] * dags / counted.rebuilt * million["read units"]
    duration = taken.rebuilds[dags] * GIGABYTES * million["gigabyte-seconds"]
    return float(REBUILDS_A_MONTH * (reads + duration) / 1_000_000)


def _million(usage: Usage, taken: Durations) -> float:
    """What a million invocations cost that last as long as an edit."""
    duration = taken.edit * GIGABYTES * PRICES["per_million"]["gigabyte-seconds"]
    units = sum(PRICES["per_million"][name] * number for name, number in usage.units.items())
    logs = usage.log_bytes * PRICES["per_gigabyte"]["logs"] / 1000
    return float(units + duration + logs)


def _resources() -> Counter[str]:
    """How many alarms, dashboards and keys a stack has by default, by the end of their type."""
    resources = TEMPLATE.read_text("utf-8").split("\nResources:\n")[1]
    of_each = re.split(r"^  (?=\w+:$)", resources, flags=re.MULTILINE)
    default = [one for one in of_each if "Condition: HasCanary" not in one]
    types = [
        re.search(r"^    Type: AWS::(?:CloudWatch|KMS)::(\w+)$", one, re.MULTILINE)
        for one in default
    ]
    return Counter(found[1] for found in types if found)


def _with_price(number: float, cost: float) -> str:
    if not number:
        return ""
    return f"{number:,} → {cost:.2f}" if isinstance(number, int) else f"{number:.2f} → {cost:.2f}"


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(page(count(), durations(MEASURED)), "utf-8")
