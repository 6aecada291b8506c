"""What the record of a job's DAG says to the schedulers that start the job. Pure."""

from collections.abc import Iterable, Mapping

from dagc.compiler import JOB, JobFile, claiming_table, is_named
from dagc.plan.record import Record, State


def unpublished(dag_ids: Iterable[str], records: Mapping[str, Record]) -> dict[str, JobFile]:
    """Those of the DAGs that are not published as their rows are now, by DAG id."""
    files = {dag_id: _unpublished_file(records.get(dag_id)) for dag_id in dag_ids}
    return {dag_id: file for dag_id, file in files.items() if file is not None}


def concerns_schedulers(before: Record, after: Record) -> bool:
    """Whether the schedulers that start a job's DAG have to be compiled after a step of its record.

    They have to where they say something else of it now. Also where an earlier compile of the DAG
    was cut off: it may have stored a record, and not have come to its schedulers. Where no enabled
    row claims the DAG any more, they are compiled for the edit of that row.
    """
    if claiming_table(after.dag_id) != JOB or not is_named(after.dag_id):
        return False
    if after.state in (State.DISABLED, State.REMOVED):
        return False
    was_cut_off = before.settled != before.revision - 1
    return was_cut_off or _unpublished_file(before) != _unpublished_file(after)


def _unpublished_file(record: Record | None) -> JobFile | None:
    """The file that stands though the DAG is in error, or that is missing; None if all is well."""
    if record is None or not record.file:
        return JobFile.MISSING
    return JobFile.LAST_GOOD if record.state == State.INVALID else None
