"""Whole tables of rows on the local AWS, each filled once in a run."""

from bench import workload
from bench.account import Account, Table
from bench.invocation import REBUILD, process
from bench.place import Place
from bench.workload import Warehouse


def filled(place: Place, name: str, rows: Warehouse) -> Table:
    """A new account with these rows."""
    account = Account(place.aws, name)
    account.put("task", rows.tasks)
    account.put("job", rows.jobs)
    account.put("scheduler", rows.schedulers)
    place.step(f"{name}: rows are put")
    return Table(account, rows)


def rebuilt(place: Place, name: str, rows: Warehouse) -> Table:
    """A new account with these rows, all of whose files are there."""
    table = filled(place, name, rows)
    with process(REBUILD, place.package, table.account.variables) as function:
        function.invoke({})
    place.step(f"{name}: rebuilt")
    return table


def warehouse(place: Place, dags: int) -> Table:
    """An account with so many DAGs, all of whose files are there."""
    if dags not in place.tables:
        place.tables[dags] = rebuilt(place, f"beside-{dags}", workload.warehouse(dags))
    return place.tables[dags]
