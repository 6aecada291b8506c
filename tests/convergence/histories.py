"""Histories of edits, of their deliveries, and of what goes wrong meanwhile.

A hypothesis state machine on the emulated account. Edits happen while earlier ones are still under
way in invocations that run side by side, interleaved at their AWS calls; a batch may be delivered
twice; any call may fail in any way that AWS calls fail in, or be the last of its process; a write
that its client gave up may be executed later, at any time until all is quiet; in some
histories the time of an invocation runs out after any two DAGs, in some EventBridge takes nothing,
or a batch is refused wherever one row is in it; Lambda then delivers again. In some, records list
next to nothing, so that all that rows have in common is more than they hold. Now and then a rebuild
runs, too. When all is delivered, everything must be as the rows say; after a rebuild, also told.
"""

from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from dagc.apply import compile_dags
from dagc.apply.deployment import Deployment
from dagc.apply.edits import follow_records
from dagc.apply.rebuild import rebuild
from dagc.compiler import Target, Toolchain
from tests.convergence import kinds
from tests.convergence.deployed import deployment_on, toolchain, tools_for
from tests.convergence.expectation import Expectation
from tests.convergence.kinds import Kind
from tests.convergence.little_room import little_room
from tests.convergence.outages import events_are_refused, one_is_refused
from tests.convergence.under_way import UnderWay
from tests.convergence.world import Row, rows
from tests.emulator.aws import EDITED
from tests.emulator.faults import Faults, sometimes
from tests.emulator.interleaving import Interleaving
from tests.emulator.lambda_service import LambdaService

_CHUNK = compile_dags.CHUNK
BEFORE = tools_for(Target(2, 10))
"""What the function before compiles with, where another is deployed."""
SEEDS = st.integers(0, 2**32 - 1)


class Histories(UnderWay):
    """One history."""

    always = frozenset[Kind]()
    """The kinds of which each history is, whatever is drawn."""

    @initialize(seed=SEEDS)
    def begin(self, seed: int) -> None:
        """An empty account. Histories differ in kind: what goes wrong in one can heal in another,
        where a fault or a second delivery makes a compile begin again.
        """
        self.aws.reset()
        self.random = Random(seed)
        self.kinds = self.always
        if not self.is_plain:
            self.kinds |= kinds.drawn(Random(f"kinds {seed}"))
        self.as_drawn = kinds.world(self.kinds, self.random)
        self.has_rebuilds = Kind.CUT_OFF in self.kinds or self.random.random() < 0.3
        faults = self.random.choice([0, 0, 2, 6])
        duplicates = self.random.choice([None, 4])
        self.interleaving = Interleaving(self.random.randrange)
        never = kinds.LATE if self.is_plain else ()
        plan = sometimes(self.interleaving, 25, faults, never)
        if Kind.LATE in self.kinds:
            plan = kinds.late(self.interleaving, 6, 12)
        self.faults = Faults(self.interleaving, plan)
        self.aws.around[:] = [self.interleaving.around, self.faults.around]
        if Kind.PILED in self.kinds:
            kinds.pile_up(self.aws)
        self._make_it_hard(Random(f"hard {seed}"))
        self.nothing_is_under_way()
        self.edits = 0
        self.clock = datetime.now(UTC)
        self.is_old = Kind.DEPLOYED in self.kinds
        self.deployment = self._deployed(BEFORE if self.is_old else toolchain())
        self.lambda_service = LambdaService(
            self.aws, self.interleaving, self.handle, batch_size=4, duplicates=duplicates
        )
        self.undoable: list[tuple[str, Row, Row | None]] = []
        self.rows: dict[tuple[str, ...], Row] = {}
        self.expectation = Expectation(self.aws, self.deployment.toolchain)
        if Kind.CROWDED in self.kinds:
            for row, is_gone in kinds.crowd(self.random):
                self._edit("mwaa_job", row, row)
                if is_gone:
                    self._edit("mwaa_job", row, None)

    def _make_it_hard(self, random: Random) -> None:
        """In some histories time runs out, or AWS refuses something for longer."""
        self.is_hurried = not self.is_plain and random.random() < 0.3
        self.is_hurried |= Kind.CUT_OFF in self.kinds
        compile_dags.CHUNK = 2 if self.is_hurried else _CHUNK
        outage = random.choice([None, None, None, events_are_refused, one_is_refused])
        if not self.is_plain and outage:
            self.aws.around.append(outage())
        self.room = ExitStack()
        if random.random() < 0.3:
            self.room.enter_context(little_room())

    def _deployed(self, tools: Toolchain) -> Deployment:
        deployment = deployment_on(self.aws, self.interleaving.in_parallel, tools)
        return deployment._replace(now=self._now)

    def _now(self) -> datetime:
        self.clock += timedelta(milliseconds=1)
        return self.clock

    def handle(self, event: dict[str, Any]) -> dict[str, Any]:
        """What `handlers/stream.py` does, without its log; as deployed when it begins."""
        again = follow_records(event["Records"], self.deployment, self.has_time).resume_at
        return {"batchItemFailures": [{"itemIdentifier": again}] if again else []}

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

    @precondition(lambda self: self.rows and {Kind.EXPIRING, Kind.CROWDED} & self.kinds)
    @rule(seed=SEEDS)
    def expire(self, seed: int) -> None:
        """DynamoDB deletes a row; before that, a month after all was quiet, what remembers DAGs."""
        if not self.is_under_way():
            for record in self.aws.rows("mwaa_dag"):
                if "expires_at" in record:
                    self.aws.delete("mwaa_dag", record)
        key = Random(seed).choice(sorted(self.rows))
        self._edit(key[0], self.rows[key], None)
        kinds.expired(self.aws.stream(key[0])[-1])

    @precondition(lambda self: self.is_old)
    @rule()
    def deploy(self) -> None:
        """Another function from now on; invocations of this one run to their end. A rebuild."""
        self.is_old = False
        self.deployment = self._deployed(toolchain())
        self.expectation.deployed(self.deployment.toolchain)
        self.start_rebuild()

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
            self.burst()
        if not self.is_under_way():
            self.expectation.check()

    @precondition(lambda self: self.has_rebuilds)
    @rule()
    def start_a_rebuild(self) -> None:
        """Beside whatever runs."""
        if len(self.rebuilds) < 2:
            self.start_rebuild()

    @rule(seed=SEEDS)
    def settle(self, seed: int) -> None:
        """Everything is delivered, with faults to the end."""
        self.random.seed(seed)
        self.run_until_done()
        self.expectation.check()

    def teardown(self) -> None:
        """Everything is delivered; a rebuild then has nothing to write, a second nothing to do."""
        if not hasattr(self, "expectation"):
            return
        try:
            self.run_until_done()
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
            assert self.aws.calls.pop("dynamodb.BatchGetItem") == 1  # of the toolchain
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
        counts = {
            "edits": self.edits,
            "AWS calls": len(self.interleaving.trace),
            "late calls executed": self.arrived,
            "rebuilds cut off": self.cut_off,
        }
        counts |= {f"histories: {kind.value}": 1 for kind in self.kinds}
        return faults + Counter({**counts, "invocations": self.lambda_service.started})
