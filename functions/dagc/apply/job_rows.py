"""Keeps in mind which rows have a job id: schedulers name jobs by it, and not by their whole key.

One item for each job id lists them. What is gone is forgotten before what lives is refused; and
where more live than it can list, it says so, and who needs them all reads the table of jobs.
"""

from collections.abc import Collection, Iterable, Mapping

from dagc.apply.all_rows import all_rows
from dagc.apply.deployment import Deployment
from dagc.aws import INFRASTRUCTURE
from dagc.aws.batches import READ_SIZE, WRITE_SIZE, chunks
from dagc.aws.dependency_table import MAX_JOB_ROWS
from dagc.compiler import JOB, RowKey, row_key
from dagc.plan.inputs import input_of, is_storable, job_input
from dagc.plan.request import JobRows


def note_job_row(input_name: str, row: RowKey, deployment: Deployment) -> None:
    """Stores that `row` has the id of a job input; or that too many have it to be listed."""
    dependencies = deployment.dependencies
    if dependencies.add_job_row(input_name, row):
        return
    for stored in dependencies.job_rows([input_name]):
        living = stored.rows & deployment.tables.get(stored.rows).keys()
        if living != stored.rows:
            dependencies.replace_job_rows(stored, living, is_cut=stored.is_cut)
    if not dependencies.add_job_row(input_name, row):
        dependencies.cut_job_rows(input_name)


def note_job_rows(input_name: str, rows: Iterable[RowKey], deployment: Deployment) -> None:
    """The same for some rows with the id, one after the other."""
    for row in sorted(rows):
        note_job_row(input_name, row, deployment)


def note_new_jobs(new: Mapping[str, Collection[RowKey]], deployment: Deployment) -> set[str]:
    """Stores which rows have these job ids, many in one request. Returns the inputs for which it
    did: not where something is stored already, or too many have the id, or AWS failed.
    """
    names = [name for name, rows in sorted(new.items()) if len(rows) <= MAX_JOB_ROWS]

    def insert(batch: Iterable[str]) -> list[str]:
        try:
            return deployment.dependencies.insert_job_rows({name: new[name] for name in batch})
        except INFRASTRUCTURE:
            return []  # each alone tells at which of them

    stored = deployment.in_parallel(insert, chunks(names, WRITE_SIZE))
    return {name for batch in stored for name in batch}


def rows_of_jobs(job_ids: Iterable[str], deployment: Deployment) -> set[RowKey]:
    """The rows that have these job ids, and perhaps some that had them."""
    inputs = [job_input(job_id) for job_id in sorted(filter(is_storable, job_ids))]
    found = deployment.in_parallel(deployment.dependencies.job_rows, chunks(inputs, READ_SIZE))
    noted = [job_rows for batch in found for job_rows in batch]
    listed = {row for job_rows in noted for row in job_rows.rows}
    return listed | _read_on([job_rows for job_rows in noted if job_rows.is_cut], deployment)


def _read_on(cut: Iterable[JobRows], deployment: Deployment) -> set[RowKey]:
    """All rows that have the ids of these. Where so few are left that they can be listed, they are:
    whoever has added one since `cut` was read keeps it.
    """
    found: dict[str, set[RowKey]] = {stored.input: set() for stored in cut}
    for row in (row_key(JOB, item) for item in all_rows(JOB, deployment)) if found else ():
        if input_of(row) in found:
            found[input_of(row)].add(row)
    for stored in cut:
        rows = frozenset(found[stored.input])
        if len(rows) <= MAX_JOB_ROWS:
            deployment.dependencies.replace_job_rows(stored, rows, is_cut=False)
    return {row for rows in found.values() for row in rows}
