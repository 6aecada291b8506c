"""What is not as the records of the DAGs say, before anything is written. Pure."""

from collections.abc import Iterable, Iterator, Mapping

from dagc.changes.plan import Drift
from dagc.plan.file_change import Observed, is_ours
from dagc.plan.inventory import Inventory, stale
from dagc.plan.record import Record, State


def drift(inventory: Inventory, observed: Mapping[str, Observed]) -> tuple[Drift, ...]:
    """The files that somebody changed, removed or put there, in the order of their DAG ids.

    `observed` are the objects of which the listing does not tell whose they are.
    """
    dag_ids = sorted(inventory.records.keys() | inventory.files.keys())
    return tuple(
        Drift(dag_id, what) for dag_id in dag_ids for what in _of(dag_id, inventory, observed)
    )


def waiting(inventory: Inventory, drifted: Iterable[Drift]) -> tuple[str, ...]:
    """The DAG ids of those that are not made of their rows as these are now: the edit is on its
    way, or in the dead-letter queue, or a rebuild is due. Nothing, where it is not known with which
    toolchain the functions compile. Not to be asked where that is of another compiler
    (`is_of_this_compiler`), which may say otherwise what a DAG is made of.
    """
    if not inventory.toolchain:
        return ()
    known = {it.dag_id for it in drifted}
    return tuple(
        request.dag_id
        for request in stale(inventory, inventory.toolchain)
        if request.dag_id not in known
    )


def _of(dag_id: str, inventory: Inventory, observed: Mapping[str, Observed]) -> Iterator[str]:
    record = inventory.records.get(dag_id, Record(dag_id))
    if record.settled != record.revision:  # it is being compiled
        return
    etag = inventory.files.get(dag_id, "")
    if record.etag and not etag:
        yield "its file is gone; the next rebuild writes it again"
    elif etag and etag != record.etag:
        ours = is_ours(observed.get(dag_id), record)
        if record.etag:
            yield (
                "its file was changed by hand; the next compile writes over it"
                if ours
                else "another object is in the place of its file, and stays"
            )
        elif record.state in (State.BLOCKED, State.DISABLED) or not ours:
            yield "an object that the compiler did not write is in its place, and stays"
        else:
            yield "a file without a row; the next rebuild removes it"
