"""Everything at once, for a rebuild: which DAGs are not as they should be. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from dagc.compiler import JOB, DagRow, RowKey, Snapshot, key_text
from dagc.plan.inputs import inputs_of, job_input
from dagc.plan.job_files import unpublished
from dagc.plan.object_keys import dag_id_of_object, object_key
from dagc.plan.record import Record, first_keys
from dagc.plan.request import Dependency, JobRows, Request
from dagc.plan.up_to_date import dag_fingerprint, is_up_to_date


class World(NamedTuple):
    """All edges and records by DAG id, all rows of job ids by input, the ETags of all objects under
    the prefix by key, all rows, which were read last, and those that claim each DAG id.
    """

    edges: Mapping[str, Mapping[str, Dependency]]
    job_rows: Mapping[str, JobRows]
    records: Mapping[str, Record]
    files: Mapping[str, str]
    rows: Snapshot
    claims: Mapping[str, tuple[DagRow, ...]]


class Removals(NamedTuple):
    """Of the compiler's `files`, those of these DAGs would be removed."""

    dag_ids: tuple[str, ...]
    files: int

    def exceed(self, percent: int) -> bool:
        """Whether more than `percent` of the files would go."""
        return len(self.dag_ids) * 100 > self.files * percent


def stale(world: World, toolchain: str, prefix: str) -> Iterator[Request]:
    """The DAGs whose record does not tell the truth, or whose edges are not as it says.

    `toolchain` is the fingerprint of the toolchain.
    """
    job_files = unpublished(world.claims.keys(), world.records)
    for dag_id in sorted(world.claims.keys() | world.records.keys() | world.edges.keys()):
        rows = world.claims.get(dag_id, ())
        needed = inputs_of(rows)
        edges = world.edges.get(dag_id, {})
        sources = first_keys(key_text(row.row) for row in rows)
        request = Request(
            dag_id,
            sources=sources,
            complete=len(sources) == len(rows),
            absent=needed - edges.keys(),
            stray=tuple(edges[name] for name in sorted(edges.keys() - needed)),
        )
        record = world.records.get(dag_id, Record(dag_id))
        current = (
            is_up_to_date(
                record,
                dag_fingerprint(toolchain, rows, world.rows, world.rows, job_files),
                world.files.get(object_key(dag_id, prefix), ""),
                settled=record.revision,
            )
            and record.sources == sources
            and not record.cut
            and record.inputs.keys() == needed
        )
        if not current or request.absent or request.stray:
            yield request


def unknown_files(world: World, prefix: str) -> list[str]:
    """The DAG ids of files that nothing else knows: the compiler's, or somebody else's."""
    known = world.claims.keys() | world.records.keys() | world.edges.keys()
    return sorted(_with_files(world, prefix) - known)


def removals(world: World, requests: Iterable[Request], prefix: str) -> Removals:
    """What `requests` would remove: files that the compiler has and no enabled row claims."""
    enabled = {dag_id for dag_id, rows in world.claims.items() if any(row.enabled for row in rows)}
    asked = [request.dag_id for request in requests]
    published = {name for name, record in world.records.items() if record.etag}
    ours = _with_files(world, prefix) & (published | (set(asked) - world.records.keys()))
    return Removals(tuple(id_ for id_ in asked if id_ in ours and id_ not in enabled), len(ours))


def new_job_rows(world: World) -> dict[str, list[RowKey]]:
    """Job rows that are not noted under their job id's input."""
    found: dict[str, list[RowKey]] = {}
    for row in sorted(world.rows.items):
        if row.table == JOB:
            name = job_input(row.value("job_id"))
            noted = world.job_rows.get(name)
            if noted is None or row not in noted.rows:
                found.setdefault(name, []).append(row)
    return found


def gone_job_rows(world: World) -> Iterator[tuple[JobRows, frozenset[RowKey]]]:
    """Job rows that are noted, and gone."""
    for noted in world.job_rows.values():
        gone = noted.rows - world.rows.items.keys()
        if gone:
            yield noted, gone


def _with_files(world: World, prefix: str) -> set[str]:
    """The DAG ids at whose key an object is, whoever's it may be."""
    return {dag_id for key in world.files if (dag_id := dag_id_of_object(key, prefix))}
