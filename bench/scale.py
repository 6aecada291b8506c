"""A whole table in one invocation, and edits of one row, of one that many read, and of many.

The real handlers, in a process of their own, on a local AWS whose time is not counted.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import plan, workload
from bench.account import Account
from bench.invocation import REBUILD, STREAM, Process, process
from bench.measure import Bound, Comparison, Series
from bench.workload import Item, Warehouse
from demo.local_aws import LocalAws

DAGS = 1_000
_SMALL = 50
_EDITS = 21
_NEW_TEMPLATES = "f" * 64
_FIRST = "the first"


def measure(
    aws: LocalAws, package: Path, dags: int, step: Callable[[str], None]
) -> Iterator[Comparison]:
    """The comparisons, with a table of `dags` DAGs; `step` is told each invocation."""
    rounds = 3 if dags <= DAGS else 1
    kinds = {"first": "", "new templates": _NEW_TEMPLATES, "nothing changed": _NEW_TEMPLATES}
    cpu = {kind: Series("s") for kind in kinds}
    calls = {kind: Series("calls") for kind in kinds}
    memory = {kind: Series("MiB") for kind in kinds}
    for number in range(rounds):
        rows = workload.warehouse(dags)
        account = _filled(Account(aws, f"large-{number}"), rows)
        for kind, toolchain in kinds.items():
            with process(REBUILD, package, account.variables, toolchain=toolchain) as function:
                done = function.invoke({})
                if done.answer["dags"] != dags or done.answer["failed"]:
                    raise AssertionError(done.answer)
                cpu[kind].values.append(done.cpu)
                calls[kind].values.append(sum(done.calls.values()))
                memory[kind].values.append(function.peak_memory())
            step(f"{dags:,} DAGs, {kind}")
    title = f"rebuild of {dags:,} DAGs"
    first = cpu["first"]
    yield Comparison(f"{title}, first: CPU", first)
    for kind in list(kinds)[1:]:
        yield Comparison(f"{title}, {kind}: CPU", cpu[kind], _FIRST, first)
    for kind in kinds:
        yield Comparison(f"{title}, {kind}: AWS calls", calls[kind])
    yield Comparison(f"{title}: peak memory", memory["first"], bound=Bound(512))
    yield from _edits(aws, package, account, rows, step)
    few = _filled(Account(aws, "few"), workload.warehouse(plan.FEW))
    for planned in (few, account):
        with process(REBUILD, package, planned.variables) as function:
            function.invoke({})
    yield from plan.measure(aws, few, account, dags, step)


def _edits(
    aws: LocalAws, package: Path, large: Account, rows: Warehouse, step: Callable[[str], None]
) -> Iterator[Comparison]:
    few = workload.warehouse(_SMALL)
    small = _filled(Account(aws, "small"), few)
    with process(REBUILD, package, small.variables) as function:
        function.invoke({})
    with (
        process(STREAM, package, small.variables) as beside_few,
        process(STREAM, package, large.variables) as beside_many,
    ):
        sides = [(Series("ms"), small, beside_few), (Series("ms"), large, beside_many)]
        for number in range(-1, _EDITS):
            for series, account, function in sides:
                found = _own_task(account, function, number)
                # The first finds no edges, and cold connections.
                if number >= 0:
                    series.values.append(found)
            step("edits of one task")
        one = sides[1][0]
        count = len(rows.jobs) + len(rows.schedulers)
        yield Comparison(
            f"edit of one task of 20 beside {count:,} DAGs: CPU",
            one,
            f"beside {_SMALL}",
            sides[0][0],
            bound=Bound(1.2),
        )
        yield from _many(large, beside_many, rows, one, step)


def _many(
    account: Account,
    function: Process,
    rows: Warehouse,
    one: Series,
    step: Callable[[str], None],
) -> Iterator[Comparison]:
    """The CPU per DAG, beside that of one edit."""
    common = rows.tasks[0]
    readers = sum(common["task_id"] in job["task_list"].split(",") for job in rows.jobs)
    shared, batch = Series("ms"), Series("ms")
    edited = rows.jobs[:1000]
    for number in range(3):
        name = {"task_name": f"common_{number}"}
        shared.values.append(_per_dag(account, function, "task", [common | name], readers))
        step(f"an edit that {readers} DAGs read")
        owner = {"job_params": json.dumps({"owner": f"owner-{number}"})}
        jobs = [job | owner for job in edited]
        batch.values.append(_per_dag(account, function, "job", jobs, len(jobs)))
        step(f"{len(edited)} edits at once")
    alone = Series("ms", [one.median] * 3)
    title = f"edit of one task that {readers} DAGs read: CPU per DAG"
    yield Comparison(title, shared, "an edit alone", alone)
    title = f"{len(edited):,} edits at once: CPU per edit"
    yield Comparison(title, batch, "an edit alone", alone)


def _per_dag(
    account: Account, function: Process, table: str, items: list[Item], dags: int
) -> float:
    done = function.invoke(account.edit(table, items))
    if done.answer["batchItemFailures"]:
        raise AssertionError(done.answer)
    return done.cpu * 1000 / dags


def _own_task(account: Account, function: Process, number: int) -> float:
    """Edits a task of a job of 20; the CPU milliseconds."""
    job, tasks = workload.job("own", 20)
    if number < 0:
        account.put("task", tasks)
        return _per_dag(account, function, "job", [job], 1)
    return _per_dag(account, function, "task", [tasks[7] | {"task_name": f"own_{number}"}], 1)


def _filled(account: Account, rows: Warehouse) -> Account:
    account.put("task", rows.tasks)
    account.put("job", rows.jobs)
    account.put("scheduler", rows.schedulers)
    return account
