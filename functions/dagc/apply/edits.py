"""Follows edits: compiles exactly the DAGs that they can have touched. It reads no whole table."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from dagc.apply.compile_dags import compile_dags
from dagc.apply.deployment import Deployment
from dagc.apply.job_rows import note_job_rows
from dagc.apply.results import Failure, Outcome
from dagc.aws import INFRASTRUCTURE
from dagc.aws.stream_records import read_edit
from dagc.compiler import JOB
from dagc.plan.edit import Edit, requests_for
from dagc.plan.fan_out import Progress, Readers


class Followed(NamedTuple):
    """What became of the DAGs (`outcomes`), what AWS failed at (`failures`), for how many DAGs no
    time was left (`unreached`), and the edits that have to be delivered again for that
    (`unfinished`).
    """

    outcomes: tuple[Outcome, ...]
    failures: tuple[Failure, ...]
    unreached: int
    unfinished: tuple[Edit, ...]

    @property
    def resume_at(self) -> str | None:
        """The sequence number from which a stream must be delivered again; None if it need not."""
        return min((edit.sequence for edit in self.unfinished), key=int, default=None)


def follow_records(
    records: Iterable[Mapping[str, Any]],
    deployment: Deployment,
    has_time: Callable[[], bool] = lambda: True,
) -> Followed:
    """Follows the edits that records of the tables' streams report, as Lambda delivers them."""
    edits = [read_edit(_table(record["eventSourceARN"], deployment), record) for record in records]
    return follow(edits, deployment, has_time)


def follow(
    edits: Sequence[Edit], deployment: Deployment, has_time: Callable[[], bool] = lambda: True
) -> Followed:
    """Compiles what `edits` can have touched, each DAG once, in the order of the edits, as long as
    there is time.

    That is the DAG of an edited row, by its old and by its new name, and the DAGs that read it. For
    which of these there was time is noted, so that the next delivery goes on behind them.
    """
    latest = {edit.input: edit.sequence for edit in sorted(edits, key=_number)}
    found = _readers_by_input(edits, deployment)
    readers = {name: them for name, them in found.items() if isinstance(them, Readers)}
    left = {name: them.left(latest[name]) for name, them in readers.items()}
    compiled = compile_dags(requests_for(edits, left), deployment, has_time)
    failures = [failure for failure in found.values() if isinstance(failure, Failure)]
    failures += compiled.failures
    failed = {failure.what for failure in failures}
    if compiled.unreached:
        progress = {
            name: them.after(latest[name], failed, compiled.unreached)
            for name, them in readers.items()
        }
        failures += _note(progress, deployment)
    missing = failed | compiled.unreached
    unfinished = [
        edit for edit in edits if missing & {edit.input, *edit.dag_ids, *left.get(edit.input, ())}
    ]
    return Followed(compiled.outcomes, tuple(failures), len(compiled.unreached), tuple(unfinished))


def _number(edit: Edit) -> int:
    return int(edit.sequence)


def _note(progress: Mapping[str, Progress | None], deployment: Deployment) -> list[Failure]:
    """Notes how far the edits of these inputs were followed; at which of them AWS failed."""

    def note(input_name: str) -> Failure | None:
        try:
            if known := progress[input_name]:
                deployment.dependencies.put_progress(input_name, known)
        except INFRASTRUCTURE as error:
            return Failure(input_name, error)
        return None

    return [failure for failure in deployment.in_parallel(note, sorted(progress)) if failure]


def _table(stream: str, deployment: Deployment) -> str:
    """The original name of the table whose stream has this ARN: `…:table/<name>/stream/<time>`."""
    return deployment.tables.original(stream.split("/")[1])


def _readers_by_input(
    edits: Iterable[Edit], deployment: Deployment
) -> dict[str, Readers | Failure]:
    """The DAGs that may read what was edited, by input; or that AWS failed when they were asked
    for. Of jobs, it also stores which rows have the job id.
    """
    by_input: dict[str, list[Edit]] = {}
    for edit in edits:
        if edit.input:
            by_input.setdefault(edit.input, []).append(edit)

    def readers(input_name: str) -> Readers | Failure:
        try:
            return _readers(input_name, by_input[input_name], deployment)
        except INFRASTRUCTURE as error:
            return Failure(input_name, error)

    inputs = sorted(by_input)
    return dict(zip(inputs, deployment.in_parallel(readers, inputs), strict=True))


def _readers(input_name: str, edits: Iterable[Edit], deployment: Deployment) -> Readers:
    """The DAGs that may read what was edited, asked for when each job row is listed under its id:
    so a scheduler that is compiled meanwhile finds the row, or is found itself.

    A row that is found there was listed before the readers were read (`JOB_ROWS` is the first key),
    and stays: who takes one off the list has read that it is gone, and is refused where it was
    listed again since, as it is when its creation is followed: before this, or by the redrive.
    """
    jobs = [edit for edit in edits if edit.row.table == JOB and not edit.gone]
    note_job_rows(input_name, {edit.row for edit in jobs if edit.new}, deployment)
    found = deployment.dependencies.readers(input_name)
    missing = {edit.row for edit in jobs if not edit.new} - found.job_rows
    if not missing:
        return found
    note_job_rows(input_name, missing, deployment)
    return deployment.dependencies.readers(input_name)
