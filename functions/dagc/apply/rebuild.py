"""Rebuilds: compares all rows with all records, dependencies and files; repairs what differs.

This is for what edits alone do not bring: tables that were there before the stack, new templates,
files that somebody changed, edits in the dead-letter queue. A DAG whose record is still right costs
no request; every other goes through the same compile as after an edit, which reads its rows again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

from dagc.apply.compile_dags import compile_dags
from dagc.apply.deployment import Deployment
from dagc.apply.job_rows import note_job_rows, note_new_jobs
from dagc.apply.read_inventory import read_inventory
from dagc.apply.results import Failure, Outcome
from dagc.aws import INFRASTRUCTURE
from dagc.plan.file_change import is_ours
from dagc.plan.inputs import is_storable, job_input
from dagc.plan.inventory import (
    Inventory,
    gone_job_rows,
    new_job_rows,
    stale,
    unknown_files,
)
from dagc.plan.record import Record
from dagc.plan.removals import removals
from dagc.plan.request import Request


class Rebuilt(NamedTuple):
    """What a rebuild did and saw.

    `records` are those of all DAGs, as they are now, in `brief`; `current` counts those that it
    left as they were. `refused` are the DAGs whose files it would not remove, so many at once.
    `unread` counts those for which no time was left.
    """

    outcomes: tuple[Outcome, ...]
    failures: tuple[Failure, ...]
    refused: tuple[str, ...]
    unread: int
    current: int
    records: Mapping[str, Record]

    @property
    def is_done(self) -> bool:
        """Whether no other run has to go on: nothing failed, was not reached, or stays untold."""
        untold = any(outcome.unannounced for outcome in self.outcomes)
        return not (self.failures or self.unread or untold)


def rebuild(
    deployment: Deployment,
    *,
    max_removed_percent: int = 100,
    has_time: Callable[[], bool] = lambda: True,
) -> Rebuilt:
    """Repairs all that is not as the rows say. Raises botocore's errors where not everything could
    be read: then no DAG has been touched. What AWS fails at later fails what it concerns.
    """
    since = round(deployment.now().timestamp() * 1000)
    # Before all is read: a function of before that began before the note is seen then; one that
    # begins later sees the note (`plan/second_look.py`).
    noted = _note_toolchain(since, deployment)
    inventory = _inventory(deployment)
    if inventory.toolchain != deployment.toolchain.fingerprint and not noted:
        return _outdated(inventory)
    noted += _repair_job_rows(inventory, deployment)
    found = [*_stale(inventory, noted, deployment), *_ours_unknown(inventory, deployment)]
    requests = [result for result in found if isinstance(result, Request)]
    removed = removals(inventory, requests)
    refused = removed.dag_ids if removed.exceed(max_removed_percent) else ()
    spared = frozenset(refused)
    requests = [request for request in requests if request.dag_id not in spared]

    compiled = compile_dags(requests, deployment, has_time)
    before = [result for result in found if isinstance(result, Failure)]
    failures = (*noted, *before, *compiled.failures)
    after = {outcome.after.dag_id: outcome.after for outcome in compiled.outcomes}
    records = {**inventory.records, **after}
    failed = {failure.what for failure in failures}
    return Rebuilt(
        outcomes=compiled.outcomes,
        failures=failures,
        refused=refused,
        unread=len(compiled.unreached),
        current=len(records.keys() - after.keys() - failed - compiled.unreached),
        records=records,
    )


def _inventory(deployment: Deployment) -> Inventory:
    return read_inventory(
        tables=deployment.tables,
        dags=deployment.dags,
        dependencies=deployment.dependencies,
        bucket=deployment.bucket,
        in_parallel=deployment.in_parallel,
    )


def _outdated(inventory: Inventory) -> Rebuilt:
    """Nothing is done: this function began before another was deployed, which has rebuilt since."""
    records = inventory.records
    return Rebuilt((), (), (), unread=0, current=len(records), records=records)


def _note_toolchain(since: int, deployment: Deployment) -> list[Failure]:
    """Notes what compiles, for those who plan from elsewhere, and for functions of before; unless
    this is such a function.
    """
    fingerprint = deployment.toolchain.fingerprint
    if deployment.dependencies.toolchain() == fingerprint:
        return []
    put = partial(deployment.dependencies.put_toolchain, fingerprint, since)
    return _failures({"toolchain": put}, deployment)


def _repair_job_rows(inventory: Inventory, deployment: Deployment) -> list[Failure]:
    """Notes which rows have each job id. What fails is of the input of a job."""
    dependencies = deployment.dependencies
    gone = {
        stored.input: partial(dependencies.replace_job_rows, stored, left, is_cut=stored.is_cut)
        for stored, left in gone_job_rows(inventory)
    }
    new = new_job_rows(inventory)
    unknown = {name: rows for name, rows in new.items() if name not in inventory.job_rows}
    noted = note_new_jobs(unknown, deployment)
    rest = {
        name: partial(note_job_rows, name, rows, deployment)
        for name, rows in new.items()
        if name not in noted
    }
    return [*_failures(gone, deployment), *_failures(rest, deployment)]


def _failures(
    requests: Mapping[str, Callable[[], object]], deployment: Deployment
) -> list[Failure]:
    """Makes requests, each for what it is named after; those that AWS failed at."""

    def failure(what: str) -> Failure | None:
        try:
            requests[what]()
        except INFRASTRUCTURE as error:
            return Failure(what, error)
        return None

    return [found for found in deployment.in_parallel(failure, requests) if found]


def _stale(
    inventory: Inventory, noted: Iterable[Failure], deployment: Deployment
) -> Iterator[Request | Failure]:
    """The DAGs that are not as they should be. Those fail that name a job whose rows could not be
    `noted`: they would not find it.
    """
    errors = {failure.what: failure.error for failure in noted}
    for request in stale(inventory, deployment.toolchain.fingerprint):
        jobs = map(job_input, filter(is_storable, inventory.rows.named_jobs(request.dag_id)))
        missing = sorted(errors.keys() & set(jobs))
        yield Failure(request.dag_id, errors[missing[0]]) if missing else request


def _ours_unknown(inventory: Inventory, deployment: Deployment) -> Iterator[Request | Failure]:
    """The files that nobody knows of, but that carry the compiler's mark."""

    def seen(dag_id: str) -> Request | Failure | None:
        try:
            found = deployment.bucket.observe(dag_id)
        except INFRASTRUCTURE as error:
            return Failure(dag_id, error)
        return Request(dag_id, looks=True) if is_ours(found, Record(dag_id)) else None

    return filter(None, deployment.in_parallel(seen, unknown_files(inventory)))
