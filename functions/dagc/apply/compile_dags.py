"""Compiles the DAGs that are asked for, and the schedulers that have to be compiled after them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

from dagc.apply.deployment import Deployment
from dagc.apply.protocol import settle_told, seven_steps
from dagc.apply.results import Failure, KeptChanging, Outcome, Unsettled
from dagc.aws.batches import chunks
from dagc.compiler import JOB, SCHEDULER, claiming_table
from dagc.plan.request import Again, Request

CHUNK = 200
"""DAGs that go through the steps together: enough to fill batches and threads, few enough for
memory, and for little to be done again where something fails.
"""
ATTEMPTS = 12


class Compiled(NamedTuple):
    """What became of DAGs: those for which no time was left are `unreached`."""

    outcomes: tuple[Outcome, ...]
    failures: tuple[Failure, ...]
    unreached: frozenset[str]


def compile_dags(
    requests: Iterable[Request],
    deployment: Deployment,
    has_time: Callable[[], bool] = lambda: True,
) -> Compiled:
    """Compiles the DAGs that are asked for, a chunk at a time, in the order of `requests`, as long
    as there is time for another chunk.

    A failure of AWS fails the DAGs that it concerned, and those that wait for them: no others.
    """
    outcomes: list[Outcome] = []
    failures: list[Failure] = []
    left: list[Request] = []
    for chunk in chunks(requests, CHUNK):
        if left or not has_time():
            left += chunk
            continue
        ended = _compile_chunk(chunk, deployment)
        outcomes += ended.outcomes
        failures += ended.failures.values()
    # Also those that a job of an earlier chunk asked for: not with all that their request says.
    unreached = frozenset(request.dag_id for request in left)
    return Compiled(tuple(outcomes), tuple(failures), unreached)


@dataclass(slots=True)
class _Chunk:
    """DAGs on their way: those that wait for their turn, by DAG id; those whose record waits for
    schedulers; and what became of the others.
    """

    waiting: dict[str, Request]
    unsettled: list[Unsettled] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    failures: dict[str, Failure] = field(default_factory=dict)

    def next(self, table: str) -> list[Request]:
        """The DAGs whose turn it is among those that rows of `table` claim."""
        turn = [dag_id for dag_id in sorted(self.waiting) if claiming_table(dag_id) == table]
        return [self.waiting.pop(dag_id) for dag_id in turn]

    def next_asked(self) -> list[Request]:
        """The schedulers that others have asked for."""
        turn = [dag_id for dag_id in sorted(self.waiting) if self.waiting[dag_id].sharing_changed]
        return [self.waiting.pop(dag_id) for dag_id in turn]

    def take(self, result: Outcome | Failure | Again | Unsettled) -> None:
        """Files what became of a DAG, and adds what has to be done for that."""
        match result:
            case Outcome():
                self.outcomes.append(result)
            case Failure():
                self.failures[result.what] = result
            case Again(request, first):
                failed = [self.failures[job.dag_id] for job in first if job.dag_id in self.failures]
                if failed:
                    self.take(Failure(request.dag_id, failed[0].error))
                else:
                    self.waiting[request.dag_id] = request
                    self._add(first)
            case Unsettled():
                self.unsettled.append(result)
                self._add(result.schedulers)

    def settle(self, deployment: Deployment) -> None:
        """Settles the jobs whose schedulers are compiled, and fails those where that failed."""
        unsettled, self.unsettled = self.unsettled, []
        ready: list[Unsettled] = []
        for job in unsettled:
            dag_ids = [request.dag_id for request in job.schedulers]
            failed = [self.failures[dag_id] for dag_id in dag_ids if dag_id in self.failures]
            if failed:
                self.take(Failure(job.claimed.dag_id, failed[0].error))
            elif self.waiting.keys() & set(dag_ids):
                self.unsettled.append(job)
            else:
                ready.append(job)
        for result in deployment.in_parallel(lambda job: settle_told(job, deployment), ready):
            self.take(result)

    def _add(self, requests: Iterable[Request]) -> None:
        """Adds requests; of one for a DAG that waits already, only that its sharing changed."""
        for request in requests:
            waiting = self.waiting.setdefault(request.dag_id, request)
            if request.sharing_changed:
                self.waiting[request.dag_id] = waiting._replace(sharing_changed=True)


def _compile_chunk(requests: Iterable[Request], deployment: Deployment) -> _Chunk:
    """Takes the requests through the steps, side by side, jobs before schedulers; and again what
    was disturbed or has to be compiled once more.
    """
    chunk = _Chunk({request.dag_id: request for request in requests})
    for attempt in range(ATTEMPTS):
        if attempt:
            deployment.pause(attempt)
        for turn in (partial(chunk.next, JOB), partial(chunk.next, SCHEDULER), chunk.next_asked):
            for result in seven_steps(turn(), deployment):
                chunk.take(result)
        chunk.settle(deployment)
        if not chunk.waiting and not chunk.unsettled:
            break
    for dag_id in [*chunk.waiting, *(job.claimed.dag_id for job in chunk.unsettled)]:
        message = f"{dag_id} was compiled elsewhere during each of {ATTEMPTS} attempts"
        chunk.take(Failure(dag_id, KeptChanging(message)))
    return chunk
