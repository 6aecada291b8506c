"""Says what can become of a DAG id that is to be compiled."""

from typing import NamedTuple

from dagc.plan.dag_plan import Claimed
from dagc.plan.record import Record
from dagc.plan.request import Request


class Outcome(NamedTuple):
    """A DAG that was compiled: its record before and after; whether its file was written or
    deleted; whether somebody else had changed the file; what the compiler itself raised, if it did;
    why the event of it was not taken, if one was due and was not; whether a call may still come, so
    that a second look is asked for.
    """

    before: Record
    after: Record
    written: bool = False
    deleted: bool = False
    drift: bool = False
    bug: Exception | None = None
    unannounced: Exception | None = None
    in_doubt: bool = False


class Failure(NamedTuple):
    """A DAG id or an input that nothing could be done for now: AWS failed, or others kept changing
    the DAG.
    """

    what: str
    error: Exception


class Unsettled(NamedTuple):
    """A DAG whose record is stored, but not settled until `schedulers` are compiled, to which it
    matters. Where that is not all that matters to others, `next_record` is stored then, and all is
    done again for the rest.
    """

    claimed: Claimed
    outcome: Outcome
    schedulers: tuple[Request, ...] = ()
    next_record: Record | None = None


class KeptChanging(Exception):  # noqa: N818  others keep writing; it is tried again
    """Other compiles of the same DAG came in between, time and again."""
