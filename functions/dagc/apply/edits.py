"""Follows edits: compiles exactly the DAGs that they can have touched. It reads no whole table."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from dagc.apply.compile_dags import compile_dags
from dagc.apply.deployment import Deployment
from dagc.apply.results import Failure, Outcome
from dagc.aws import INFRASTRUCTURE
from dagc.aws.stream_records import read_edit
from dagc.compiler import JOB, RowKey
from dagc.plan.edit import Edit, requests_for


class Followed(NamedTuple):
    """What became of the DAGs (`outcomes`), what AWS failed at (`failures`), and the edits that
    have to be delivered again for that (`unfinished`).
    """

    outcomes: tuple[Outcome, ...]
    failures: tuple[Failure, ...]
    unfinished: tuple[Edit, ...]

    @property
    def resume_at(self) -> str | None:
        """The sequence number from which a stream must be delivered again; None if it need not."""
        return min((edit.sequence for edit in self.unfinished), key=int, default=None)


def follow_records(records: Iterable[Mapping[str, Any]], deployment: Deployment) -> Followed:
    """Follows the edits that records of the tables' streams report, as Lambda delivers them."""
    return follow(
        [read_edit(_table(record["eventSourceARN"], deployment), record) for record in records],
        deployment,
    )


def follow(edits: Sequence[Edit], deployment: Deployment) -> Followed:
    """Compiles what `edits` can have touched, each DAG once.

    That is the DAG of an edited row, by its old and by its new name, and the DAGs that read it.
    """
    found = _readers_by_input(edits, deployment)
    readers = {name: dag_ids for name, dag_ids in found.items() if isinstance(dag_ids, frozenset)}
    unread = [failure for failure in found.values() if isinstance(failure, Failure)]
    outcomes, failures = compile_dags(requests_for(edits, readers), deployment)
    failures = (*unread, *failures)
    failed = {failure.what for failure in failures}
    unfinished = [
        edit for edit in edits if failed & {edit.input, *edit.dag_ids, *readers.get(edit.input, ())}
    ]
    return Followed(outcomes, failures, tuple(unfinished))


def _table(stream: str, deployment: Deployment) -> str:
    """The original name of the table whose stream has this ARN: `…:table/<name>/stream/<time>`."""
    return deployment.tables.original(stream.split("/")[1])


def _readers_by_input(
    edits: Iterable[Edit], deployment: Deployment
) -> dict[str, frozenset[str] | Failure]:
    """The DAGs that may read what was edited, by input; or that AWS failed when they were asked
    for. Of jobs, it also stores which rows have the job id.
    """
    new_job_rows: dict[str, set[RowKey]] = {}
    for edit in edits:
        if edit.input:
            rows = new_job_rows.setdefault(edit.input, set())
            if edit.row.table == JOB and not edit.gone:
                rows.add(edit.row)

    def readers(input_name: str) -> frozenset[str] | Failure:
        # In this order: a scheduler that is compiled meanwhile finds the row, or is found itself.
        try:
            for row in sorted(new_job_rows[input_name]):
                deployment.dependencies.add_job_row(input_name, row)
            return frozenset(deployment.dependencies.dependents(input_name))
        except INFRASTRUCTURE as error:
            return Failure(input_name, error)

    inputs = sorted(new_job_rows)
    return dict(zip(inputs, deployment.in_parallel(readers, inputs), strict=True))
