"""What becomes of DAGs when rows change: the function's own decisions, without its calls. Pure.

It goes the way of `apply/compile_dags.py` and `apply/protocol.py`, alone and in memory: jobs before
schedulers; a scheduler whose job was never compiled after that job; and, where a record says
something else than before, the schedulers to which that matters. What to do for each DAG, the same
`plan_dag` says as in the function.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from dagc.compiler import JOB, Snapshot, Toolchain, claiming_table, key_text, shared_jobs
from dagc.plan.dag_plan import Begun, Claimed, DagPlan, Inputs, claimed_by, plan_dag
from dagc.plan.file_change import FileChange, Observed, digest
from dagc.plan.inputs import input_of, is_storable, job_input
from dagc.plan.record import Record, concerns_schedulers, is_compiled, unpublished
from dagc.plan.request import Again, Request
from dagc.plan.sharing import changed_jobs, mistaken


@dataclass(frozen=True)
class World:
    """What there is at one moment: all `rows`; by DAG id the `records` and the `files`; by input
    the DAGs that read it (`readers`). The file of the DAG `X` is `<prefix>X.py`.
    """

    rows: Snapshot
    records: Mapping[str, Record]
    files: Mapping[str, Observed]
    readers: Mapping[str, frozenset[str]]
    prefix: str


@dataclass(frozen=True)
class Forecast:
    """What was decided for the DAGs that were seen to (`plans`), by DAG id; which other DAGs had
    asked for one (`causes`); and the `world` afterwards.
    """

    plans: Mapping[str, DagPlan]
    causes: Mapping[str, Collection[str]]
    world: World


def forecast(
    requests: Iterable[Request], world: World, toolchain: Toolchain, now: datetime
) -> Forecast:
    """What the function makes of `requests` in `world`. Each DAG that it comes to is compiled, also
    where its record says that nothing has changed, so that its text is known.
    """
    always = toolchain._replace(fingerprint=f"forecast of {toolchain.fingerprint}")
    run = _Run(world, always, now)
    run.to_rest(requests)
    return Forecast(run.plans, run.causes, run.world)


@dataclass
class _Run:
    """A world on its way to rest."""

    world: World
    toolchain: Toolchain
    now: datetime
    plans: dict[str, DagPlan] = field(default_factory=dict)
    causes: dict[str, set[str]] = field(default_factory=dict)
    waiting: dict[str, Request] = field(default_factory=dict)

    def __post_init__(self) -> None:
        world = self.world
        self.records, self.files = dict(world.records), dict(world.files)
        self.readers = dict(world.readers)
        self.world = replace(world, records=self.records, files=self.files, readers=self.readers)
        self.claims = world.rows.claims()
        shared = shared_jobs(self.claims)
        self.starters = {job_input(id_): ids for id_, ids in shared.items() if is_storable(id_)}

    def to_rest(self, requests: Iterable[Request]) -> None:
        """Compiles the DAGs that are asked for, and those to which that matters."""
        # Who else starts a job, the rows tell here: no scheduler goes by its record.
        self.waiting = {it.dag_id: it._replace(sharing_changed=True) for it in requests}
        while self.waiting:
            jobs = [dag_id for dag_id in self.waiting if claiming_table(dag_id) == JOB]
            for dag_id in sorted(jobs or self.waiting):
                self._compile(self.waiting.pop(dag_id))

    def _compile(self, request: Request) -> None:
        record = self.records.get(request.dag_id, Record(request.dag_id))
        before = record._replace(
            revision=record.revision + 1,
            sources=record.sources | request.sources | self._claimants(request.dag_id),
            cut=None,
            expires_at=None,
        )
        begun = Begun(request, before, self.files.get(request.dag_id))
        rows = self.world.rows
        claimed = claimed_by(begun, rows)
        file = f"{self.world.prefix}{request.dag_id}.py"
        plan = plan_dag(
            claimed, rows, self._inputs(claimed), self.toolchain, now=self.now, file=file
        )
        if isinstance(plan, Again):
            # A job that was seen to is seen to again: its row was not among those that claim it.
            for again in (*plan.first, plan.request):
                self.waiting.setdefault(again.dag_id, again._replace(sharing_changed=True))
            return
        self.plans[request.dag_id] = plan
        after = self._applied(request.dag_id, plan.change)
        self.records[request.dag_id] = after
        self._remember_inputs(before, after)
        self._ask(self._concerned(claimed, before, after), cause=request.dag_id)

    def _claimants(self, dag_id: str) -> frozenset[str]:
        """The rows that claim a DAG id now. The record may not know yet: their edits are on their
        way, and will have been seen to when all is at rest.
        """
        return frozenset(key_text(row.row) for row in self.claims.get(dag_id, ()))

    def _inputs(self, claimed: Claimed) -> Inputs:
        rows = self.world.rows
        dag_ids = rows.started_by(claimed.rows)
        known = [self.records[dag_id] for dag_id in dag_ids if dag_id in self.records]
        uncompiled = {id_ for id_ in dag_ids if not is_compiled(self.records.get(id_))}
        starters = {job: self.starters.get(job, ()) for job in claimed.doubtful_jobs}
        return Inputs(rows, unpublished(known), frozenset(uncompiled), starters)

    def _applied(self, dag_id: str, change: FileChange) -> Record:
        """Makes the change of the file; the record as it is then."""
        if change.delete:
            del self.files[dag_id]
        if change.text is None:
            return change.record
        etag = f"to be written: {digest(change.text)}"
        self.files[dag_id] = Observed(etag, digest(change.text))
        return change.record._replace(etag=etag)

    def _remember_inputs(self, before: Record, after: Record) -> None:
        for name in before.inputs.keys() - after.inputs.keys():
            self.readers[name] = self.readers.get(name, frozenset()) - {after.dag_id}
        for name in after.inputs:
            self.readers[name] = self.readers.get(name, frozenset()) | {after.dag_id}

    def _concerned(self, claimed: Claimed, before: Record, after: Record) -> list[Request]:
        """The schedulers to which it matters what the record of a DAG says now."""
        dag_ids: set[str] = set()
        if concerns_schedulers(before, after):
            for row in claimed.begun.candidates:
                dag_ids |= self.readers.get(input_of(row), frozenset())
        possible = {
            job: [self.records[id_] for id_ in self.readers.get(job, ()) if id_ in self.records]
            for job in changed_jobs(before, after)
        }
        dag_ids |= mistaken(possible)
        return [Request(dag_id, sharing_changed=True) for dag_id in sorted(dag_ids)]

    def _ask(self, requests: Iterable[Request], cause: str = "") -> None:
        """Adds DAGs to those that wait, but for those that were seen to: they know it all."""
        for request in requests:
            if request.dag_id in self.plans:
                continue
            self.waiting.setdefault(request.dag_id, request)
            if cause:
                self.causes.setdefault(request.dag_id, set()).add(cause)
