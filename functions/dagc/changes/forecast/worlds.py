"""The world in which rows are to change: what was read of a live stack, or rows alone. Pure."""

from collections.abc import Iterable, Mapping

from dagc.changes.forecast.forecast import World
from dagc.compiler import Snapshot, shared_jobs
from dagc.plan.file_change import Observed
from dagc.plan.inputs import inputs_of, is_storable, job_input
from dagc.plan.inventory import Inventory
from dagc.plan.record import Record, sources_of

_ASSUMED = "assumed"


def live_world(
    inventory: Inventory, rows: Snapshot, observed: Mapping[str, Observed], prefix: str
) -> World:
    """What was read of a live stack, with its `rows`. `observed` are the objects of which the
    listing does not tell whose they are (`unclear_files`).
    """
    files: dict[str, Observed] = {}
    for dag_id, etag in inventory.files.items():
        record = inventory.records.get(dag_id)
        if record is not None and record.etag == etag:
            files[dag_id] = Observed(etag, record.sha256 or _ASSUMED, record.version)
        elif dag_id in observed:
            files[dag_id] = observed[dag_id]
    readers = {dag_id: inputs.keys() for dag_id, inputs in inventory.dependencies.items()}
    return World(rows, inventory.records, files, _by_input(readers), prefix)


def unclear_files(inventory: Inventory) -> list[str]:
    """The DAG ids of objects that are not those of the records: the compiler's, or others'."""
    return sorted(
        dag_id
        for dag_id, etag in inventory.files.items()
        if dag_id not in inventory.records or inventory.records[dag_id].etag != etag
    )


def assumed_world(rows: Snapshot) -> World:
    """Rows without a stack. Each enabled DAG is taken to have a file, so that of one in error a
    last good file stands, as `dagc compile` takes it.
    """
    claims = rows.claims()
    shared = {job_input(job_id) for job_id in shared_jobs(claims) if is_storable(job_id)}
    records: dict[str, Record] = {}
    for dag_id, claimants in claims.items():
        inputs = inputs_of(claimants)
        is_enabled = any(row.enabled for row in claimants)
        records[dag_id] = Record(
            dag_id,
            sources=sources_of(claimants),
            inputs=dict.fromkeys(inputs, 0),
            shared_jobs=inputs & shared,
            etag=_ASSUMED if is_enabled else "",
            file=f"{dag_id}.py" if is_enabled else "",
        )
    files = {id_: Observed(_ASSUMED, _ASSUMED) for id_, it in records.items() if it.etag}
    readers = {dag_id: record.inputs.keys() for dag_id, record in records.items()}
    return World(rows, records, files, _by_input(readers), "")


def _by_input(inputs: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """The DAGs that read each input, given the inputs of each DAG."""
    readers: dict[str, set[str]] = {}
    for dag_id, names in inputs.items():
        for name in names:
            readers.setdefault(name, set()).add(dag_id)
    return {name: frozenset(dag_ids) for name, dag_ids in readers.items()}
