"""Plans what one compile of a DAG id does, from what its reads have found. Pure.

A compile finds out more in each of its steps: `Begun`, then `Claimed`, then `DagPlan`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from dagc.compiler import (
    Dag,
    DagRow,
    JobFile,
    JobRow,
    OtherDags,
    RowKey,
    Snapshot,
    Toolchain,
    claiming_table,
    compile_dag,
    dag_fingerprint,
    failed,
    is_named,
    key_text,
    row_of,
    task_key,
)
from dagc.plan.file_change import Context, FileChange, Observed, change_for
from dagc.plan.inputs import inputs_of, is_job_input, job_input
from dagc.plan.record import Record, State, first_keys, sources_of
from dagc.plan.request import Again, Dependency, Request
from dagc.plan.second_look import is_in_doubt
from dagc.plan.sharing import doubtful_jobs
from dagc.plan.up_to_date import is_up_to_date


class Begun(NamedTuple):
    """A DAG id whose compile has begun: what is asked, its record since then, and its file: as it
    was looked at, or (`looked` is false) as the record tells, or as if there were none.
    """

    request: Request
    record: Record
    observed: Observed | None
    looked: bool = True

    @property
    def dag_id(self) -> str:
        """The DAG id in question."""
        return self.request.dag_id

    @property
    def candidates(self) -> frozenset[RowKey]:
        """The keys of the rows that may claim the DAG id."""
        table = claiming_table(self.dag_id)
        texts = self.record.sources | self.request.sources
        return frozenset(row_of(table, text) for text in texts)

    @property
    def standing(self) -> dict[str, int]:
        """The dependencies that certainly stand: the revision that put each, by input."""
        recorded = {} if self.request.unsure else self.record.inputs
        return {name: recorded[name] for name in recorded.keys() - self.request.absent}

    @property
    def known_tasks(self) -> frozenset[RowKey]:
        """The keys of the tasks that the DAG has read before, and whose dependencies stand."""
        ids = (name.removeprefix("task/") for name in self.standing if name.startswith("task/"))
        return frozenset(map(task_key, ids))

    def completed(self, claimants: Iterable[RowKey]) -> "Begun":
        """The same, where all rows that claim the id since are `claimants`."""
        sources = self.record.sources.union(map(key_text, claimants))
        return self._replace(record=self.record._replace(sources=sources, cut=None))


class Claimed(NamedTuple):
    """The same, with the rows that claim the DAG id and the inputs that these name.

    `bug` is what the compiler raised as it read the rows, if it did. Its inputs are then those that
    the record knows. `in_doubt` is whether a call may still come, of this compile or of another
    (`plan/second_look.py`).
    """

    begun: Begun
    rows: tuple[DagRow, ...]
    inputs: frozenset[str]
    bug: Exception | None = None
    in_doubt: bool = False

    @property
    def dag_id(self) -> str:
        """The DAG id in question."""
        return self.begun.dag_id

    @property
    def lacks_rows(self) -> bool:
        """Whether others may claim the DAG id, too, and have to be looked for: two enabled ones are
        in error, whatever the others are. Of a record that was lost, nobody knows any.
        """
        request, record = self.begun[:2]
        is_lost = not (record.state or self.begun.candidates)
        is_open = request.exhaustive or sum(row.enabled for row in self.rows) < 2
        return (bool(record.cut) or is_lost) and is_open

    @property
    def new_dependencies(self) -> list[Dependency]:
        """The dependencies that are to be put before the inputs are read."""
        revision = self.begun.record.revision
        names = sorted(self.inputs - self.begun.standing.keys())
        return [Dependency(name, self.dag_id, revision) for name in names]

    @property
    def obsolete_dependencies(self) -> Iterator[Dependency]:
        """The dependencies that stood before and are not needed, as they were known: one that
        another compile has put again since has another revision. Each once: of what the record and
        a rebuild know of it, what was stored last.
        """
        known = dict(self.begun.record.inputs)
        for dependency in self.begun.request.stray:
            known[dependency.input] = max(dependency.revision, known.get(dependency.input, 0))
        for name in sorted(known.keys() - self.inputs):
            yield Dependency(name, self.dag_id, known[name])

    @property
    def tasks(self) -> set[RowKey]:
        """The keys of the task rows that the enabled rows name."""
        return {
            task_key(task_id)
            for row in self.rows
            if row.enabled and isinstance(row, JobRow)
            for task_id in row.task_rows
        }

    @property
    def job_ids(self) -> set[str]:
        """The job ids that the enabled rows name."""
        return {
            job_id
            for row in self.rows
            if row.enabled and not isinstance(row, JobRow)
            for job_id in row.job_rows
        }

    @property
    def jobs(self) -> frozenset[str]:
        """The inputs of these jobs."""
        return frozenset(filter(is_job_input, self.inputs))

    @property
    def doubtful_jobs(self) -> frozenset[str]:
        """Those of which it has to be read whether other schedulers start them, too."""
        request, record = self.begun[:2]
        return doubtful_jobs(record, self.jobs, asked=request.sharing_changed)


class Inputs(NamedTuple):
    """What the DAGs in question are made of, as step 4 of the protocol read it: the rows that the
    claiming rows name; of the jobs' DAGs that schedulers start, those that are not published as
    their rows are now, and those that were not compiled since an enabled row claims them; and by
    the input of each doubtful job, the DAG ids of schedulers that start it (two are enough).
    """

    rows: Snapshot
    unpublished: Mapping[str, JobFile]
    uncompiled: frozenset[str]
    starters: Mapping[str, Collection[str]]


class DagPlan(NamedTuple):
    """What to do for a DAG id: the change of its file and of its record.

    `dag` is what its rows make; None where nothing had to be compiled.
    """

    claimed: Claimed
    change: FileChange
    dag: Dag | None = None

    @property
    def is_unseen(self) -> bool:
        """Whether it was taken for granted that there is no file, and no write will show it; where
        nobody has compiled the DAG, or where it comes to be disabled: its record warns of an object
        that is there all the same.
        """
        begun, change = self.claimed.begun, self.change
        if begun.looked or change.delete or change.text is not None:
            return False
        before, after = begun.record.state, change.record.state
        return not before or (after == State.DISABLED and before != State.DISABLED)


def claimed_by(begun: Begun, claims: Snapshot) -> Claimed:
    """Which of the candidates, as they stand in `claims`, claim the DAG id, and what they name."""
    in_doubt = is_in_doubt(begun.request, begun.record)
    try:
        rows = claims.claimants(begun.dag_id, begun.candidates)
        return Claimed(begun, rows, inputs_of(rows), in_doubt=in_doubt)
    except Exception as bug:  # noqa: BLE001  reported with the DAG: a bug blocks no other
        return Claimed(begun, (), frozenset(begun.record.inputs), bug, in_doubt)


def to_begin_again(claimed: Claimed, *, in_doubt: bool) -> Request:
    """The request, to begin again: of this attempt, if it is not in doubt, no call will come."""
    request, record = claimed.begun[:2]
    attempts = frozenset() if in_doubt else request.attempts | {record.revision}
    return request._replace(attempts=attempts)


def to_look(claimed: Claimed, *, repeated: bool = False) -> Again:
    """All again, with a look at the file: it is not what was taken for granted. `repeated` is
    whether a write may still be executed.
    """
    request = to_begin_again(claimed, in_doubt=repeated or claimed.in_doubt)
    return Again(request._replace(looks=True))


def plan_dag(
    claimed: Claimed,
    claims: Snapshot,
    inputs: Inputs,
    toolchain: Toolchain,
    *,
    now: datetime,
    file: str,
) -> DagPlan | Again:
    """What to do so that the file `file` (its URL) holds what the rows say.

    `claims` are the rows as step 2 of the protocol read them. Nothing is compiled where nothing has
    changed since the last compile. A scheduler waits for the first compile of its jobs: whether
    there is a file to start is not known before that.
    """
    if jobs := _uncompiled_jobs(claimed, inputs):
        return Again(to_begin_again(claimed, in_doubt=claimed.in_doubt), jobs)
    request, observed = claimed.begun.request, claimed.begun.observed
    begun = _with_what_it_reads(claimed, _shared_jobs(claimed, inputs))
    shared = {id_ for id_ in claimed.job_ids if job_input(id_) in begun.shared_jobs}
    others = OtherDags(inputs.unpublished, shared)
    made_of = dag_fingerprint(toolchain.fingerprint, claimed.rows, claims, inputs.rows, others)
    etag = observed.etag if observed else ""
    if claimed.bug:
        dag = failed(claimed.dag_id, min(claimed.begun.candidates), claimed.bug)
    elif is_up_to_date(begun, made_of, etag, settled=begun.revision - 1):
        unchanged = begun._replace(settled=begun.revision)
        return DagPlan(claimed, FileChange(None, delete=False, record=unchanged, drift=False))
    else:
        dag = compile_dag(claimed.dag_id, claimed.rows, inputs.rows, toolchain, others)
    # What a bug left, or a part of the rows, is not all the truth: the next rebuild looks again.
    is_all = not (dag.bug or claimed.begun.record.cut)
    begun = begun._replace(fingerprint=made_of if is_all else "")
    context = Context(now, request.edited_at, file, request.attempts)
    return DagPlan(claimed, change_for(dag, begun, observed, context), dag)


def _shared_jobs(claimed: Claimed, inputs: Inputs) -> frozenset[str]:
    """The inputs of the jobs that other schedulers start, too: as read, or as recorded. None, of a
    row without a usable name: it is no DAG.
    """
    if not is_named(claimed.dag_id):
        return frozenset()
    known = claimed.jobs - claimed.doubtful_jobs
    recorded = claimed.begun.record.shared_jobs & known
    own = {claimed.dag_id}
    return recorded | {job for job in claimed.jobs if set(inputs.starters.get(job, ())) - own}


def _with_what_it_reads(claimed: Claimed, shared_jobs: frozenset[str]) -> Record:
    """The record that has begun, with the rows that claim the DAG id, and the inputs."""
    record, standing = claimed.begun.record, claimed.begun.standing
    sources, is_cut = _listed(claimed)
    return record._replace(
        cut=1 if is_cut else None,
        sources=sources,
        shared_jobs=shared_jobs,
        leaving=frozenset(),
        inputs={name: standing.get(name, record.revision) for name in sorted(claimed.inputs)},
    )


def _uncompiled_jobs(claimed: Claimed, inputs: Inputs) -> tuple[Request, ...]:
    started = inputs.rows.started_by(claimed.rows)
    return tuple(
        Request(dag_id, frozenset({key_text(started[dag_id].row)}))
        for dag_id in sorted(started.keys() & inputs.uncompiled)
    )


def _listed(claimed: Claimed) -> tuple[frozenset[str], bool]:
    """The rows that the record lists as those that claim the DAG id; whether there may be more."""
    request, record = claimed.begun[:2]
    if claimed.bug:
        known = record.sources | request.sources
        listed = first_keys(sorted(known))
    else:
        known = frozenset(key_text(row.row) for row in claimed.rows)
        listed = sources_of(claimed.rows)
    return listed, bool(record.cut) or listed != known
