"""An edit whose process ends, after each of its AWS calls in turn, and whose event comes again."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from dagc.apply.edits import follow_records
from tests.convergence.deployed import Follower, deployment_on, toolchain
from tests.convergence.expectation import Expectation
from tests.emulator.aws import Aws
from tests.emulator.faults import Fault, Faults, at
from tests.emulator.interleaving import Interleaving

Row = tuple[str, dict[str, Any]]
"""A table, and a row of it."""


class Change(NamedTuple):
    """The rows before, and the row that is then put, or deleted."""

    before: Iterable[Row]
    row: Row
    is_put: bool = True


def crash_everywhere(aws: Aws, *changes: Change) -> None:
    """Whatever the call after which the process ends, all is as the rows say in the end."""
    for change in changes:
        crashed, at_call = True, 0
        while crashed:
            at_call += 1
            crashed, expectation = _crash(aws, change, at_call)
            expectation.check()


def _crash(aws: Aws, change: Change, at_call: int) -> tuple[bool, Expectation]:
    """The change, whose invocation ends after so many calls, if it does not end before; and then
    its event is delivered again.
    """
    aws.reset()
    with Interleaving(lambda _: 0) as run:
        deployed = Follower(aws, deployment_on(aws, run.in_parallel))
        expectation = Expectation(aws, toolchain())
        for table, row in change.before:
            aws.put(table, row)
            expectation.edited()
        deployed.follow()
        (aws.put if change.is_put else aws.delete)(*change.row)
        expectation.edited()
        new = deployed.records()
        faults = Faults(run, at({("edit", at_call): Fault.CRASH_AFTER}))
        aws.around[:] = [run.around, faults.around]
        invocation = run.start("edit", lambda: follow_records(new, deployed.deployment))
        while not invocation.done:
            run.advance(invocation)
        aws.around.clear()
        follow_records(new, deployed.deployment)
    return bool(faults.injected), expectation
