"""Finds the DAGs that are not as they should be, in everything that a rebuild has read. Pure."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dagc.compiler import (
    JOB,
    DagRow,
    OtherDags,
    RowKey,
    Snapshot,
    is_named,
    key_text,
    shared_jobs,
)
from dagc.plan.inputs import inputs_of, is_storable, job_input
from dagc.plan.record import Record, sources_of, unpublished
from dagc.plan.request import Dependency, JobRows, Request
from dagc.plan.up_to_date import dag_fingerprint, is_up_to_date


class Inventory(NamedTuple):
    """By DAG id: the `dependencies` (each by its input), the `records`, the `files` (the ETag of
    the object at that place, whoever's it is), and the `claims` (the rows that claim the id). By
    the input of a job id: the `job_rows`. All `rows`, which were read last. `toolchain` is the
    fingerprint of the one with which the functions compile, as a rebuild has stored it; "" before.
    """

    dependencies: Mapping[str, Mapping[str, Dependency]]
    job_rows: Mapping[str, JobRows]
    records: Mapping[str, Record]
    files: Mapping[str, str]
    rows: Snapshot
    claims: Mapping[str, tuple[DagRow, ...]]
    toolchain: str = ""

    @property
    def known(self) -> set[str]:
        """The DAG ids of which something else than a file is known."""
        return {*self.claims, *self.records, *self.dependencies}


def stale(inventory: Inventory, toolchain: str) -> Iterator[Request]:
    """Requests for the DAGs whose record is not true any more, or whose dependencies are not those
    that it says. `toolchain` is the fingerprint of the toolchain.
    """
    shared = shared_jobs(inventory.claims)
    named = OtherDags(unpublished(inventory.records.values()), shared.keys())
    unnamed = named._replace(shared=())
    shared_inputs = frozenset(map(job_input, filter(is_storable, shared)))
    for dag_id in sorted(inventory.known):
        rows = inventory.claims.get(dag_id, ())
        inputs = inputs_of(rows)
        stored = inventory.dependencies.get(dag_id, {})
        record = inventory.records.get(dag_id, Record(dag_id))
        request = Request(
            dag_id,
            sources=frozenset(key_text(row.row) for row in rows),
            sharing_changed=True,
            exhaustive=True,
            absent=inputs - stored.keys(),
            stray=tuple(stored[name] for name in sorted(stored.keys() - inputs)),
            looks=record.etag != inventory.files.get(dag_id, ""),
        )
        others = named if is_named(dag_id) else unnamed
        current = (
            is_up_to_date(
                record,
                dag_fingerprint(toolchain, rows, inventory.rows, inventory.rows, others),
                inventory.files.get(dag_id, ""),
                settled=record.revision,
            )
            and record.sources == sources_of(rows)
            and record.inputs.keys() == inputs
            and record.shared_jobs == (inputs & shared_inputs if is_named(dag_id) else frozenset())
        )
        if not current or request.absent or request.stray:
            yield request


def unknown_files(inventory: Inventory) -> list[str]:
    """The DAG ids of files that nothing else knows: the compiler's, or somebody else's."""
    return sorted(inventory.files.keys() - inventory.known)


def new_job_rows(inventory: Inventory) -> dict[str, list[RowKey]]:
    """Job rows that are not stored under the input of their job id, by that input: but for those
    of which is known there that more have it than are stored.
    """
    found: dict[str, list[RowKey]] = {}
    for row in sorted(inventory.rows.items):
        if row.table == JOB:
            name = job_input(row.value("job_id"))
            stored = inventory.job_rows.get(name)
            if stored is None or not (row in stored.rows or stored.is_cut):
                found.setdefault(name, []).append(row)
    return found


def gone_job_rows(inventory: Inventory) -> Iterator[tuple[JobRows, frozenset[RowKey]]]:
    """What is stored under the input of a job id, though some of it is gone; and what is left."""
    for stored in inventory.job_rows.values():
        # Not `stored.rows & items.keys()`: it could walk all rows for each job id.
        left = frozenset(row for row in stored.rows if row in inventory.rows.items)
        if left != stored.rows:
            yield stored, left
