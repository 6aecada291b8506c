"""Reads what some DAGs are made of, and has the edges stand that tell of later changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dagc.apply.deployment import Deployment, chunks
from dagc.aws.batches import READ_SIZE, WRITE_SIZE
from dagc.compiler.diagnostics import RowKey
from dagc.compiler.rows.job_row import JobRow
from dagc.plan.dag_ids import Source, inputs_of, is_storable, job_input, row_of, source_table
from dagc.plan.decision import Decision, Observed
from dagc.plan.desired_state import Dag, failed
from dagc.plan.record import Record
from dagc.plan.request import Edge, Request
from dagc.plan.snapshot import Snapshot, task_key


@dataclass(slots=True)
class Compile:
    """One DAG id on its way through the steps. `answer` is known before it is compiled where its
    rows cannot be read, or are too many.
    """

    request: Request
    begun: Record
    observed: Observed | None
    rows: tuple[Source, ...] = ()
    needed: frozenset[str] = frozenset()
    answer: Dag | None = None
    decision: Decision | None = None

    @property
    def dag_id(self) -> str:
        """The DAG id in question."""
        return self.request.dag_id

    @property
    def known(self) -> dict[str, int]:
        """The edges that certainly stand, by input."""
        inputs = self.begun.inputs
        return {name: inputs[name] for name in inputs.keys() - self.request.absent}


def read_claims(compiles: Sequence[Compile], deployment: Deployment) -> Snapshot:
    """Step 2: the rows that may claim the ids, and which of them do."""
    candidates = {each.dag_id: _candidates(each.begun) for each in compiles}
    claims = _read({row for rows in candidates.values() for row in rows}, deployment)
    for each in compiles:
        try:
            each.rows = claims.claimants(each.dag_id, candidates[each.dag_id])
            each.needed = inputs_of(each.rows)
        except Exception as bug:  # noqa: BLE001  told with the DAG: a bug blocks no other
            each.answer = failed(bug, min(candidates[each.dag_id]))
            each.needed = frozenset(each.begun.inputs)
    return claims


def put_edges(compiles: Iterable[Compile], deployment: Deployment) -> None:
    """Step 3: an edge from every input that is needed, unless it certainly stands."""
    edges = [
        Edge(name, each.dag_id, each.begun.revision)
        for each in compiles
        for name in sorted(each.needed - each.known.keys())
    ]
    deployment.in_parallel(deployment.dependencies.put, chunks(edges, WRITE_SIZE))


def read_members(compiles: Sequence[Compile], deployment: Deployment) -> Snapshot:
    """The reads of step 4. Rows that step 2 has read are read again: they may have changed since,
    before the edge that would have told of it stood.
    """
    enabled = [row for each in compiles for row in each.rows if row.enabled]
    tasks = {task_key(id_) for row in enabled if isinstance(row, JobRow) for id_ in row.tasks}
    jobs = {id_ for row in enabled if not isinstance(row, JobRow) for id_ in row.jobs}
    return _read(tasks | _job_rows(jobs, deployment), deployment)


def _candidates(record: Record) -> frozenset[RowKey]:
    table = source_table(record.dag_id)
    return frozenset(row_of(table, text) for text in record.sources)


def _read(rows: Iterable[RowKey], deployment: Deployment) -> Snapshot:
    batches = chunks(sorted(rows), READ_SIZE)
    found = deployment.in_parallel(deployment.tables.get, batches)
    items = {key: item for batch in found for key, item in batch.items()}
    return Snapshot(items, deployment.toolchain.types)


def _job_rows(job_ids: Iterable[str], deployment: Deployment) -> set[RowKey]:
    """The rows that have, or had, these job ids."""
    inputs = [job_input(job_id) for job_id in sorted(filter(is_storable, job_ids))]
    found = deployment.in_parallel(deployment.dependencies.job_rows, chunks(inputs, READ_SIZE))
    return {row for batch in found for each in batch for row in each.rows}
