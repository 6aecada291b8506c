"""Finds the DAGs that are not as they should be, in everything that a rebuild has read. Pure."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from dagc.compiler import OtherDags, RowKey, fingerprint, is_named, key_text
from dagc.plan.inputs import is_storable, job_input
from dagc.plan.record import Record, sources_of, unpublished
from dagc.plan.request import Dependency, JobRows, Request
from dagc.plan.row_index import Claim, RowIndex
from dagc.plan.up_to_date import is_up_to_date


class Inventory(NamedTuple):
    """By DAG id: the `dependencies` (of each input the revision that stored it), the `records`, and
    the `files` (the ETag of the object at that place, whoever's it is). By the input of a job id:
    the `job_rows`. All `rows`, which were read last. `toolchain` is the fingerprint of the one with
    which the functions compile, as a rebuild has stored it; "" before.
    """

    dependencies: Mapping[str, Mapping[str, int]]
    job_rows: Mapping[str, JobRows]
    records: Mapping[str, Record]
    files: Mapping[str, str]
    rows: RowIndex
    toolchain: str = ""

    @property
    def claims(self) -> Mapping[str, tuple[Claim, ...]]:
        """The rows that claim each DAG id."""
        return self.rows.claims

    @property
    def known(self) -> set[str]:
        """The DAG ids of which something else than a file is known."""
        return {*self.claims, *self.records, *self.dependencies}


def stale(inventory: Inventory, toolchain: str) -> Iterator[Request]:
    """Requests for the DAGs whose record is not true any more, or whose dependencies are not those
    that it says. `toolchain` is the fingerprint of the toolchain.
    """
    shared = inventory.rows.shared_jobs()
    named = OtherDags(unpublished(inventory.records.values()), shared)
    unnamed = named._replace(shared=())
    shared_inputs = frozenset(map(job_input, filter(is_storable, shared)))
    for dag_id in sorted(inventory.known):
        record = inventory.records.get(dag_id, Record(dag_id))
        is_dag = is_named(dag_id)
        is_current = _is_current(record, inventory, toolchain, named if is_dag else unnamed)
        # Not `inputs.keys() & shared_inputs`: it walks through all shared ones for each DAG.
        shares = shared_inputs.intersection(record.inputs) if is_dag else frozenset()
        stored = inventory.dependencies.get(dag_id, {})
        if not is_current or record.shared_jobs != shares or stored.keys() != record.inputs.keys():
            yield _request(record, stored, inventory)


def _is_current(record: Record, inventory: Inventory, toolchain: str, others: OtherDags) -> bool:
    """Whether the record is that of the rows as they are. If it is, it lists what they name: so
    they need not be read for that.
    """
    dag_id = record.dag_id
    rows = inventory.claims.get(dag_id, ())
    made_of = fingerprint(
        toolchain,
        (row.digest for row in rows),
        inventory.rows.members(record.inputs),
        inventory.rows.started(dag_id),
        others,
    )
    etag = inventory.files.get(dag_id, "")
    is_true = is_up_to_date(record, made_of, etag, settled=record.revision)
    return is_true and record.sources == sources_of(rows)


def _request(record: Record, stored: Mapping[str, int], inventory: Inventory) -> Request:
    """The request to compile the DAG of `record`, whose dependencies are `stored`."""
    dag_id, inputs = record.dag_id, record.inputs
    return Request(
        dag_id,
        sources=frozenset(key_text(row.row) for row in inventory.claims.get(dag_id, ())),
        sharing_changed=True,
        exhaustive=True,
        absent=frozenset(inputs.keys() - stored.keys()),
        stray=tuple(
            Dependency(name, dag_id, stored[name])
            for name in sorted(stored)
            if inputs.get(name) != stored[name]
        ),
        looks=record.etag != inventory.files.get(dag_id, ""),
    )


def unknown_files(inventory: Inventory) -> list[str]:
    """The DAG ids of files that nothing else knows: the compiler's, or somebody else's."""
    return sorted(inventory.files.keys() - inventory.known)


def new_job_rows(inventory: Inventory) -> dict[str, list[RowKey]]:
    """Job rows that are not stored under the input of their job id, by that input: but for those
    of which is known there that more have it than are stored.
    """
    found: dict[str, list[RowKey]] = {}
    for name, jobs in inventory.rows.jobs.items():
        stored = inventory.job_rows.get(name)
        if stored is None or not stored.is_cut:
            known: Collection[RowKey] = stored.rows if stored else ()
            if new := [job.row for job in jobs if job.row not in known]:
                found[name] = new
    return found


def gone_job_rows(inventory: Inventory) -> Iterator[tuple[JobRows, frozenset[RowKey]]]:
    """What is stored under the input of a job id, though some of it is gone; and what is left."""
    for stored in inventory.job_rows.values():
        living = {job.row for job in inventory.rows.jobs.get(stored.input, ())}
        left = stored.rows & living
        if left != stored.rows:
            yield stored, left
