"""What is under way in a history, and goes on a little with each burst: invocations that compile,
rebuilds, second looks, and calls that come late.
"""

from datetime import datetime, timedelta
from random import Random

from hypothesis.stateful import RuleBasedStateMachine

from dagc.apply.deployment import Deployment
from dagc.apply.rebuild import rebuild
from dagc.apply.second_looks import look_again
from dagc.aws import INFRASTRUCTURE
from dagc.aws.dependency_table import SECOND_LOOKS
from dagc.plan.second_look import LATEST
from tests.convergence.kinds import Kind
from tests.emulator.aws import Aws
from tests.emulator.faults import Faults
from tests.emulator.interleaving import Interleaving
from tests.emulator.invocation import Crash, Invocation
from tests.emulator.lambda_service import LambdaService

_WRITES = {"s3.PutObject", "s3.DeleteObject", "dynamodb.BatchWriteItem", "dynamodb.PutItem"}


class UnderWay(RuleBasedStateMachine):
    """What runs, or will; which of it goes on, `random` says."""

    aws: Aws
    """One for the process: set by whoever runs the machine."""
    is_plain = False
    """Whether nothing fails for longer, no call comes late, and no look repairs anything."""
    random: Random
    kinds: frozenset[Kind]
    is_hurried: bool
    clock: datetime
    deployment: Deployment
    interleaving: Interleaving
    faults: Faults
    lambda_service: LambdaService

    def nothing_is_under_way(self) -> None:
        """At the beginning."""
        self.held: Invocation | None = None
        self.look: Invocation | None = None
        self.rebuilds: list[Invocation] = []
        self.arrived = self.cut_off = 0

    def has_time(self) -> bool:
        """Whether an invocation goes on to the next chunk of DAGs."""
        return not self.is_hurried or self.interleaving.draw(4) > 0

    def run_until_done(self) -> None:
        """Until all is quiet."""
        while self.is_under_way():
            self.burst()

    def is_under_way(self) -> bool:
        """Whether something is still to be done, a second look included."""
        return self._is_busy() or self._looks()

    def _is_busy(self) -> bool:
        """Whether something runs, or has to, or a call can still come."""
        rest = self.lambda_service.startable() or self.interleaving.running or self.rebuilds
        return bool(rest or self.faults.late)

    def _looks(self) -> bool:
        """Whether second looks are asked for."""
        rows = self.aws.rows("mwaa_dag_dependency")
        return any(row["input"] == SECOND_LOOKS for row in rows)

    def burst(self) -> None:
        """One invocation does some calls, all others none. Now and then one is held where it is
        about to write, and the others overtake it.
        """
        startable = self.lambda_service.startable()
        if startable and (not self.interleaving.running or self.random.random() < 0.5):
            self.lambda_service.start(self.random.choice(startable))
        others = [
            invocation for invocation in self.interleaving.running if invocation is not self.held
        ]
        if not others or self.random.random() < 0.1:
            self.held = None
        if self.interleaving.running:
            self._go_on(self.random.choice(others or self.interleaving.running))
        if not self.is_plain:
            self._arrive()
            self._look_again()
        self._retry_rebuilds()

    def _arrive(self) -> None:
        """Now and then a call comes late; all have come when nothing else is under way."""
        if self.faults.late and (not self.interleaving.running or self.random.random() < 0.05):
            self.faults.arrive(self.random.randrange(len(self.faults.late)))
            self.arrived += 1

    def _look_again(self) -> None:
        """Takes second looks: now and then; and the last ones when all else is quiet."""
        is_last = not self._is_busy() and self._looks()
        if is_last:
            self.clock += timedelta(seconds=LATEST)
        if is_last or (self.random.random() < 0.05 and (self.look is None or self.look.done)):
            self.look = self.interleaving.start(
                "second look", lambda: look_again(self.deployment, self.has_time)
            )

    def _go_on(self, invocation: Invocation) -> None:
        hold = self.held is None and self.random.random() < 0.3
        for _ in range(self.random.choice([1, 3, 10, 30])):
            if hold and invocation.next_call in _WRITES and self.random.random() < 0.5:
                self.held = invocation
                break
            if not invocation.done:
                self.interleaving.advance(invocation)
                _only_aws_fails(invocation)

    def start_rebuild(self) -> None:
        """Beside whatever runs; of the function that is deployed when it begins."""
        self.rebuilds.append(
            self.interleaving.start(
                "rebuild", lambda: rebuild(self.deployment, has_time=self.has_time)
            )
        )

    def _retry_rebuilds(self) -> None:
        """Starts those again that failed, as `handlers/rebuild.py` and Lambda do together."""
        for ended in [run for run in self.rebuilds if run.done]:
            self.rebuilds.remove(ended)
            if ended.result is None or ended.result.failures or ended.result.unread:
                self.start_rebuild()
        if Kind.CUT_OFF in self.kinds and self.rebuilds and self.random.random() < 0.05:
            self.interleaving.end(self.random.choice(self.rebuilds))
            self.cut_off += 1


def _only_aws_fails(invocation: Invocation) -> None:
    """Lambda starts again whatever failed, which heals what is no fault of AWS's, too."""
    is_awss = isinstance(invocation.error, (type(None), Crash, *INFRASTRUCTURE))
    assert is_awss, f"a bug ended {invocation.name}: {invocation.error!r}"
