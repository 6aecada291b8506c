"""Follows edits: compiles exactly the DAGs that they can have touched. Reads no whole table."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from dagc.apply.compile_dags import compile_dags
from dagc.apply.deployment import Deployment
from dagc.apply.results import Failure, Outcome
from dagc.aws import INFRASTRUCTURE
from dagc.aws.stream_records import read_edit
from dagc.compiler import JOB, RowKey, key_text
from dagc.plan.edit import Edit
from dagc.plan.record import first_keys
from dagc.plan.request import Request


class Followed(NamedTuple):
    """What became of the DAGs, what AWS failed at, and the edits to be delivered again for that."""

    outcomes: tuple[Outcome, ...]
    failures: tuple[Failure, ...]
    unfinished: tuple[Edit, ...]

    @property
    def resume_at(self) -> str | None:
        """The sequence number from which a stream must be delivered again; None if it need not."""
        return min((edit.sequence for edit in self.unfinished), key=int, default=None)


class _Readers(NamedTuple):
    """The DAGs that may read an input, or what kept us from knowing."""

    dag_ids: frozenset[str] = frozenset()
    error: Exception | None = None


def follow_records(records: Iterable[Mapping[str, Any]], deployment: Deployment) -> Followed:
    """Follows the edits that records of the tables' streams tell of, as Lambda delivers them."""
    return follow(
        [read_edit(_table(each["eventSourceARN"], deployment), each) for each in records],
        deployment,
    )


def follow(edits: Sequence[Edit], deployment: Deployment) -> Followed:
    """Compiles what `edits` can have touched, each DAG once.

    That is the DAG of an edited row, by its old and by its new name, and the DAGs that read it.
    """
    readers = _readers_by_input(edits, deployment)
    unknown = [Failure(name, each.error) for name, each in readers.items() if each.error]
    outcomes, failures = compile_dags(_requests(edits, readers), deployment)
    failures = (*unknown, *failures)
    failed = {failure.what for failure in failures}
    unfinished = [
        edit
        for edit in edits
        if not failed.isdisjoint(
            {edit.input, *edit.dag_ids, *readers.get(edit.input, _Readers()).dag_ids}
        )
    ]
    return Followed(outcomes, failures, tuple(unfinished))


def _table(stream: str, deployment: Deployment) -> str:
    """The original name of the table whose stream has this ARN: `…:table/<name>/stream/<time>`."""
    return deployment.tables.original(stream.split("/")[1])


def _readers_by_input(edits: Iterable[Edit], deployment: Deployment) -> dict[str, _Readers]:
    new_job_rows: dict[str, set[RowKey]] = {}
    for edit in edits:
        if edit.input:
            rows = new_job_rows.setdefault(edit.input, set())
            if edit.row.table == JOB and not edit.gone:
                rows.add(edit.row)

    def of_one(input_name: str) -> _Readers:
        # In this order: a scheduler that is compiled meanwhile finds the row, or is found itself.
        try:
            for row in sorted(new_job_rows[input_name]):
                deployment.dependencies.add_job_row(input_name, row)
            return _Readers(frozenset(deployment.dependencies.dependents(input_name)))
        except INFRASTRUCTURE as error:
            return _Readers(error=error)

    inputs = sorted(new_job_rows)
    return dict(zip(inputs, deployment.in_parallel(of_one, inputs), strict=True))


def _requests(edits: Iterable[Edit], readers: dict[str, _Readers]) -> list[Request]:
    """One for each DAG; it knows the earliest of its edits, and the rows that may claim it."""
    sources: dict[str, set[str]] = {}
    edited: dict[str, float] = {}
    for edit in edits:
        read_by = readers[edit.input].dag_ids if edit.input else frozenset()
        for dag_id in edit.dag_ids | read_by:
            rows = sources.setdefault(dag_id, set())
            if dag_id in edit.dag_ids:
                rows.add(key_text(edit.row))
            edited[dag_id] = min(edit.edited_at, edited.get(dag_id, edit.edited_at))
    return [
        Request(
            dag_id,
            kept,
            datetime.fromtimestamp(edited[dag_id], UTC),
            cut=len(kept) < len(rows),
        )
        for dag_id, rows in sorted(sources.items())
        for kept in [first_keys(rows)]
    ]
