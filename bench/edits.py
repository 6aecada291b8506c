"""Edits in the real handler, warm: of one row, and of many rows at once.

In a process of its own, on a local AWS whose CPU is not counted.
"""

import json
from collections.abc import Iterator, Mapping

from bench import workload
from bench.account import Table
from bench.invocation import STREAM, Invoked, Process, process
from bench.measure import Comparison, Series
from bench.place import Place
from bench.tables import warehouse
from bench.traced_calls import depth
from bench.workload import Item

ROUNDS = 21
_FEW, _MANY = 50, 1_000
_TASKS = 20
LIKE_AWS: Mapping[str, float] = {"dynamodb": 5, "s3": 25, "eventbridge": 15}
"""Milliseconds that are waited for before each call, by service."""
_ALIKE = dict.fromkeys(LIKE_AWS, 20.0)
"""With one latency for all, calls that lie one after the other do so in every run."""


def measure(place: Place) -> Iterator[Comparison]:
    """The comparisons, and the calls of one edit with latencies like AWS's."""
    small, large = warehouse(place, _FEW), warehouse(place, _MANY)
    with (
        process(STREAM, place.package, small.account.variables) as beside_few,
        process(STREAM, place.package, large.account.variables) as beside_many,
    ):
        few, many = Series("ms"), Series("ms")
        sides = [(few, small, beside_few), (many, large, beside_many)]
        for number in range(-2, place.rounds(ROUNDS)):
            for series, table, function in sides:
                done = _own_task(table, function, number)
                # The first find no edges, and cold connections.
                if number >= 0:
                    series.values.append(done.cpu * 1000)
            place.step("edits of one task")
        yield Comparison("edit of a task of 20: CPU", few, target="edit-cpu")
        title = f"edit beside {_MANY:,} DAGs: CPU"
        yield Comparison(title, many, f"beside {_FEW}", few, target="edit-beside-many")
        yield from _together(place, large, beside_many, many)
    yield from _calls(place, small)


def _calls(place: Place, table: Table) -> Iterator[Comparison]:
    """The calls of one edit: how many, how many in a row, and their bytes."""
    alike = _traced(place, table, _ALIKE)
    like_aws = _traced(place, table, LIKE_AWS)
    place.more["edit"] = {
        "latency_ms": LIKE_AWS,
        "seconds": like_aws.wall,
        "cpu": like_aws.cpu,
        "calls": [call._asdict() for call in like_aws.trace],
    }
    calls = Series("calls", [len(alike.trace)])
    yield Comparison("edit of a task of 20: AWS calls", calls)
    in_a_row = Series("calls", [depth(alike.trace)])
    yield Comparison("edit of a task of 20: calls in a row", in_a_row, target="edit-depth")
    size = Series("kB", [sum(call.sent + call.received for call in alike.trace) / 1000])
    yield Comparison("edit of a task of 20: over the wire", size)
    seconds = Series("ms", [like_aws.wall * 1000])
    yield Comparison("edit of a task of 20, with AWS's latencies: time", seconds)


def _traced(place: Place, table: Table, latency_ms: Mapping[str, float]) -> Invoked:
    """The median of a few edits, by its time."""
    variables = table.account.variables
    number = int(sum(latency_ms.values())) * 1000
    with process(STREAM, place.package, variables, latency_ms=latency_ms, traced=True) as function:
        _own_task(table, function, number)  # with cold connections
        edits = range(number + 1, number + 1 + place.rounds(5))
        done = [_own_task(table, function, each) for each in edits]
    place.step("calls of one edit")
    return sorted(done, key=lambda one: one.wall)[len(done) // 2]


def _own_task(table: Table, function: Process, number: int) -> Invoked:
    """Edits a task of a job of 20, which is put and compiled first where the number is below 0."""
    job, tasks = workload.job("own", _TASKS)
    if number < 0:
        table.account.put("task", tasks)
        return invoked(table, function, "job", [job])
    return invoked(table, function, "task", [tasks[7] | {"task_name": f"own_{number}"}])


def _together(place: Place, table: Table, function: Process, one: Series) -> Iterator[Comparison]:
    """A thousand edits of jobs in one batch: the CPU of each, beside that of one alone."""
    edited, batch = table.rows.jobs[:1000], Series("ms")
    rounds = place.rounds(3)
    for number in range(rounds):
        owner = {"job_params": json.dumps({"owner": f"owner-{number}"})}
        done = invoked(table, function, "job", [job | owner for job in edited])
        batch.values.append(done.cpu * 1000 / len(edited))
        place.step(f"{len(edited)} edits at once")
    title = f"{len(edited):,} edits at once: CPU for each"
    yield Comparison(title, batch, "an edit alone", Series("ms", [one.median] * rounds))


def invoked(table: Table, function: Process, name: str, items: list[Item]) -> Invoked:
    """Puts rows of a table, and invokes the function as its stream would."""
    done = function.invoke(table.account.edit(name, items))
    if done.answer["batchItemFailures"]:
        raise AssertionError(done.answer)
    return done
