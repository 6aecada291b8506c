"""Compiles some DAG ids, safely against any other compile of them, wherever it runs.

For each DAG id, in this order; each step is the function of its name (`announce` and
`ask_for_looks` are in modules of their own):

1. `begin`: give its record the next revision, atomically. It tells what is in the file's place;
   where it does not (`is_recorded`), look. Where it was never compiled, take it that nothing is.
2. `read_claims`: read the rows that claim the id, strongly consistent; with them, the tasks of
   which the record says that this DAG reads them, and which toolchain the last rebuild had.
3. `put_dependencies`: store, for every input that they name, that this DAG reads it, unless the
   record says that this is stored already.
4. `read_inputs`: read those inputs, where step 2 has not; for a scheduler, also the records of its
   jobs' DAGs, and of the schedulers that may start the same jobs. From all this, the pure
   `plan_dag` says what to do.
5. `change_file`: write or delete the file, on condition that it is still the one of step 1. If it
   is not: all again, with a look.
6. `ask_for_looks`, if in doubt; `announce`; then `store` the record, on condition that nobody began
   since step 1. Otherwise, and where the file had changed in step 5, all again. A record that
   schedulers have to know of is stored in two moves: as it is, but not settled; and, when those are
   compiled that `ask_schedulers` finds, settled (`settle`).
7. `delete_dependencies`: delete those that are not needed any more, and that the record knew; many
   in one request, each on condition that nobody has stored it again since.

Why it converges. Look at the last compile of an id that began. It read its inputs after that, so a
change of an input that it did not see came later. That change has an event of its own, which finds
the dependency, since it was stored before the input was read, and begins another compile. So the
last one saw every change. A compile that had begun earlier cannot store its record any more: it
notices that, and compiles again, whatever it wrote; or it died, and Lambda delivers its event
again. So the last writer of the file has read what the rows say. And every write is newer than what
it replaces, because step 1 comes before step 2: the rows were read after the file that is written
over was there.

A task is read in step 2 only if the record lists its dependency, and what a record lists, stands: a
dependency is deleted only after a record without it was stored, and at the revision it had then.

What the record tells of the file is tried by the condition of the write. Where nothing is written,
it is believed, unless the DAG was never compiled or comes to be disabled (`is_unseen`): what
somebody else does to a file is seen at the next write, or by the rebuild, which lists them all.
A compile never goes by the record for what another compile may have done: whoever finds one
unfinished, or was overtaken by one, looks. One case is left: a compile writes over a file that a
later one has found to be right, and dies. The later one found it unfinished, so it is in doubt
(below), and its second looks find the file.

That holds as long as a call is executed before its client has gone on. One that was given up may be
executed later, and then a write can be older than what it replaces. Of each kind: a late step 1
counts, and adds a row to look at, or says that not all are listed: whoever is under way begins
again. A late record is refused, where anybody began since; where nobody did, it is the record that
its writer stored last, or, unsettled, one before that, which tells schedulers no less. A late
dependency is one too many. What is added to the rows of a job id is one too many as well, or makes
somebody read on; what replaces them, or says that there are no more, is refused when anything was
stored there since, and what lists them at first, when anything was stored there at all. A late
request for a look is one look too many; a late end of one names its revision, and so no other.
Progress stays true (below). An event may come at any time.

Two kinds are left that do harm. A late write of the file: its condition is the file's content, or
that there is none, and that can come back; a version would be unique, but S3 has no condition on
it. And a late dependency with a deletion of it that comes after that, late or of a slow compile:
after the two, one that was stored in between is gone.

Who may have given up such a call, or compiles beside somebody who may yet, is in doubt, and asks
for a second look, before he stores the record as that of a compile that ended
(`plan/second_look.py` says who is, and when no call can come any more). A compile that died before
it could ask is seen by the next one: the record is not settled, so that one is in doubt. The last
look is a compile that takes no dependency for granted, and begins when no call of those can come:
so it is right, by the argument above; a call that is given up in it, or since, has a look of its
own. Until then, 40 minutes unless looks are held up themselves, what a late call has changed may
stay; nearly all come within seconds, and the first look follows within five minutes.

In the same way ends what a function does that was running already when another was deployed: the
toolchain that the last rebuild has stored is read with the claims, and whoever has another is in
doubt. That rebuild stores it, then reads the records: so each compile that it does not see begins
later, and reads what is stored.

Not all that a change concerns need be compiled in one delivery: its event is delivered again until
each of the DAGs that are found was compiled since the change (`plan/fan_out.py`).

Steps 2 to 4 may be taken for DAGs together or for each alone, and again (`plan_dags`): nothing is
written in them but dependencies, which are the same each time, and a list of a job id's rows that
may be whole again, on condition of its revision; and what is read again is read later. DAGs of one
chunk that go alone see of each other what the records say, as two invocations do. Where AWS fails,
only those DAGs are left that it failed at, and those that wait for them: they are delivered again,
and in between stand as if their process had died.

What one item cannot list is read from the table itself: the rows that claim an id, where those that
the record lists do not decide (`read_on`), and the rows of a job id (`job_rows.py`). Who leaves one
out stores, with the same write or before, that the list is cut; only who has read the table since
step 1 stores that it is not. So none that lives is taken for gone.

A scheduler has inputs that no stream reports: the records of its jobs' DAGs, which say whether
there is a file to start. Whoever stores such a record, where it says something else than before,
reports it himself: he asks for the schedulers that name the job, after he has stored it, and
compiles them. So a scheduler that read the old record is found, since its dependency on the job
(`job/<job_id>`) was stored before it read; and one whose dependency comes later reads the new
record. He may die, or AWS fail, before the schedulers are compiled. Then the record is not settled:
its `settled` is not the revision before the next one. Lambda delivers his event again, or another
compile of the job begins before that; either finds it so, and compiles the schedulers, whatever the
record says. A record that says nothing yet, of a job that was never compiled, is no input: the
scheduler's own compile lets the job be compiled first, and begins again. Jobs depend on no other
DAG, so all this ends.

Schedulers depend on one another: whether another one starts the same job (`plan/sharing.py`). The
record of each says which jobs it starts, and which it takes to be shared. A compile that changes
one of both stores the record, and then reads those of the others, whose dependencies on the job
were stored before they read: so of two that change at the same time, the second to store sees the
first. Whose stored record is mistaken then is compiled, be it this one; and a record that was
stored later is looked at by who stored it. A record that changes none of this was seen by all who
did. What a scheduler has given up stays in its unsettled record (`leaving`), so that who dies
before the others are compiled is made up for by the next compile, as above; where that is too much
for the record, the scheduler gives up a part, and then the rest. This ends, too:
a scheduler is asked only while its record is mistaken, and its compile corrects that.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import compress

from dagc.apply.announce import announce
from dagc.apply.claimants import read_on
from dagc.apply.deployment import Deployment
from dagc.apply.doubts import ask_for_looks
from dagc.apply.job_rows import rows_of_jobs
from dagc.apply.results import Failure, Outcome, Unsettled
from dagc.aws import INFRASTRUCTURE, is_refused, was_repeated
from dagc.aws.batches import READ_SIZE, WRITE_SIZE, chunks
from dagc.aws.conditional_put import Changed
from dagc.aws.dependency_table import toolchain_of
from dagc.compiler import JOB, TASK, Snapshot, claiming_table, is_named
from dagc.plan.dag_plan import (
    Begun,
    Claimed,
    DagPlan,
    Inputs,
    claimed_by,
    plan_dag,
    to_begin_again,
    to_look,
)
from dagc.plan.file_change import as_new, is_recorded, recorded
from dagc.plan.inputs import input_of
from dagc.plan.record import Record, concerns_schedulers, first_keys, is_compiled, unpublished
from dagc.plan.request import Again, Request
from dagc.plan.sharing import before_the_rest, changed_jobs, leaving, mistaken, starters


def seven_steps(
    requests: Sequence[Request], deployment: Deployment
) -> list[Outcome | Failure | Again | Unsettled]:
    """Takes each request through the steps, once, side by side; what became of each."""
    if not requests:
        return []
    started = deployment.in_parallel(lambda request: begin(request, deployment), requests)
    begun = [result for result in started if isinstance(result, Begun)]
    planned = plan_dags(begun, deployment)
    plans = [result for result in planned if isinstance(result, DagPlan)]
    changed = deployment.in_parallel(lambda plan: change_file(plan, deployment), plans)
    changed = ask_for_looks(changed, deployment)
    pairs = zip(plans, announce(changed, deployment), strict=True)
    ended = deployment.in_parallel(lambda pair: _ended(*pair, deployment), pairs)
    # Only when all are stored: what these DAGs are to each other is then known.
    ended = deployment.in_parallel(lambda result: _with_schedulers(result, deployment), ended)
    failures = [result for result in started if isinstance(result, Failure)]
    others = [result for result in planned if not isinstance(result, DagPlan)]
    return [*failures, *others, *ended]


def plan_dags(
    begun: Sequence[Begun], deployment: Deployment, *, again: bool = False
) -> list[DagPlan | Again | Failure]:
    """Steps 2 to 4: what to do for each of the DAGs; `again`, where that has failed before.

    In few requests for all of them. If AWS fails at one of these, each DAG goes alone: a request
    that is refused for one, or that fails for a while, fails that one, and not its neighbours.
    """
    try:
        claims, toolchain = read_claims(begun, deployment)
        claims, claimed = read_on(claims, [claimed_by(dag, claims) for dag in begun], deployment)
        repeated = put_dependencies(claimed, deployment)
        inputs = read_inputs(claimed, claims, deployment)
    except INFRASTRUCTURE as error:
        if len(begun) == 1:
            return [Failure(begun[0].dag_id, error)]
        alone = deployment.in_parallel(lambda dag: plan_dags([dag], deployment, again=True), begun)
        return [result for results in alone for result in results]
    is_other = toolchain not in ("", deployment.toolchain.fingerprint)
    return [
        _planned(
            dag._replace(in_doubt=dag.in_doubt or again or is_other or dag.dag_id in repeated),
            claims,
            inputs,
            deployment,
        )
        for dag in claimed
    ]


def begin(request: Request, deployment: Deployment) -> Begun | Failure:
    """Step 1: begins a compile in the record; looks at the file, unless the record tells of it."""
    try:
        sources = first_keys(sorted(request.sources))
        record = deployment.dags.begin(request.dag_id, sources)
        if not is_named(request.dag_id):
            return Begun(request, record, None)
        if request.looks or not is_recorded(record, deployment.bucket.url(request.dag_id)):
            return Begun(request, record, deployment.bucket.observe(request.dag_id))
        return Begun(request, record, recorded(record), looked=False)
    except INFRASTRUCTURE as error:
        return Failure(request.dag_id, error)


def read_claims(begun: Iterable[Begun], deployment: Deployment) -> tuple[Snapshot, str]:
    """Step 2: reads the rows that may claim the DAG ids, and the tasks whose dependencies stand;
    and, in the same request, with which toolchain the last rebuild compiled ("" before the first).
    """
    rows = sorted({row for dag in begun for row in dag.candidates | dag.known_tasks})
    with_first = READ_SIZE - 1
    beside = deployment.dependencies.toolchain_key
    items, noted = deployment.tables.get_beside(rows[:with_first], beside)
    items |= deployment.tables.get_all(rows[with_first:], deployment.in_parallel)
    return Snapshot(items, deployment.toolchain.types), toolchain_of(noted)


def put_dependencies(claimed: Iterable[Claimed], deployment: Deployment) -> frozenset[str]:
    """Step 3: stores which inputs the DAGs read, where that is not stored already. Returns the ids
    of the DAGs of which that may be done once more.
    """
    new = [dependency for dag in claimed for dependency in dag.new_dependencies]
    batches = list(chunks(new, WRITE_SIZE))
    repeated = deployment.in_parallel(deployment.dependencies.put, batches)
    return frozenset(
        dependency.dag_id for batch in compress(batches, repeated) for dependency in batch
    )


def read_inputs(claimed: Sequence[Claimed], claims: Snapshot, deployment: Deployment) -> Inputs:
    """Step 4: reads the rows that the claiming rows name; for schedulers, the records of the jobs'
    DAGs that they start, and of the schedulers that may start the same jobs, where their own do not
    tell.

    What step 2 has read is read again: it may have changed since, before the dependency that would
    have brought that change here was stored. But for tasks whose dependency stood already.
    """
    tasks = {row for dag in claimed for row in dag.tasks - dag.begun.known_tasks}
    jobs = {job_id for dag in claimed for job_id in dag.job_ids}
    read = deployment.tables.get_all(tasks | rows_of_jobs(jobs, deployment), deployment.in_parallel)
    kept = {
        row: item for row, item in claims.items.items() if row.table == TASK and row not in tasks
    }
    rows = Snapshot({**kept, **read}, deployment.toolchain.types)
    dag_ids = rows.started_by(row for dag in claimed for row in dag.rows)
    records = deployment.dags.get_all(dag_ids, deployment.in_parallel)
    uncompiled = frozenset(id_ for id_ in dag_ids if not is_compiled(records.get(id_)))
    return Inputs(rows, unpublished(records.values()), uncompiled, _starters(claimed, deployment))


def change_file(plan: DagPlan, deployment: Deployment) -> Outcome | Failure | Again:
    """Step 5: writes or deletes the file, if it is still as step 1 saw it."""
    text, delete, record, drift = plan.change
    request, begun, observed, _ = plan.claimed.begun
    bucket = deployment.bucket
    repeated = False
    try:
        if text is not None:
            new, repeated = bucket.put(request.dag_id, text, observed)
            record = record._replace(etag=new.etag, version=new.version)
            record = as_new(record, deployment.now(), request.edited_at)
        elif delete:
            assert observed is not None
            repeated = bucket.delete(request.dag_id, observed)
        elif plan.is_unseen and bucket.observe(request.dag_id):
            return to_look(plan.claimed)
    except Changed as changed:
        return to_look(plan.claimed, repeated=changed.repeated)
    except INFRASTRUCTURE as error:
        if is_refused(error) and not plan.claimed.begun.looked:
            # Perhaps since an object is in the place that may not be read, so somebody else's.
            return to_look(plan.claimed, repeated=was_repeated(getattr(error, "response", {})))
        return Failure(request.dag_id, error)
    bug = plan.dag.bug if plan.dag else None
    in_doubt = repeated or plan.claimed.in_doubt
    return Outcome(begun, record, text is not None, delete, drift, bug, in_doubt=in_doubt)


def store(
    claimed: Claimed, outcome: Outcome, deployment: Deployment
) -> Outcome | Failure | Again | Unsettled:
    """Step 6: stores the record; and settles it, unless it may matter to schedulers."""
    before, after = outcome.before, outcome.after
    if not (concerns_schedulers(before, after) or changed_jobs(before, after)):
        return settle(claimed, outcome, deployment)
    told = leaving(before, after)
    partial = before_the_rest(before, after, told)
    stored = (partial or after)._replace(settled=before.settled, leaving=told)
    try:
        if not deployment.dags.store(stored):
            return Again(claimed.begun.request._replace(looks=True))
    except INFRASTRUCTURE as error:
        return Failure(claimed.dag_id, error)
    next_record = stored._replace(leaving=frozenset()) if partial else None
    return Unsettled(claimed, outcome, next_record=next_record)


def ask_schedulers(unsettled: Unsettled, deployment: Deployment) -> Unsettled | Failure | Again:
    """Step 6, in between: which schedulers have to be compiled because of what was stored. Of a
    job, those that name it. Of a scheduler, those whose record is mistaken in whether they alone
    start a job; if its own is, all again.
    """
    claimed, outcome, _, next_record = unsettled
    request = claimed.begun.request
    try:
        if claiming_table(claimed.dag_id) == JOB:
            return unsettled._replace(schedulers=_schedulers(claimed, deployment))
        jobs = changed_jobs(outcome.before, outcome.after)
        wrong = mistaken(_possible_starters(jobs, deployment))
    except INFRASTRUCTURE as error:
        return Failure(claimed.dag_id, error)
    if claimed.dag_id in wrong and not next_record:
        return Again(request._replace(looks=True))
    schedulers = tuple(
        Request(dag_id, edited_at=request.edited_at, sharing_changed=True)
        for dag_id in sorted(wrong - {claimed.dag_id})
    )
    return unsettled._replace(schedulers=schedulers)


def settle_told(unsettled: Unsettled, deployment: Deployment) -> Outcome | Failure | Again:
    """Step 6: settles a record whose schedulers are compiled, or goes on with the rest."""
    claimed, outcome, _, next_record = unsettled
    if next_record is None:
        return settle(claimed, outcome, deployment)
    try:
        if deployment.dags.store(next_record):
            delete_dependencies(claimed, deployment, standing=next_record.inputs)
    except INFRASTRUCTURE as error:
        return Failure(claimed.dag_id, error)
    return Again(to_begin_again(claimed, in_doubt=outcome.in_doubt))


def settle(claimed: Claimed, outcome: Outcome, deployment: Deployment) -> Outcome | Failure | Again:
    """Step 6: stores the record as that of a compile that ended; step 7 is its last act."""
    try:
        if not deployment.dags.store(outcome.after):
            return Again(claimed.begun.request._replace(looks=True))
        delete_dependencies(claimed, deployment)
    except INFRASTRUCTURE as error:
        return Failure(claimed.dag_id, error)
    return outcome


def delete_dependencies(
    claimed: Claimed, deployment: Deployment, standing: Collection[str] = ()
) -> None:
    """Step 7: deletes the dependencies that the DAG no longer has, but for those that its record
    lists all the same (`standing`).
    """
    obsolete = [it for it in claimed.obsolete_dependencies if it.input not in standing]
    for batch in chunks(obsolete, WRITE_SIZE):
        deployment.dependencies.delete(batch)


def _ended(
    plan: DagPlan, changed: Outcome | Failure | Again, deployment: Deployment
) -> Outcome | Failure | Again | Unsettled:
    return store(plan.claimed, changed, deployment) if isinstance(changed, Outcome) else changed


def _with_schedulers(
    result: Outcome | Failure | Again | Unsettled, deployment: Deployment
) -> Outcome | Failure | Again | Unsettled:
    return ask_schedulers(result, deployment) if isinstance(result, Unsettled) else result


def _schedulers(claimed: Claimed, deployment: Deployment) -> tuple[Request, ...]:
    """The schedulers that may name a job of the rows that claim, or claimed, the DAG id."""
    edited_at = claimed.begun.request.edited_at
    inputs = sorted({input_of(row) for row in claimed.begun.candidates})
    dag_ids = {dag_id for name in inputs for dag_id in deployment.dependencies.dependents(name)}
    return tuple(Request(dag_id, edited_at=edited_at) for dag_id in sorted(dag_ids))


def _starters(claimed: Sequence[Claimed], deployment: Deployment) -> Mapping[str, set[str]]:
    """By the input of each job that is doubtful to one of the DAGs: schedulers that start it. These
    DAGs themselves do what their rows say now; of others, their records tell.
    """
    doubtful = {job for dag in claimed for job in dag.doubtful_jobs}
    here = {dag.dag_id for dag in claimed}
    found = {
        job: {it.dag_id for it in starters(possible, job) if it.dag_id not in here}
        for job, possible in _possible_starters(doubtful, deployment).items()
    }
    for dag in claimed:
        for job in dag.jobs & doubtful if is_named(dag.dag_id) else ():
            found[job].add(dag.dag_id)
    return found


def _possible_starters(jobs: Iterable[str], deployment: Deployment) -> Mapping[str, list[Record]]:
    """The records of the schedulers that may start each job, by its input."""
    names = sorted(jobs)
    dag_ids = dict(
        zip(names, deployment.in_parallel(deployment.dependencies.dependents, names), strict=True)
    )
    possible = {dag_id for ids in dag_ids.values() for dag_id in ids}
    records = deployment.dags.get_all(possible, deployment.in_parallel)
    return {
        name: [records[dag_id] for dag_id in ids if dag_id in records]
        for name, ids in dag_ids.items()
    }


def _planned(
    claimed: Claimed, claims: Snapshot, inputs: Inputs, deployment: Deployment
) -> DagPlan | Again:
    file = deployment.bucket.url(claimed.dag_id)
    return plan_dag(claimed, claims, inputs, deployment.toolchain, now=deployment.now(), file=file)
