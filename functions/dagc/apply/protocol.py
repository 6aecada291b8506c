"""Compiles some DAG ids, safely against any other compile of them, wherever it runs.

For each id, in this order:

1. begin: the next revision of its record, atomically; then look at its file;
2. read the rows that claim the id, strongly consistent;
3. put an edge from every input that they name to the id, unless the record says that it is there;
4. read those inputs; compile; decide;
5. write or delete the file, on condition that it is still the one seen in step 1;
6. announce; then settle: store the record, on condition that nobody began since step 1.
   Otherwise, and where the file had changed in step 5, all again;
7. delete the edges that it no longer needs, those alone that the record knew.

Why it converges. Look at the last compile of an id that began. It read its inputs after that, so a
change of one that it did not see came later; the change's own event then finds the edge, which
stood before the input was read, and begins another compile. So it saw them all. A compile that had
begun earlier cannot settle any more: if it wrote the file, it sees that, and compiles again, or it
died, and Lambda delivers its event again. So the last writer of the file has read what the rows
say. The order of steps 1 and 2 makes every write newer than what it replaces: its rows were read
after the file that it overwrites was there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from dagc.apply.deployment import Deployment, chunks
from dagc.apply.gather import Compile, put_edges, read_claims, read_members
from dagc.apply.results import Failure, Outcome, Unsettled
from dagc.aws import INFRASTRUCTURE
from dagc.aws.bucket import Changed
from dagc.aws.event_bus import BATCH_SIZE
from dagc.plan.announcement import Announcement, announcement
from dagc.plan.dag_ids import (
    first_keys,
    is_named,
    key_text,
    object_key,
)
from dagc.plan.decision import Context, Decision, as_new, decide, is_current, is_ours
from dagc.plan.desired_state import compile_dag, undecided
from dagc.plan.request import Edge, Request
from dagc.plan.snapshot import Snapshot, fingerprint

CHUNK = 200
"""DAGs that go through the steps together: enough to fill batches and threads, few enough for
memory, and for little to be done again where something fails.
"""
ATTEMPTS = 12


def compile_dags(
    requests: Iterable[Request], deployment: Deployment
) -> tuple[tuple[Outcome, ...], tuple[Failure, ...]]:
    """What became of the requests, a chunk at a time: those of a chunk go side by side.

    A failure of AWS fails the DAGs that it concerned, and no others. `requests` are taken as their
    chunk begins, so that whoever makes them can end it.
    """
    results: list[Outcome | Failure | Request] = []
    for chunk in chunks(requests, CHUNK):
        waiting = chunk
        for attempt in range(ATTEMPTS):
            if attempt:
                deployment.pause(min(2.0, 0.02 * 2**attempt))
            became = _attempt(waiting, deployment)
            results += became
            waiting = [each for each in became if isinstance(each, Request)]
            if not waiting:
                break
        for request in waiting:
            message = f"{request.dag_id} was compiled elsewhere during each of {ATTEMPTS} attempts"
            results.append(Failure(request.dag_id, Unsettled(message)))
    return (
        tuple(each for each in results if isinstance(each, Outcome)),
        tuple(each for each in results if isinstance(each, Failure)),
    )


def _attempt(
    requests: Sequence[Request], deployment: Deployment
) -> list[Outcome | Failure | Request]:
    """All steps, once, for each request; the request itself where all have to be done again."""
    begun = deployment.in_parallel(lambda request: _begin(request, deployment), requests)
    compiles = [each for each in begun if isinstance(each, Compile)]
    failures = [each for each in begun if isinstance(each, Failure)]
    try:
        claims = read_claims(compiles, deployment)
        put_edges(compiles, deployment)
        members = read_members(compiles, deployment)
        for each in compiles:
            _decide(each, claims, members, deployment)
        written = deployment.in_parallel(lambda each: _write(each, deployment), compiles)
        _announce([each for each in written if isinstance(each, Outcome)], deployment)
    except INFRASTRUCTURE as error:
        return [*failures, *(Failure(each.dag_id, error) for each in compiles)]
    pairs = zip(compiles, written, strict=True)
    settled = deployment.in_parallel(lambda pair: _settle(*pair, deployment), pairs)
    return [*failures, *settled]


def _begin(request: Request, deployment: Deployment) -> Compile | Failure:
    """Step 1."""
    try:
        begun = deployment.dags.begin(request.dag_id, request.sources)
        observed = None
        if is_named(request.dag_id):
            key = object_key(request.dag_id, deployment.bucket.prefix)
            observed = deployment.bucket.observe(key)
    except INFRASTRUCTURE as error:
        return Failure(request.dag_id, error)
    return Compile(request, begun, observed)


def _decide(each: Compile, claims: Snapshot, members: Snapshot, deployment: Deployment) -> None:
    """The pure part of step 4, for one DAG. Nothing is compiled where nothing has changed."""
    known, request, toolchain = each.known, each.request, deployment.toolchain
    sources = first_keys(key_text(row.row) for row in each.rows)
    cut = request.cut or len(sources) < len(each.rows) or (each.begun.cut and not request.complete)
    begun = each.begun._replace(
        cut=1 if cut else None,
        sources=each.begun.sources if each.answer else sources,
        inputs={name: known.get(name, each.begun.revision) for name in sorted(each.needed)},
    )
    made_of = fingerprint(toolchain.fingerprint, each.rows, claims, members)
    etag = each.observed.etag if each.observed and is_ours(each.observed, begun) else ""
    if cut and sum(row.enabled for row in each.rows) < 2:
        each.answer = undecided(each.dag_id)
    if not each.answer and is_current(begun, made_of, etag, settled=begun.revision - 1):
        record = begun._replace(settled=begun.revision)
        each.decision = Decision(None, delete=False, record=record, drift=False)
        return
    dag = each.answer = each.answer or compile_dag(each.rows, members, toolchain)
    bucket = deployment.bucket
    file = f"s3://{bucket.name}/{object_key(each.dag_id, bucket.prefix)}"
    context = Context(deployment.now(), request.edited_at, file)
    # What a bug left, or could not be decided, is not the truth: the next rebuild tries again.
    begun = begun._replace(fingerprint="" if dag.bug or cut else made_of)
    each.decision = decide(dag, begun, each.observed, each.rows, context)


def _write(each: Compile, deployment: Deployment) -> Outcome | Failure | Request:
    """Step 5."""
    assert each.decision is not None
    text, delete, record, drift = each.decision
    bucket = deployment.bucket
    key = object_key(each.dag_id, bucket.prefix)
    try:
        if text is not None:
            new = bucket.put(key, text, each.observed)
            record = record._replace(etag=new.etag, version=new.version)
            record = as_new(record, deployment.now(), each.request.edited_at)
        elif delete:
            assert each.observed is not None
            bucket.delete(key, each.observed)
    except Changed:
        return each.request
    except INFRASTRUCTURE as error:
        return Failure(each.dag_id, error)
    bug = each.answer.bug if each.answer else None
    return Outcome(each.begun, record, text is not None, delete, drift, bug)


def _announce(outcomes: Iterable[Outcome], deployment: Deployment) -> None:
    """Before settling: what was written, and not announced for a crash, is announced again."""
    news: list[Announcement] = [
        told for each in outcomes if (told := announcement(each.before, each.after))
    ]
    deployment.in_parallel(deployment.bus.announce, chunks(news, BATCH_SIZE))


def _settle(
    each: Compile, outcome: Outcome | Failure | Request, deployment: Deployment
) -> Outcome | Failure | Request:
    """Steps 6 and 7."""
    if not isinstance(outcome, Outcome):
        return outcome
    try:
        if not deployment.dags.settle(outcome.after):
            return each.request
        for edge in _obsolete(each):
            deployment.dependencies.delete(edge)
    except INFRASTRUCTURE as error:
        return Failure(each.dag_id, error)
    return outcome


def _obsolete(each: Compile) -> Iterator[Edge]:
    """The edges that stood before and are not needed: as they were known, so that one which
    another compile has put again since stays.
    """
    recorded: Mapping[str, int] = each.begun.inputs
    for name in sorted(recorded.keys() - each.needed):
        yield Edge(name, each.dag_id, recorded[name])
    for edge in each.request.stray:
        if edge.input not in each.needed:
            yield edge
