"""Compiles some DAG ids, safely against any other compile of them, wherever it runs.

For each DAG id, in this order; each step is the function of its name:

1. `begin`: give its record the next revision, atomically; then look at its file.
2. `read_claims`: read the rows that claim the id, strongly consistent.
3. `put_dependencies`: store, for every input that they name, that this DAG reads it, unless the
   record says that this is stored already.
4. `read_inputs`: read those inputs. From all this, the pure `plan_dag` says what to do.
5. `change_file`: write or delete the file, on condition that it is still the one seen in step 1.
6. `announce`; then `settle`: store the record, on condition that nobody began since step 1.
   Otherwise, and where the file had changed in step 5, all again.
7. `delete_dependencies`: delete those that are not needed any more, and that the record knew.

Why it converges. Look at the last compile of an id that began. It read its inputs after that, so a
change of an input that it did not see came later. That change has an event of its own, which finds
the dependency, since it was stored before the input was read, and begins another compile. So the
last one saw every change. A compile that had begun earlier cannot settle any more: if it wrote the
file, it notices that it cannot settle, and compiles again; or it died, and Lambda delivers its
event again. So the last writer of the file has read what the rows say. And every write is newer
than what it replaces, because step 1 comes before step 2: the rows were read after the file that is
written over was there.
"""

from collections.abc import Iterable, Sequence

from dagc.apply.deployment import Deployment, chunks
from dagc.apply.results import Failure, Outcome, Unsettled
from dagc.aws import INFRASTRUCTURE
from dagc.aws.batches import READ_SIZE, WRITE_SIZE
from dagc.aws.conditional_put import Changed
from dagc.aws.event_bus import BATCH_SIZE
from dagc.compiler import RowKey, Snapshot, is_named
from dagc.plan.announcement import announcement
from dagc.plan.dag_plan import Begun, Claimed, DagPlan, claimed_by, plan_dag
from dagc.plan.file_change import as_new
from dagc.plan.inputs import is_storable, job_input
from dagc.plan.object_keys import object_key
from dagc.plan.request import Request

CHUNK = 200
"""DAGs that go through the steps together: enough to fill batches and threads, few enough for
memory, and for little to be done again where something fails.
"""
ATTEMPTS = 12


def compile_dags(
    requests: Iterable[Request], deployment: Deployment
) -> tuple[tuple[Outcome, ...], tuple[Failure, ...]]:
    """Compiles the DAGs that are asked for, a chunk at a time; returns what became of them.

    A failure of AWS fails the DAGs that it concerned, and no others. `requests` are taken as their
    chunk begins, so that whoever makes them can end it.
    """
    results = [
        result for chunk in chunks(requests, CHUNK) for result in _until_settled(chunk, deployment)
    ]
    return (
        tuple(result for result in results if isinstance(result, Outcome)),
        tuple(result for result in results if isinstance(result, Failure)),
    )


def _until_settled(requests: Sequence[Request], deployment: Deployment) -> list[Outcome | Failure]:
    """Takes the requests through the steps, side by side, and those again that were disturbed."""
    results: list[Outcome | Failure] = []
    for attempt in range(ATTEMPTS):
        if attempt:
            deployment.pause(attempt)
        ended = _seven_steps(requests, deployment)
        results += [result for result in ended if not isinstance(result, Request)]
        requests = [result for result in ended if isinstance(result, Request)]
        if not requests:
            break
    return results + [Failure(request.dag_id, _unsettled(request)) for request in requests]


def _seven_steps(
    requests: Sequence[Request], deployment: Deployment
) -> list[Outcome | Failure | Request]:
    """All steps, once, for each request; the request itself where all have to be done again."""
    started = deployment.in_parallel(lambda request: begin(request, deployment), requests)
    begun = [result for result in started if isinstance(result, Begun)]
    failures = [result for result in started if isinstance(result, Failure)]
    try:
        claims = read_claims(begun, deployment)
        claimed = [claimed_by(dag, claims) for dag in begun]
        put_dependencies(claimed, deployment)
        inputs = read_inputs(claimed, deployment)
        plans = [_planned(dag, claims, inputs, deployment) for dag in claimed]
        changed = deployment.in_parallel(lambda plan: change_file(plan, deployment), plans)
        announce([result for result in changed if isinstance(result, Outcome)], deployment)
    except INFRASTRUCTURE as error:
        return [*failures, *(Failure(dag.dag_id, error) for dag in begun)]
    pairs = zip(claimed, changed, strict=True)
    return [*failures, *deployment.in_parallel(lambda pair: _end(*pair, deployment), pairs)]


def begin(request: Request, deployment: Deployment) -> Begun | Failure:
    """Step 1: begins a compile in the record, and looks at the file."""
    try:
        record = deployment.dags.begin(request.dag_id, request.sources)
        key = object_key(request.dag_id, deployment.bucket.prefix)
        observed = deployment.bucket.observe(key) if is_named(request.dag_id) else None
    except INFRASTRUCTURE as error:
        return Failure(request.dag_id, error)
    return Begun(request, record, observed)


def read_claims(begun: Iterable[Begun], deployment: Deployment) -> Snapshot:
    """Step 2: reads the rows that may claim the DAG ids."""
    return _read({row for dag in begun for row in dag.candidates}, deployment)


def put_dependencies(claimed: Iterable[Claimed], deployment: Deployment) -> None:
    """Step 3: stores which inputs the DAGs read, where that is not stored already."""
    new = [dependency for dag in claimed for dependency in dag.new_dependencies]
    deployment.in_parallel(deployment.dependencies.put, chunks(new, WRITE_SIZE))


def read_inputs(claimed: Sequence[Claimed], deployment: Deployment) -> Snapshot:
    """Step 4: reads the rows that the claiming rows name.

    Those that step 2 has read are read again: they may have changed since, before the dependency
    that would have brought that change here was stored.
    """
    tasks = {row for dag in claimed for row in dag.tasks}
    jobs = {job_id for dag in claimed for job_id in dag.job_ids}
    return _read(tasks | _job_rows(jobs, deployment), deployment)


def change_file(plan: DagPlan, deployment: Deployment) -> Outcome | Failure | Request:
    """Step 5: writes or deletes the file, if it is still as step 1 saw it."""
    text, delete, record, drift = plan.change
    request, begun, observed = plan.claimed.begun
    bucket = deployment.bucket
    key = object_key(request.dag_id, bucket.prefix)
    try:
        if text is not None:
            new = bucket.put(key, text, observed)
            record = record._replace(etag=new.etag, version=new.version)
            record = as_new(record, deployment.now(), request.edited_at)
        elif delete:
            assert observed is not None
            bucket.delete(key, observed)
    except Changed:
        return request
    except INFRASTRUCTURE as error:
        return Failure(request.dag_id, error)
    return Outcome(begun, record, text is not None, delete, drift, plan.bug)


def announce(outcomes: Iterable[Outcome], deployment: Deployment) -> None:
    """Step 6, before settling: a compile that dies in between is made again and announces again."""
    announcements = [
        news
        for outcome in outcomes
        if (news := announcement(outcome.before, outcome.after)) is not None
    ]
    deployment.in_parallel(deployment.bus.announce, chunks(announcements, BATCH_SIZE))


def settle(outcome: Outcome, deployment: Deployment) -> bool:
    """Step 6: stores the record; False, and nothing done, if another compile began since."""
    return deployment.dags.settle(outcome.after)


def delete_dependencies(claimed: Claimed, deployment: Deployment) -> None:
    """Step 7: deletes the dependencies that the DAG no longer has."""
    for dependency in claimed.obsolete_dependencies:
        deployment.dependencies.delete(dependency)


def _end(
    claimed: Claimed, changed: Outcome | Failure | Request, deployment: Deployment
) -> Outcome | Failure | Request:
    """Settles one DAG and does step 7, unless an earlier step said that it is not to be."""
    if not isinstance(changed, Outcome):
        return changed
    try:
        if not settle(changed, deployment):
            return claimed.begun.request
        delete_dependencies(claimed, deployment)
    except INFRASTRUCTURE as error:
        return Failure(claimed.dag_id, error)
    return changed


def _planned(
    claimed: Claimed, claims: Snapshot, inputs: Snapshot, deployment: Deployment
) -> DagPlan:
    bucket = deployment.bucket
    file = f"s3://{bucket.name}/{object_key(claimed.dag_id, bucket.prefix)}"
    return plan_dag(claimed, claims, inputs, deployment.toolchain, now=deployment.now(), file=file)


def _read(rows: Iterable[RowKey], deployment: Deployment) -> Snapshot:
    batches = chunks(sorted(rows), READ_SIZE)
    found = deployment.in_parallel(deployment.tables.get, batches)
    items = {key: item for batch in found for key, item in batch.items()}
    return Snapshot(items, deployment.toolchain.types)


def _job_rows(job_ids: Iterable[str], deployment: Deployment) -> set[RowKey]:
    """The rows that have, or had, these job ids."""
    inputs = [job_input(job_id) for job_id in sorted(filter(is_storable, job_ids))]
    found = deployment.in_parallel(deployment.dependencies.job_rows, chunks(inputs, READ_SIZE))
    return {row for batch in found for job_rows in batch for row in job_rows.rows}


def _unsettled(request: Request) -> Unsettled:
    message = f"{request.dag_id} was compiled elsewhere during each of {ATTEMPTS} attempts"
    return Unsettled(message)
