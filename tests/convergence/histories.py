"""Histories of edits, of their deliveries, and of what goes wrong meanwhile.

A hypothesis state machine on the emulated account. Edits happen while earlier ones are still under
way in invocations that run side by side, interleaved at their AWS calls; a batch may be delivered
twice; any call may fail in any way that AWS calls fail in, or be the last of its process; in some
histories the time of an invocation runs out after any two DAGs, in some EventBridge takes nothing,
or a batch is refused wherever one row is in it; Lambda then delivers again. In some, records list
next to nothing, so that all that rows have in common is more than they hold. Now and then a rebuild
runs, too. When all is delivered, everything must be as the rows say; after a rebuild, also told.
"""

from collections import Counter
from contextlib import ExitStack
from functools import partial
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from dagc.apply import compile_dags
from dagc.apply.edits import follow_records
from dagc.apply.rebuild import rebuild
from tests.convergence.deployed import deployment_on, toolchain
from tests.convergence.expectation import Expectation
from tests.convergence.little_room import little_room
from tests.convergence.outages import events_are_refused, one_is_refused
from tests.convergence.world import Row, narrowed, rows, sharing
from tests.emulator.aws import EDITED, Aws
from tests.emulator.faults import Faults, sometimes
from tests.emulator.interleaving import Interleaving
from tests.emulator.invocation import Invocation
from tests.emulator.lambda_service import LambdaService

_WRITES = {"s3.PutObject", "s3.DeleteObject", "dynamodb.BatchWriteItem", "dynamodb.PutItem"}
_CHUNK = compile_dags.CHUNK
SEEDS = st.integers(0, 2**32 - 1)


class Histories(RuleBasedStateMachine):
    """One history."""

    aws: Aws
    """One for the process: set by whoever runs the machine."""
    has_outages = True

    @initialize(seed=SEEDS)
    def begin(self, seed: int) -> None:
        """An empty account. Histories differ in kind: what goes wrong in one can heal in another,
        where a fault or a second delivery makes a compile begin again.
        """
        self.aws.reset()
        self.random = Random(seed)
        self.as_drawn = self.random.choice([None, narrowed, narrowed, sharing])
        self.has_rebuilds = self.random.random() < 0.3
        faults = self.random.choice([0, 0, 2, 6])
        duplicates = self.random.choice([None, 4])
        self.interleaving = Interleaving(self.random.randrange)
        self.faults = Faults(self.interleaving, sometimes(self.interleaving, 25, faults))
        self.aws.around[:] = [self.interleaving.around, self.faults.around]
        self._make_it_hard(Random(f"hard {seed}"))
        self.held: Invocation | None = None
        self.edits = 0
        self.deployment = deployment_on(self.aws, self.interleaving.in_parallel)
        self.lambda_service = LambdaService(
            self.aws, self.interleaving, self.handle, batch_size=4, duplicates=duplicates
        )
        self.rebuilds: list[Invocation] = []
        self.undoable: list[tuple[str, Row, Row | None]] = []
        self.rows: dict[tuple[str, ...], Row] = {}
        self.expectation = Expectation(self.aws, toolchain())

    def _make_it_hard(self, random: Random) -> None:
        """In some histories time runs out, or AWS refuses something for longer."""
        self.is_hurried = self.has_outages and random.random() < 0.3
        compile_dags.CHUNK = 2 if self.is_hurried else _CHUNK
        outage = random.choice([None, None, None, events_are_refused, one_is_refused])
        if self.has_outages and outage:
            self.aws.around.append(outage())
        self.room = ExitStack()
        if random.random() < 0.3:
            self.room.enter_context(little_room())

    def handle(self, event: dict[str, Any]) -> dict[str, Any]:
        """What `handlers/stream.py` does, without its log."""
        again = follow_records(event["Records"], self.deployment, self._has_time).resume_at
        return {"batchItemFailures": [{"itemIdentifier": again}] if again else []}

    def _has_time(self) -> bool:
        return not self.is_hurried or self.interleaving.draw(4) > 0

    @rule(row=rows())
    def put(self, row: tuple[str, Row]) -> None:
        """Creates or changes a row."""
        table, new = row
        new = self.as_drawn(table, new) if self.as_drawn else new
        self._edit(table, new, new)

    @rule(row=rows())
    def delete(self, row: tuple[str, Row]) -> None:
        """Deletes a row, if there is one with that key."""
        self._edit(*row, None)

    @precondition(lambda self: self.undoable)
    @rule()
    def undo(self) -> None:
        """The last edit is taken back: what is under way may have seen it, or not."""
        self._edit(*self.undoable.pop())
        self.undoable.pop()

    @precondition(lambda self: self._rows("mwaa_task"))
    @rule(seed=SEEDS)
    def change_a_task(self, seed: int) -> None:
        """What the DAGs read changes, while they are perhaps being compiled."""
        task = Random(seed).choice(self._rows("mwaa_task"))
        command = f"echo {seed % 3}"
        self._edit("mwaa_task", task, task | {"task_params": {"bash_command": command}})

    @precondition(lambda self: len(self._rows("mwaa_job")) > 1)
    @rule(seed=SEEDS)
    def swap_names(self, seed: int) -> None:
        """Two jobs swap their names, one edit after the other."""
        one, other = Random(seed).sample(self._rows("mwaa_job"), 2)
        self._edit("mwaa_job", one, one | {"job_name": other["job_name"]})
        self._edit("mwaa_job", other, other | {"job_name": one["job_name"]})

    @rule(seed=SEEDS, bursts=st.integers(1, 9))
    def deliver(self, seed: int, bursts: int) -> None:
        """Lambda starts invocations, and some of those that run go on, while others stand still."""
        self.random.seed(seed)
        for _ in range(bursts):
            self._burst()
        if not self._under_way():
            self.expectation.check()

    @precondition(lambda self: self.has_rebuilds)
    @rule()
    def start_a_rebuild(self) -> None:
        """Beside whatever runs."""
        if len(self.rebuilds) < 2:
            self._rebuild()

    @rule(seed=SEEDS)
    def settle(self, seed: int) -> None:
        """Everything is delivered, with faults to the end."""
        self.random.seed(seed)
        self._run_until_done()
        self.expectation.check()

    def teardown(self) -> None:
        """Everything is delivered; a rebuild then has nothing to write, a second nothing to do."""
        if not hasattr(self, "expectation"):
            return
        try:
            self._run_until_done()
            self.expectation.check()
            del self.aws.around[:]
            self.aws.calls.clear()
            rebuild(self.deployment)
            assert not {"s3.PutObject", "s3.DeleteObject"} & self.aws.calls.keys()
            assert self.expectation.dependencies() == self.expectation.needed_dependencies()
            self.expectation.check()
            assert all(row["settled"] == row["revision"] for row in self.aws.rows("mwaa_dag"))
            self.expectation.check_events()
            self.aws.calls.clear()
            rebuild(self.deployment)
            assert self.aws.calls.keys() == {"dynamodb.Scan", "s3.ListObjectsV2"}
        finally:
            self.aws.around.clear()
            self.interleaving.__exit__()
            compile_dags.CHUNK = _CHUNK
            self.room.close()

    def _edit(self, table: str, row: Row, new: Row | None) -> None:
        """Writes `new` where a row with the key of `row` is, or deletes it."""
        self.edits += 1
        key = (table, *(row[name] for name in EDITED[table]))
        self.undoable.append((table, row, self.rows.pop(key, None)))
        if new is None:
            self.aws.delete(table, row)
        else:
            self.aws.put(table, new)
            self.rows[key] = new
        self.expectation.edited()

    def _rows(self, table: str) -> list[Row]:
        return [row for (its_table, *_), row in sorted(self.rows.items()) if its_table == table]

    def happened(self) -> Counter[str]:
        """What the history was made of."""
        faults = Counter(f"fault: {fault.value}" for _, fault in self.faults.injected)
        counts = {"edits": self.edits, "AWS calls": len(self.interleaving.trace)}
        return faults + Counter({**counts, "invocations": self.lambda_service.started})

    def _run_until_done(self) -> None:
        while self._under_way():
            self._burst()

    def _under_way(self) -> bool:
        rest = self.lambda_service.startable() or self.interleaving.running or self.rebuilds
        return bool(rest)

    def _burst(self) -> None:
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
        self._retry_rebuilds()

    def _go_on(self, invocation: Invocation) -> None:
        hold = self.held is None and self.random.random() < 0.3
        for _ in range(self.random.choice([1, 3, 10, 30])):
            if hold and invocation.next_call in _WRITES and self.random.random() < 0.5:
                self.held = invocation
                break
            if not invocation.done:
                self.interleaving.advance(invocation)

    def _rebuild(self) -> None:
        run = partial(rebuild, self.deployment, has_time=self._has_time)
        self.rebuilds.append(self.interleaving.start("rebuild", run))

    def _retry_rebuilds(self) -> None:
        """Starts those again that failed, as `handlers/rebuild.py` and Lambda do together."""
        for ended in [run for run in self.rebuilds if run.done]:
            self.rebuilds.remove(ended)
            if ended.error or ended.result.failures or ended.result.unread:
                self._rebuild()
